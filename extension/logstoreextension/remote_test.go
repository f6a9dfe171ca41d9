package logstoreextension

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"
)

func TestRequestsGoWhereARemoteStoreIs(t *testing.T) {
	var asked string
	elsewhere := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { asked = r.RequestURI }))
	defer elsewhere.Close()
	for base, path := range map[string]string{"": "/select/logsql/query?query=a%2Fb", "/": "/select/logsql/query?query=a%2Fb", "/logs/": "/logs/select/logsql/query?query=a%2Fb"} {
		cfg := createDefaultConfig().(*Config)
		cfg.ClientConfig.Endpoint = elsewhere.URL + base
		store, err := newRemote(cfg, componenttest.NewNopTelemetrySettings())
		require.NoError(t, err)
		require.NoError(t, store.start(t.Context(), componenttest.NewNopHost()))
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://log_store/select/logsql/query?query=a%2Fb", http.NoBody)
		require.NoError(t, err)
		response, err := store.RoundTrip(request)
		require.NoError(t, err)
		require.NoError(t, response.Body.Close())
		store.shutdown()
		assert.Equal(t, path, asked, "at %q", base)
	}
}
