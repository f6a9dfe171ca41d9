package destination

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/http/httptrace"
	"strings"
	"sync/atomic"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/config/confighttp"
	"go.opentelemetry.io/collector/exporter/exporterhelper"
	spb "google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/protobuf/proto"
)

const (
	// Protobuf is the media type of OTLP.
	Protobuf = "application/x-protobuf"
	// maxAnswer is how much of an answer is read, in bytes.
	maxAnswer = 64 << 10
	// maxPause bounds the pause that a destination asks for.
	maxPause = 5 * time.Minute
)

// Client posts to a destination over HTTP, and says what its answers mean. It follows
// no redirect: requests hold credentials, and a redirected POST arrives as a GET.
type Client struct {
	// name is what the destination is called in errors.
	name     string
	http     *http.Client
	patience *patience
}

// NewClient returns the client of a destination that errors call so.
func NewClient(ctx context.Context, name string, cfg confighttp.ClientConfig, host component.Host, set component.TelemetrySettings) (*Client, error) {
	patience := newPatience(cfg.Timeout)
	cfg.Timeout = 0 // each request has its own
	client, err := cfg.ToClient(ctx, host.GetExtensions(), set)
	if err != nil {
		return nil, secrets{}.scrubError(err)
	}
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &Client{name: name, http: client, patience: patience}, nil
}

// Close ends the connections that are kept.
func (c *Client) Close() {
	if c != nil {
		c.http.CloseIdleConnections()
	}
}

// Answer is what a destination says to a request.
type Answer struct {
	Status int
	Header http.Header
	// Body is its beginning.
	Body []byte
	// request holds secrets, which an answer may quote, and sent is the same with what
	// the configured authenticator has added.
	request, sent *http.Request
}

// Printable returns a text of the answer as it may be printed.
func (a *Answer) Printable(text string) string {
	all := secretsOf(a.request)
	if a.sent != nil {
		all = append(all, secretsOf(a.sent)...)
	}
	return all.scrub(text)
}

// Post sends a body. It returns the answer, if there is one, and an error unless the
// destination has taken the body.
func (c *Client) Post(ctx context.Context, url string, header http.Header, body []byte) (*Answer, error) {
	timeout, connected := c.patience.timeout(), atomic.Bool{}
	trying, cancel := bounded(ctx, timeout)
	defer cancel()
	traced := withCarried(trying, &httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) { connected.Store(true) }})
	request, err := http.NewRequestWithContext(traced, http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		return nil, secrets{}.scrubError(err)
	}
	request.Header = header
	begun := time.Now()
	response, err := c.http.Do(request)
	if err != nil {
		if connected.Load() && trying.Err() != nil && ctx.Err() == nil {
			c.patience.exceeded(timeout)
			err = fmt.Errorf("%s has not answered within our own time (timeout: %s); the next try waits for %s", c.name, timeout, c.patience.timeout())
			return nil, &Refusal{verdict: Unreachable, text: err.Error()}
		}
		return nil, fmt.Errorf("cannot reach %s at %s: %w", c.name, request.URL.Host, secretsOf(request).scrubError(err))
	}
	c.patience.answered(time.Since(begun))
	text, readErr := io.ReadAll(io.LimitReader(response.Body, maxAnswer))
	_ = response.Body.Close()
	answer := &Answer{Status: response.StatusCode, Header: response.Header, Body: text, request: request, sent: response.Request}
	verdict := answer.verdict()
	if verdict == Taken {
		return answer, nil // also if the answer could not be read: the body has been taken
	}
	err = &Refusal{verdict: verdict, text: c.refusal(response, answer, verdict)}
	if pause, _ := RetryAfter(response.Header, time.Now(), maxPause); pause > 0 {
		err = exporterhelper.NewThrottleRetry(err, pause)
	}
	if readErr != nil && !verdict.OfContent() {
		err = errors.Join(err, secretsOf(request).scrubError(readErr))
	}
	return answer, err
}

// bounded returns a context with a timeout, if there is one.
func bounded(ctx context.Context, timeout time.Duration) (context.Context, context.CancelFunc) {
	if timeout <= 0 {
		return context.WithCancel(ctx)
	}
	return context.WithTimeout(ctx, timeout)
}

// verdict says what the answer means. A page for people comes from a login or a portal
// that stands in between, which has taken nothing.
func (a *Answer) verdict() Verdict {
	if verdict := OfStatus(a.Status); verdict != Taken || !a.isPage() {
		return verdict
	}
	return SenderRefused
}

// isPage reports whether the answer is one for people. Destinations answer in
// protobuf, JSON, a few words, or with nothing.
func (a *Answer) isPage() bool {
	media, _, _ := mime.ParseMediaType(a.Header.Get("Content-Type"))
	if media == "text/html" || media == "application/xhtml+xml" {
		return true
	}
	return strings.HasPrefix(http.DetectContentType(bytes.TrimSpace(a.Body)), "text/html")
}

// refusal describes an answer. Why a record is refused for what it is may quote it.
func (c *Client) refusal(response *http.Response, answer *Answer, verdict Verdict) string {
	text := fmt.Sprintf("%s answered %d %s", c.name, answer.Status, http.StatusText(answer.Status))
	switch {
	case verdict.OfContent():
		return text
	case answer.Status/100 == 2:
		return text + " with a page for people, and has taken nothing: is there a login, a portal or a proxy in between?"
	case answer.Status/100 == 3:
		if target, err := response.Location(); err == nil {
			target.User, target.RawQuery, target.Fragment = nil, "", ""
			text += " to " + target.Scheme + "://" + target.Host + answer.Printable(target.EscapedPath())
		}
		return text + "; redirects are not followed: is the address right?"
	}
	if message := answer.Printable(answer.message()); message != "" {
		text += ": " + message
	}
	return text
}

// message returns the text of the answer. Destinations answer in protobuf (OTLP 1.9,
// "Failures"), or in a text of their own.
func (a *Answer) message() string {
	if strings.HasPrefix(a.Header.Get("Content-Type"), Protobuf) {
		status := &spb.Status{}
		if proto.Unmarshal(a.Body, status) == nil {
			return status.GetMessage()
		}
	}
	return string(a.Body)
}

// Refusal is an answer that is no success, or none in time.
type Refusal struct {
	verdict Verdict
	text    string
}

func (r *Refusal) Error() string { return r.text }

// NewRefusal returns what a destination has said in a way of its own.
func NewRefusal(verdict Verdict, text string) *Refusal { return &Refusal{verdict: verdict, text: text} }

// Verdict says what it means.
func (r *Refusal) Verdict() Verdict { return r.verdict }
