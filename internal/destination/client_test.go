package destination

import (
	"context"
	"encoding/base64"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/config/confighttp"
)

const secret = "s3cret-T0ken-4711"

// newClient returns a client of a server that answers so.
func newClient(t *testing.T, timeout time.Duration, answer http.HandlerFunc) (*Client, string) {
	server := httptest.NewServer(answer)
	t.Cleanup(server.Close)
	cfg := confighttp.NewDefaultClientConfig()
	cfg.Timeout = timeout
	client, err := NewClient(t.Context(), "the destination", cfg, componenttest.NewNopHost(), componenttest.NewNopTelemetrySettings())
	require.NoError(t, err)
	t.Cleanup(client.Close)
	return client, server.URL
}

func TestAnswerSaysWhatBecomesOfRecords(t *testing.T) {
	for name, test := range map[string]struct {
		status int
		media  string
		body   string
		want   Verdict
	}{
		"empty":                      {200, "", "", Taken},
		"protobuf":                   {200, Protobuf, "\x0a\x00", Taken},
		"JSON":                       {200, "application/json", "{}", Taken},
		"Sentry's":                   {200, "application/json", `{"id":"0f8fad5b"}`, Taken},
		"a word":                     {202, "text/plain", "ok", Taken},
		"no content":                 {204, "", "", Taken},
		"a page":                     {200, "text/html; charset=utf-8", "<p>Sign in", SenderRefused},
		"an empty page":              {200, "text/html", "", SenderRefused},
		"a page that says it is not": {200, "application/json", "\n <!doctype html><title>Portal</title>", SenderRefused},
		"a page without a type":      {200, "", "<html><body>Log in</body></html>", SenderRefused},
		"XHTML":                      {200, "application/xhtml+xml", "<?xml version='1.0'?>", SenderRefused},
		"a page of a gateway":        {502, "text/html", "<html>Bad gateway</html>", Unreachable},
		"a page of a firewall":       {403, "text/html", "<html>Blocked</html>", SenderRefused},
		"refused":                    {400, "application/json", "{}", ContentRefused},
		"of another type":            {415, "", "", SenderRefused},
		"too long":                   {413, "text/html", "<html>nginx</html>", TooLong},
		"too many":                   {429, "", "", Throttled},
	} {
		t.Run(name, func(t *testing.T) {
			client, url := newClient(t, 0, func(w http.ResponseWriter, _ *http.Request) {
				w.Header()["Content-Type"] = []string{test.media}
				w.WriteHeader(test.status)
				_, _ = io.WriteString(w, test.body)
			})
			_, err := client.Post(t.Context(), url, http.Header{}, []byte("records"))
			assert.Equal(t, test.want, OfError(err), err)
		})
	}
}

func TestRedirectIsNotFollowed(t *testing.T) {
	for _, status := range []int{301, 302, 303, 307, 308} {
		var followed atomic.Int32
		target := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { followed.Add(1) }))
		client, url := newClient(t, 0, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", strings.Replace(target.URL, "http://", "http://user:pass-word@", 1)+"/login?token="+secret+"#fragment")
			w.WriteHeader(status)
		})
		_, err := client.Post(t.Context(), url, http.Header{"Api-Key": {secret}}, []byte("records"))
		assert.Equal(t, SenderRefused, OfError(err))
		require.ErrorContains(t, err, "to "+target.URL+"/login;")
		for _, hidden := range []string{secret, "pass-word", "user", "fragment"} {
			assert.NotContains(t, err.Error(), hidden)
		}
		assert.Zero(t, followed.Load(), status)
		target.Close()
	}
}

