package contract_test

import (
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/exporter"
	"go.opentelemetry.io/collector/exporter/exportertest"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/mina-observability/otelcol-mina/exporter/losslessotlphttpexporter"
	"github.com/mina-observability/otelcol-mina/exporter/papertrailexporter"
	"github.com/mina-observability/otelcol-mina/exporter/sentryeventsexporter"
)

// TestAddressesAreJoined holds where each exporter posts to, for every way in which its
// address is written down. HOST is that of the server.
func TestAddressesAreJoined(t *testing.T) {
	otlp, sentry := losslessotlphttpexporter.NewFactory(), sentryeventsexporter.NewFactory()
	for _, tt := range []struct {
		exporter        exporter.Factory
		key, path, want string
		addresses       []string
	}{
		{otlp, "endpoint", "", "/v1/logs", []string{"http://HOST", "http://HOST/", "http://HOST/v1/logs", "http://HOST/v1/logs/", "HTTP://HOST//", "https://http://HOST", " http://HOST\n"}},
		{otlp, "endpoint", "", "/v1/logs?key=a%20b&c", []string{"http://HOST?key=a%20b&c", "http://HOST/?key=a%20b&c", "http://HOST/v1/logs?key=a%20b&c", "http://HOST/v1/logs/?key=a%20b&c"}},
		{otlp, "endpoint", "", "/api/my%2Forg/v1/logs", []string{"http://HOST/api/my%2Forg", "http://HOST/api/my%2Forg/", "http://HOST/api/my%2Forg/v1/logs"}},
		{otlp, "endpoint", "", "/v1/v1/logs", []string{"http://HOST/v1", "http://HOST/v1/"}},
		{otlp, "endpoint", "", "/notv1/logs/v1/logs", []string{"http://HOST/notv1/logs"}},
		{otlp, "endpoint", "/otlp/v1/logs", "/otlp/v1/logs", []string{
			"http://HOST", "http://HOST/", "http://HOST/otlp", "http://HOST/otlp/", "http://HOST/otlp/v1/logs", "http://HOST/otlp/v1/logs/", "http://HOST/v1/logs",
		}},
		{otlp, "endpoint", "/otlp/v1/logs", "/behind/a/proxy/otlp/v1/logs?tenant=mina", []string{
			"http://HOST/behind/a/proxy?tenant=mina", "http://HOST/behind/a/proxy/otlp?tenant=mina", "http://HOST/behind/a/proxy/otlp/v1/logs?tenant=mina",
		}},
		{otlp, "endpoint", "/v1/logs/", "/api/42/integration/otlp/v1/logs/", []string{
			"http://HOST/api/42/integration/otlp", "http://HOST/api/42/integration/otlp/", "http://HOST/api/42/integration/otlp/v1/logs", "http://HOST/api/42/integration/otlp/v1/logs/",
		}},
		{otlp, "endpoint", "/v2/take", "/v2/take", []string{"http://HOST", "http://HOST/v2/take", "http://HOST/v2/take/"}},
		{otlp, "logs_endpoint", "", "/as/it/is/?a", []string{"http://HOST/as/it/is/?a", "http://HOST/as/it/is/?a\r\n"}},
		{sentry, "dsn", "", "/api/42/envelope/", []string{
			"http://key@HOST/42", "http://key@HOST/42/", "http://key@HOST//42//", "http://key:secret@HOST/42", "http://key@HOST/42?a=b#c", "http://key@HOST/api/42/envelope/", "\ufeffhttp://key@HOST/42\r\n",
		}},
		{sentry, "dsn", "", "/below/api/42/envelope/", []string{"http://key@HOST/below/42", "http://key@HOST/below/42/", "http://key@HOST/below/api/42/envelope"}},
	} {
		for _, address := range tt.addresses {
			t.Run(tt.path+" behind "+address, func(t *testing.T) {
				t.Parallel()
				settings := map[string]any{"dead_letter": map[string]any{"directory": t.TempDir()}}
				if tt.path != "" {
					settings["logs_path"] = tt.path
				}
				asked := make(chan string, 10)
				server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { asked <- r.RequestURI }))
				defer server.Close()
				settings[tt.key] = strings.Replace(address, "HOST", server.Listener.Addr().String(), 1)
				send(t, tt.exporter, settings)
				assert.Equal(t, tt.want, <-asked)
			})
		}
	}
}

func TestAddressOfASyslogServer(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer listener.Close()
	for _, address := range []string{"HOST", " HOST\n", "HOST/", "'HOST'"} {
		read := make(chan int, 1)
		go func() {
			conn, err := listener.Accept()
			if err == nil {
				n, _ := conn.Read(make([]byte, 1000))
				_ = conn.Close()
				read <- n
			}
		}()
		send(t, papertrailexporter.NewFactory(), map[string]any{
			"endpoint": strings.Replace(address, "HOST", listener.Addr().String(), 1), "transport": "tcp", "confirm": false,
		})
		assert.Positive(t, <-read, address)
	}
}

// send sends an error through an exporter.
func send(t *testing.T, factory exporter.Factory, settings map[string]any) {
	t.Helper()
	cfg := factory.CreateDefaultConfig()
	require.NoError(t, confmap.NewFromStringMap(settings).Unmarshal(cfg))
	require.NoError(t, confmap.Validate(cfg))
	e, err := factory.CreateLogs(t.Context(), exportertest.NewNopSettings(factory.Type()), cfg)
	require.NoError(t, err)
	require.NoError(t, e.Start(t.Context(), componenttest.NewNopHost()))
	logs := plog.NewLogs()
	record := logs.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords().AppendEmpty()
	record.SetSeverityNumber(plog.SeverityNumberError)
	record.Body().SetStr("it failed")
	require.NoError(t, e.ConsumeLogs(t.Context(), logs))
	require.NoError(t, e.Shutdown(t.Context()))
}
