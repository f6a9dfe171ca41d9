package logstoreextension

import (
	"context"
	"crypto/x509"
	"encoding/pem"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/config/configopaque"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	"go.opentelemetry.io/otel/sdk/metric/metricdata/metricdatatest"

	"github.com/mina-observability/otelcol-mina/extension/logstoreextension/internal/metadatatest"
	"github.com/mina-observability/otelcol-mina/internal/logstore"
)

// remoteStore is a server that knows a password, and what it was asked for.
type remoteStore struct {
	*httptest.Server
	asked []string
}

func newRemoteStore(t *testing.T, start func(http.Handler) *httptest.Server) *remoteStore {
	t.Helper()
	r := &remoteStore{}
	r.Server = start(http.HandlerFunc(func(w http.ResponseWriter, request *http.Request) {
		if user, password, _ := request.BasicAuth(); user != "mina" || password != "secret" {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		r.asked = append(r.asked, request.Host+request.URL.String())
	}))
	t.Cleanup(r.Close)
	return r
}

// remoteConfig is that of a store at an address, with its password.
func remoteConfig(endpoint string) *Config {
	cfg := createDefaultConfig().(*Config)
	cfg.ClientConfig.Endpoint = endpoint
	cfg.ClientConfig.Headers.Set("Authorization", "Basic bWluYTpzZWNyZXQ=")
	return cfg
}

func TestRemoteStoreIsReachedWithItsCertificateAndPassword(t *testing.T) {
	server := newRemoteStore(t, httptest.NewTLSServer)
	certificate := filepath.Join(t.TempDir(), "ca.pem")
	require.NoError(t, os.WriteFile(certificate, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw}), 0o600))
	cfg := remoteConfig(server.URL + "/prefix/")
	cfg.ClientConfig.TLS.CAFile = certificate
	f := startStore(t, cfg)
	now := f.Status()
	assert.Equal(t, logstore.StateRemote, now.State)
	_, err := f.query("a b")
	require.NoError(t, err)
	assert.Equal(t, []string{strings.TrimPrefix(server.URL, "https://") + "/prefix/select/logsql/query?query=a+b"}, server.asked)

	unknown := startStore(t, remoteConfig(server.URL))
	_, err = unknown.query("*")
	assert.ErrorAs(t, err, new(x509.UnknownAuthorityError), "the exporter's own tls does not count")
}

func TestRemoteStoreThatRefusesThePasswordIsHeard(t *testing.T) {
	server := newRemoteStore(t, httptest.NewServer)
	cfg := remoteConfig(server.URL)
	cfg.ClientConfig.Headers.Set("Authorization", "Basic d3Jvbmc=")
	f := startStore(t, cfg)
	status, err := f.insert("one")
	require.NoError(t, err)
	assert.Equal(t, http.StatusUnauthorized, status)
}

func TestUserOfTheURLIsSent(t *testing.T) {
	for _, user := range []string{"mina:secret", "a%20token", ":secret"} {
		var sent *url.Userinfo
		server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			name, password, _ := r.BasicAuth()
			sent = url.UserPassword(name, password)
		}))
		t.Cleanup(server.Close)
		cfg := createDefaultConfig().(*Config)
		cfg.ClientConfig.Endpoint = strings.Replace(server.URL, "http://", "http://"+user+"@", 1)
		_, err := startStore(t, cfg).query("*")
		require.NoError(t, err)
		assert.Equal(t, user, strings.TrimSuffix(sent.String(), ":"))
	}
}

func TestRecordsAreWrittenWhereAClusterTakesThem(t *testing.T) {
	read, written := newRemoteStore(t, httptest.NewServer), newRemoteStore(t, httptest.NewServer)
	cfg := remoteConfig(read.URL)
	cfg.InsertEndpoint = written.URL
	f := startStore(t, cfg)
	_, err := f.query("*")
	require.NoError(t, err)
	_, err = f.insert("one")
	require.NoError(t, err)
	assert.Len(t, read.asked, 1)
	assert.Len(t, written.asked, 1)
	assert.Contains(t, written.asked[0], "/insert/jsonline")
}

func TestThePageOfTheStoreIsWithinReach(t *testing.T) {
	server := newRemoteStore(t, httptest.NewServer)
	f := startStore(t, remoteConfig(server.URL))
	response, err := f.client.Get("http://log_store/select/vmui/")
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	assert.Equal(t, []string{strings.TrimPrefix(server.URL, "http://") + "/select/vmui/"}, server.asked)
}

func TestSecretsOfARemoteStoreAreInNoError(t *testing.T) {
	cfg := createDefaultConfig().(*Config)
	cfg.ClientConfig.Endpoint = "http://mina:pa55word@localhost:1"
	cfg.ClientConfig.Headers.Set("X-Token", configopaque.String("t0ken"))
	f := startStore(t, cfg)
	_, err := f.query("*")
	require.Error(t, err)
	assert.NotContains(t, err.Error(), "pa55word")
	assert.NotContains(t, err.Error(), "t0ken")
}

// TestRemoteStoreHasNoMetricsOfWhatIsNotKnown holds that its disk, which is not this host's, is
// not shown as full.
func TestRemoteStoreHasNoMetricsOfWhatIsNotKnown(t *testing.T) {
	telemetry := componenttest.NewTelemetry()
	t.Cleanup(func() { require.NoError(t, telemetry.Shutdown(context.Background())) })
	cfg := createDefaultConfig().(*Config)
	cfg.ClientConfig.Endpoint = "http://localhost:9428"
	status, err := newStatus(cfg, telemetry.NewTelemetrySettings())
	require.NoError(t, err)
	t.Cleanup(status.shutdown)
	metadatatest.AssertEqualLogStoreRunning(t, telemetry, []metricdata.DataPoint[int64]{{Value: 1}}, metricdatatest.IgnoreTimestamp())
	for _, name := range []string{"otelcol_log_store_bytes", "otelcol_log_store_free_bytes", "otelcol_log_store_restarts"} {
		_, err := telemetry.GetMetric(name)
		assert.Error(t, err, name)
	}
}
