package intake

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/klauspost/compress/zstd"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/config/confighttp"
)

// TestUpstreamStillTakesTheMemoryThatAClientAsksFor fails when confighttp refuses a body
// whose window is larger than the 8 MiB that every decoder has to have.
func TestUpstreamStillTakesTheMemoryThatAClientAsksFor(t *testing.T) {
	var body bytes.Buffer
	w, err := zstd.NewWriter(&body, zstd.WithWindowSize(2*maxWindow), zstd.WithSingleSegment(false))
	require.NoError(t, err)
	for range 3 { // more than one block, so that the window is not the content's size
		_, err = w.Write(bytes.Repeat([]byte("x"), 100<<10))
		require.NoError(t, err)
		require.NoError(t, w.Flush())
	}
	require.NoError(t, w.Close())

	cfg := confighttp.NewDefaultServerConfig()
	server, err := cfg.ToServer(t.Context(), nil, componenttest.NewNopTelemetrySettings(),
		http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			_, err = io.Copy(io.Discard, r.Body)
		}))
	require.NoError(t, err)
	request := httptest.NewRequest(http.MethodPost, "/", &body)
	request.Header.Set("Content-Encoding", "zstd")
	server.Handler.ServeHTTP(httptest.NewRecorder(), request)
	assert.NoError(t, err, "confighttp bounds the window: look at docs/decisions/009-zstd.md again")
}
