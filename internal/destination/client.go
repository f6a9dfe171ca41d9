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
)

const (
	// Protobuf is the media type of OTLP.
	Protobuf = "application/x-protobuf"
	// maxAnswer is how much of an answer is read, in bytes. Loki writes a line for each
	// record that it refuses.
	maxAnswer = 1 << 20
	// maxPause bounds the pause that a destination asks for.
	maxPause = 5 * time.Minute
)

// Client posts to a destination over HTTP, and says what its answers mean. It follows
// no redirect: requests hold credentials, and a redirected POST arrives as a GET.
type Client struct {
	// name is what the destination is called in errors.
	name     string
	codings  *codings
	patience *patience
}

// NewClient returns the client of a destination that errors call so. Bodies are
// compressed as configured, and less where the destination does not know that.
func NewClient(ctx context.Context, name string, cfg confighttp.ClientConfig, host component.Host, set component.TelemetrySettings) (*Client, error) {
	codings, err := newCodings(ctx, cfg, host, set)
	if err != nil {
		return nil, err
	}
	return &Client{name: name, codings: codings, patience: newPatience(cfg.Timeout)}, nil
}

// Close ends the connections that are kept.
func (c *Client) Close() {
	if c != nil {
		c.codings.close()
	}
}

// Answer is what a destination says to a request.
type Answer struct {
	Status int
	Header http.Header
	// Body is its beginning.
	Body []byte
	// request holds secrets, which an answer may quote, and sent is the same with what
	// the configured authenticator has added. body is what was sent, uncompressed.
	request, sent *http.Request
	body          []byte
}

// Printable returns a text of the answer as it may be printed: without secrets, and
// without what it quotes of the records.
func (a *Answer) Printable(text string) string {
	all := secretsOf(a.request)
	if a.sent != nil {
		all = append(all, secretsOf(a.sent)...)
	}
	return all.scrub(withoutQuotes(text, a.body))
}

// Post sends a body. It returns the answer, if there is one, and an error unless the
// destination has taken the body.
func (c *Client) Post(ctx context.Context, url string, header http.Header, body []byte) (*Answer, error) {
	for {
		coding, number := c.codings.now()
		answer, err := c.post(ctx, coding, url, header.Clone(), body)
		if answer == nil || !coding.isUnknown(answer) || !c.codings.next(number) {
			return answer, err
		}
	}
}

// post sends a body in a coding.
func (c *Client) post(ctx context.Context, coding *coding, url string, header http.Header, body []byte) (*Answer, error) {
	encoded, err := coding.encode(body, header)
	if err != nil {
		return nil, fmt.Errorf("cannot compress records: %w", err)
	}
	timeout, connected := c.patience.timeout(), atomic.Bool{}
	trying, cancel := bounded(ctx, timeout)
	defer cancel()
	traced := withCarried(trying, &httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) { connected.Store(true) }})
	request, err := http.NewRequestWithContext(traced, http.MethodPost, url, bytes.NewReader(encoded))
	if err != nil {
		return nil, secrets{}.scrubError(err)
	}
	request.Header = header
	begun := time.Now()
	response, err := coding.http.Do(request)
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
	answer := &Answer{Status: response.StatusCode, Header: response.Header, Body: text, request: request, sent: response.Request, body: body}
	verdict := answer.verdict()
	if verdict == Taken {
		return answer, nil // also if the answer could not be read: the body has been taken
	}
	err = c.refusal(response, answer, verdict)
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

// refusal describes an answer.
func (c *Client) refusal(response *http.Response, answer *Answer, verdict Verdict) *Refusal {
	r := &Refusal{verdict: verdict, status: answer.Status, text: fmt.Sprintf("%s answered %d %s", c.name, answer.Status, http.StatusText(answer.Status))}
	switch class := answer.Status / 100; {
	case class == 2 && answer.isPage():
		r.text += " with a page for people, and has taken nothing: is there a login, a portal or a proxy in between?"
	case class == 3:
		if target, err := response.Location(); err == nil {
			target.User, target.RawQuery, target.Fragment = nil, "", ""
			r.text += " to " + target.Scheme + "://" + target.Host + answer.Printable(target.EscapedPath())
		}
		r.text += "; redirects are not followed: is the address right?"
	default:
		if r.answer = answer.Printable(answer.message()); r.answer != "" {
			r.text += ": " + r.answer
		}
	}
	return r
}

// Refusal is an answer that is no success, or none in time.
type Refusal struct {
	verdict Verdict
	text    string
	// status is that of the answer, and answer its text without secrets, if there is one.
	status int
	answer string
}

func (r *Refusal) Error() string { return r.text }

// NewRefusal returns what a destination has said in a way of its own.
func NewRefusal(verdict Verdict, text string) *Refusal {
	return &Refusal{verdict: verdict, answer: text, text: text}
}

// Verdict says what it means.
func (r *Refusal) Verdict() Verdict { return r.verdict }

// causeOf returns why records are refused, by the error of their last try.
func causeOf(err error) Cause {
	cause := Cause{Reason: refused, Answer: err.Error()}
	if OfError(err) == TooLong {
		cause.Reason = tooLong
	}
	if r := (*Refusal)(nil); errors.As(err, &r) {
		cause.Status, cause.Answer = r.status, r.answer
	}
	return cause
}
