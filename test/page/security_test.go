package page

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// theft is a page of another origin that tries each way to read the records.
const theft = `<!doctype html><link rel=icon href=data:,><script>
const base = TARGET;
const tries = {
	async fetched() { return (await fetch(base + '/api/records')).text(); },
	async opaque() { return (await fetch(base + '/api/records', {mode: 'no-cors'})).text(); },
	async posted() { return (await fetch(base + '/api/records', {method: 'POST', mode: 'no-cors', body: 'q=x'})).text(); },
	scripted: () => new Promise((resolve, reject) => document.head.append(Object.assign(document.createElement('script'), {src: base + '/api/records', onload: () => resolve('loaded'), onerror: reject}))),
	streamed: () => new Promise((resolve, reject) => Object.assign(new EventSource(base + '/api/live'), {onmessage: resolve, onopen: () => resolve('opened'), onerror: reject})),
	framed: () => new Promise((resolve, reject) => { const frame = document.createElement('iframe'); frame.src = base + '/'; frame.onload = () => { try { resolve(frame.contentDocument.body.innerText); } catch (e) { reject(e); } }; document.body ? document.body.append(frame) : addEventListener('load', () => document.body.append(frame)); setTimeout(reject, 3000); }),
};
window.stolen = Promise.all(Object.entries(tries).map(async ([name, run]) => [name, await run().catch(() => '')])).then(Object.fromEntries);
</script><p>`

func TestAnotherOriginReadsNothing(t *testing.T) {
	t.Parallel()
	s, logger := sharedStack(t), "test.secret"
	s.write(t, line(time.Now(), "what is secret", fields{"logger": logger}))
	s.stored(t, "logger:"+logger, 1)
	other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		_, _ = w.Write([]byte(strings.Replace(theft, "TARGET", quote(s.url), 1)))
	}))
	t.Cleanup(other.Close)
	b := newTab(t, other.URL, "another host", "Failed to load resource", "CORS", "Refused", "Framing", "frame", "MIME")
	b.open("")
	stolen := script[map[string]string](b, "window.stolen")
	require.NotEmpty(t, stolen)
	for way, text := range stolen {
		assert.Empty(t, text, way)
	}
}

// A page's name may be made to mean this machine, after it has been loaded from another.
func TestAnotherNameReadsNothing(t *testing.T) {
	t.Parallel()
	s := sharedStack(t)
	for _, path := range []string{"/", "/api/records", "/api/live", "/api/status"} {
		request, err := http.NewRequest(http.MethodGet, s.url+path, nil)
		require.NoError(t, err)
		request.Host = "evil.example"
		response, err := http.DefaultClient.Do(request)
		require.NoError(t, err)
		_ = response.Body.Close()
		assert.Equal(t, http.StatusForbidden, response.StatusCode, path)
	}
}
