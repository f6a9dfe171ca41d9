package e2e

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mina-observability/otelcol-mina/test/program"
)

// inFrontOf starts a server that answers what is sent to an endpoint until it is told
// to let it through.
func inFrontOf(t *testing.T, e *endpoint, answer http.HandlerFunc) (url string, open *atomic.Bool) {
	open = &atomic.Bool{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if open.Load() {
			e.handle(w, r)
			return
		}
		answer(w, r)
	}))
	t.Cleanup(server.Close)
	return server.URL, open
}

func TestWhatIsNoDeliveryIsWaitedFor(t *testing.T) {
	t.Parallel()
	redirect := func(status int) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", "/login?token=a-token-of-the-redirect")
			w.WriteHeader(status)
		}
	}
	for name, test := range map[string]struct {
		answer http.HandlerFunc
		said   string
	}{
		"302": {redirect(http.StatusFound), "the destination answered 302 Found to http://"},
		"307": {redirect(http.StatusTemporaryRedirect), "the destination answered 307 Temporary Redirect to http://"},
		"a page": {func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, "<!DOCTYPE html><title>Sign in</title>")
		}, "the destination answered 200 OK with a page for people"},
	} {
		for _, delivery := range deliveries {
			t.Run(name+" "+delivery, func(t *testing.T) {
				e, path := newEndpoint(t), filepath.Join(t.TempDir(), "app.log")
				appendTo(t, path, numbered(0, 100))
				var followed atomic.Int32
				url, open := inFrontOf(t, e, func(w http.ResponseWriter, r *http.Request) {
					if r.URL.Path == "/login" {
						followed.Add(1)
						return
					}
					test.answer(w, r)
				})
				c := startCollector(t, program.OTLP(t.TempDir(), path, url, delivery))
				eventually(t, func() bool { return strings.Contains(c.Output(), test.said) }, "it is said")
				assert.Contains(t, c.Output(), "warn")
				assert.Empty(t, e.records())
				assert.Zero(t, followed.Load(), "no redirect is followed")
				open.Store(true)
				eventually(t, func() bool { return len(e.records()) == 100 }, "every record")
				c.Stop()
				assert.Contains(t, c.Output(), "The destination takes records again")
				assert.NotContains(t, c.Output(), "a-token-of-the-redirect")
				e.requireNumbered(t, 100, 1)
			})
		}
	}
}

func TestTokensInAddressesAreNotPrinted(t *testing.T) {
	t.Parallel()
	const token = "s3cr3t-T0ken-4711"
	dead := "http://" + program.FreeAddress()
	for name, override := range map[string]string{
		"query": "exporters::lossless_otlp_http::logs_endpoint: " + dead + "/v1/logs?api_key=" + token,
		"path":  "exporters::lossless_otlp_http::logs_endpoint: " + dead + "/" + token + "/v1/logs",
		"user":  "exporters::lossless_otlp_http::logs_endpoint: " + strings.Replace(dead, "://", "://user:"+token+"@", 1),
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "app.log")
			appendTo(t, path, numbered(0, 10))
			s := program.OTLP(t.TempDir(), path, dead, "acknowledged")
			s.Overrides = []string{override}
			c := startCollector(t, s)
			eventually(t, func() bool {
				return strings.Contains(c.Output(), "cannot reach the destination at "+strings.TrimPrefix(dead, "http://"))
			}, "it is said")
			c.Stop()
			assert.NotContains(t, c.Output(), token)
			assert.NotContains(t, c.Output(), "Dropping data")
		})
	}
	for _, override := range []string{
		"exporters::lossless_otlp_http::logs_endpoint: ht tp://user:" + token + "@example.com",
		"exporters::lossless_otlp_http::endpoint: " + token,
		"exporters::lossless_otlp_http::endpoint: example.com/?key=" + token,
		"exporters::lossless_otlp_http::proxy_url: http://user:" + token + "@proxy:port",
	} {
		out, err := validate(t, []string{"MINA_STATE_DIR=" + t.TempDir()}, "config/base.yaml", "config/otlp.yaml", "yaml:"+override)
		require.Error(t, err, override)
		assert.Contains(t, out, "must be a URL such as")
		assert.NotContains(t, out, token)
	}
}

func TestDeadLetterDirectoryThatCannotBeMadeIsAnErrorAtTheStart(t *testing.T) {
	state, path := t.TempDir(), filepath.Join(t.TempDir(), "app.log")
	require.NoError(t, os.WriteFile(filepath.Join(state, "dead-letter"), nil, 0o600))
	c, err := program.StartCollector(program.OTLP(state, path, "http://localhost:1", "acknowledged"))
	require.NoError(t, err)
	endWith(t, c.Process)
	require.Error(t, c.WaitReady())
	assert.Contains(t, c.Output(), "dead_letter::directory")
	assert.Contains(t, c.Output(), "MINA_STATE_DIR")
}