func TestErrorsHoldNoSecretOfTheRequest(t *testing.T) {
	basic := "Basic " + base64.StdEncoding.EncodeToString([]byte("user:"+secret))
	quoting := func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusForbidden)
		_, _ = io.WriteString(w, "no such key: "+secret+" at http://"+r.Host+r.RequestURI+" for "+r.Header.Get("Authorization"))
	}
	for name, test := range map[string]struct {
		path   string
		header http.Header
	}{
		"query":            {"/v1/logs?api_key=" + secret, nil},
		"path":             {"/ingest/" + secret + "/v1/logs", nil},
		"header":           {"/", http.Header{"Api-Key": {secret}}},
		"bearer":           {"/", http.Header{"Authorization": {"Bearer " + secret}}},
		"basic":            {"/", http.Header{"Authorization": {basic}}},
		"in a list":        {"/", http.Header{"X-Sentry-Auth": {"Sentry sentry_key=" + secret + ", sentry_version=7"}}},
		"user information": {"user:" + secret + "@", nil},
	} {
		t.Run(name, func(t *testing.T) {
			client, url := newClient(t, time.Second, quoting)
			url = address(url, test.path)
			_, err := client.Post(t.Context(), url, test.header.Clone(), nil)
			require.ErrorContains(t, err, "403 Forbidden: no such key: [secret]")
			assert.NotContains(t, err.Error(), secret)
			assert.NotContains(t, err.Error(), strings.TrimPrefix(basic, "Basic "))

			dead, url := newClient(t, time.Second, quoting)
			dead.codings.all[0].http.Transport = broken{}
			_, err = dead.Post(t.Context(), address(url, test.path), test.header.Clone(), nil)
			require.ErrorContains(t, err, "cannot reach the destination at 127.0.0.1")
			assert.NotContains(t, err.Error(), secret)
		})
	}
	client, _ := newClient(t, 0, quoting)
	_, err := client.Post(t.Context(), "http://a b/"+secret, nil, nil)
	require.Error(t, err)
	assert.NotContains(t, err.Error(), secret)
}

// address puts user information or a path into a URL.
func address(url, part string) string {
	if strings.HasSuffix(part, "@") {
		return strings.Replace(url, "://", "://"+part, 1)
	}
	return url + part
}

// broken is a transport whose errors quote what they are given.
type broken struct{}

func (broken) RoundTrip(r *http.Request) (*http.Response, error) {
	return nil, errors.New("cannot use " + r.URL.String() + " with " + strings.Join(r.Header["Authorization"], ""))
}

func TestDestinationThatIsSlowerThanTheTimeoutGetsMoreTime(t *testing.T) {
	release := make(chan struct{})
	var fast atomic.Bool
	client, url := newClient(t, 20*time.Millisecond, func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		if !fast.Load() {
			select {
			case <-r.Context().Done():
			case <-release:
			}
		}
	})
	defer close(release)
	_, err := client.Post(t.Context(), url, http.Header{}, []byte("records"))
	require.ErrorContains(t, err, "our own time (timeout: 20ms); the next try waits for 40ms")
	assert.Equal(t, Unreachable, OfError(err))
	_, err = client.Post(t.Context(), url, http.Header{}, []byte("records"))
	require.ErrorContains(t, err, "(timeout: 40ms); the next try waits for 80ms")
	fast.Store(true)
	client.patience.current.Store(int64(time.Minute)) // so that a slow machine answers in time
	_, err = client.Post(t.Context(), url, http.Header{}, []byte("records"))
	require.NoError(t, err)
	assert.Equal(t, 30*time.Second, client.patience.timeout())
}

func TestPatienceIsBounded(t *testing.T) {
	p := newPatience(30 * time.Second)
	for range 10 {
		p.exceeded(p.timeout())
	}
	assert.Equal(t, maxPatience, p.timeout())
	p.exceeded(30 * time.Second) // of a try that began before
	p.answered(4 * time.Minute)
	assert.Equal(t, maxPatience, p.timeout(), "it needs that long")
	for range 10 {
		p.answered(time.Second)
	}
	assert.Equal(t, 30*time.Second, p.timeout())
	long := newPatience(time.Hour)
	long.exceeded(time.Hour)
	assert.Equal(t, time.Hour, long.timeout(), "an operator may want more")
}

func TestCancelledRequestIsNotTheDestinationsFault(t *testing.T) {
	client, url := newClient(t, time.Minute, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	_, err := client.Post(ctx, url, http.Header{}, nil)
	require.ErrorIs(t, err, context.DeadlineExceeded)
	assert.Equal(t, time.Minute, client.patience.timeout())
}

func TestRetryAfterIsTheLeastPause(t *testing.T) {
	client, url := newClient(t, 0, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "7")
		w.WriteHeader(http.StatusServiceUnavailable)
	})
	_, err := client.Post(t.Context(), url, http.Header{}, nil)
	require.ErrorContains(t, err, "Throttle (7s)")
	assert.Equal(t, Unreachable, OfError(err))
}
