package page

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestTheBrowserIsWatched shows that a page cannot fail in silence.
func TestTheBrowserIsWatched(t *testing.T) {
	t.Parallel()
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	t.Cleanup(other.Close)
	for name, test := range map[string]struct{ body, says string }{
		"nothing":    {"<p>quiet", ""},
		"exception":  {"<script>null.x</script>", "Cannot read properties of null"},
		"rejection":  {"<script>Promise.reject(new Error('unheard'))</script>", "unheard"},
		"console":    {"<script>console.error('oh', 1)</script>", "oh 1"},
		"missing":    {"<img src=/missing.png>", "404"},
		"policy":     {"<p style='color: red'>", "Content Security Policy"},
		"other host": {"<img src=" + other.URL + "/x.png>", "the page asks another host"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			page := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path != "/" {
					http.NotFound(w, r)
					return
				}
				w.Header().Set("Content-Security-Policy", "default-src * data: 'unsafe-inline'; style-src 'self'")
				w.Header().Set("Content-Type", "text/html")
				_, _ = w.Write([]byte("<!doctype html><link rel=icon href=data:,>" + test.body))
			}))
			t.Cleanup(page.Close)
			b := newTab(t, page.URL, test.says)
			b.open("")
			if test.says == "" {
				assert.Empty(t, b.wrong(nil))
				return
			}
			eventually(t, func() bool { return len(b.wrong(nil)) > 0 }, "the browser complains")
			assert.Contains(t, b.wrong(nil)[0], test.says)
			assert.Empty(t, b.wrong([]string{test.says}))
		})
	}
}
