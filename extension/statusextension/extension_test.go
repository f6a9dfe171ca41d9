package statusextension

import (
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componentstatus"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/extension/extensioncapabilities"
	"go.opentelemetry.io/collector/extension/extensiontest"
	"go.opentelemetry.io/collector/pipeline"
	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"

	"github.com/mina-observability/otelcol-mina/extension/statusextension/internal/metadata"
	"github.com/mina-observability/otelcol-mina/internal/collectorstatus"
)

const secret = "hunter2"

// newStatus returns the extension of a collector whose configuration has a secret wherever
// one can be.
func newStatus(t *testing.T) *status {
	t.Helper()
	set := extensiontest.NewNopSettings(metadata.Type)
	set.BuildInfo.Version = "1.2.3"
	e, err := NewFactory().Create(t.Context(), set, &Config{Endpoint: "localhost:0"})
	require.NoError(t, err)
	s := e.(*status)
	exporter := map[string]any{
		"endpoint": "https://ana:" + secret + "@example.com", "headers": map[string]any{"authorization": secret},
		"dead_letter": map[string]any{"directory": "/state/dead-letter"},
	}
	conf := confmap.NewFromStringMap(map[string]any{
		"receivers":  map[string]any{"mina": map[string]any{"file": map[string]any{"include": []any{"/var/log/mina/*.log"}}}, "otlp": map[string]any{"include": []any{secret}}},
		"processors": map[string]any{"mina": map[string]any{"redaction": map[string]any{"hash_key": secret}}},
		"exporters":  map[string]any{"otlp_http": exporter, "otlp_http/2": exporter},
		"extensions": map[string]any{
			"state_storage": map[string]any{"directory": "/state"},
			"health_check":  map[string]any{"http": map[string]any{"endpoint": "127.0.0.1:13133"}},
			"basicauth":     map[string]any{"client_auth": map[string]any{"password": secret}},
		},
		"service": map[string]any{
			"pipelines": map[string]any{"logs": map[string]any{"receivers": []any{"mina"}, "processors": []any{"mina"}, "exporters": []any{"otlp_http", "otlp_http/2"}}},
			"telemetry": map[string]any{"metrics": map[string]any{"level": "Normal", "readers": []any{
				map[string]any{"periodic": map[string]any{"exporter": map[string]any{"otlp": map[string]any{"headers": secret}}}},
				map[string]any{"pull": map[string]any{"exporter": map[string]any{"prometheus": map[string]any{"host": "[::1]", "port": 8888}}}},
			}}},
		},
	})
	require.NoError(t, s.NotifyConfigSnapshot(t.Context(), extensioncapabilities.NewConfigSnapshot(conf, nil)))
	return s
}

func TestItSaysWhatTheCollectorConsistsOfAndHowThatDoes(t *testing.T) {
	s := newStatus(t)
	require.NoError(t, s.Start(t.Context(), componenttest.NewNopHost()))
	logs := pipeline.NewIDWithName(pipeline.SignalLogs, "otlp")
	exporter := componentstatus.NewInstanceID(component.MustNewID("otlp_http"), component.KindExporter, logs)
	s.ComponentStatusChanged(componentstatus.NewInstanceID(component.MustNewID("mina"), component.KindReceiver, logs), componentstatus.NewEvent(componentstatus.StatusOK))
	s.ComponentStatusChanged(exporter, componentstatus.NewEvent(componentstatus.StatusStarting))
	s.ComponentStatusChanged(exporter, componentstatus.NewRecoverableErrorEvent(errors.New("connection refused")))

	recorder := httptest.NewRecorder()
	s.server.Handler.ServeHTTP(recorder, httptest.NewRequest(http.MethodGet, "http://localhost/status", nil))
	require.NoError(t, s.Shutdown(t.Context()))
	require.Equal(t, http.StatusOK, recorder.Code)
	assert.NotContains(t, recorder.Body.String(), secret)
	var told collectorstatus.Status
	require.NoError(t, json.Unmarshal(recorder.Body.Bytes(), &told))
	assert.Positive(t, told.PID)
	assert.Positive(t, told.Goroutines)
	assert.WithinDuration(t, time.Now(), told.Started, time.Minute)
	assert.WithinDuration(t, time.Now(), told.Components[0].Since, time.Minute)
	told.PID, told.Goroutines, told.Started = 0, 0, time.Time{}
	for i := range told.Components {
		told.Components[i].Since = time.Time{}
	}
	assert.Equal(t, collectorstatus.Status{
		Version: "1.2.3",
		Components: []collectorstatus.Component{
			{Kind: "exporter", ID: "otlp_http", Pipelines: []string{"logs/otlp"}, Status: "recoverable error", Error: "connection refused"},
			{Kind: "receiver", ID: "mina", Pipelines: []string{"logs/otlp"}, Status: "ok"},
		},
		Pipelines:        map[string]collectorstatus.Pipeline{"logs": {Receivers: []string{"mina"}, Processors: []string{"mina"}, Exporters: []string{"otlp_http", "otlp_http/2"}}},
		Files:            []string{"/var/log/mina/*.log"},
		StateDirectories: []string{"/state"}, DeadLetterDirectories: []string{"/state/dead-letter"},
		Health: "127.0.0.1:13133", Metrics: "[::1]:8888",
	}, told)
}

func TestNothingButAQuestionFromThisHostIsAnswered(t *testing.T) {
	s := newStatus(t)
	require.NoError(t, s.Start(t.Context(), componenttest.NewNopHost()))
	defer func() { require.NoError(t, s.Shutdown(t.Context())) }()
	for name, test := range map[string]struct {
		method, url, site, body string
		want                    int
	}{
		"a program":               {"GET", "http://localhost/status", "", "", http.StatusOK},
		"by an address":           {"GET", "http://127.0.0.1:13134/status", "", "", http.StatusOK},
		"a person":                {"GET", "http://localhost/status", "none", "", http.StatusOK},
		"another site's page":     {"GET", "http://localhost/status", "cross-site", "", http.StatusForbidden},
		"another port's page":     {"GET", "http://localhost/status", "same-site", "", http.StatusForbidden},
		"a name that points here": {"GET", "http://evil.example/status", "", "", http.StatusForbidden},
		"another path":            {"GET", "http://localhost/", "", "", http.StatusNotFound},
		"a longer path":           {"GET", "http://localhost/status/x", "", "", http.StatusNotFound},
		"a change":                {"POST", "http://localhost/status", "", "", http.StatusMethodNotAllowed},
		"a deletion":              {"DELETE", "http://localhost/status", "", "", http.StatusMethodNotAllowed},
		"HEAD":                    {"HEAD", "http://localhost/status", "", "", http.StatusMethodNotAllowed},
		"a body":                  {"GET", "http://localhost/status", "", "x", http.StatusRequestEntityTooLarge},
	} {
		t.Run(name, func(t *testing.T) {
			request := httptest.NewRequest(test.method, test.url, strings.NewReader(test.body))
			if test.site != "" {
				request.Header.Set("Sec-Fetch-Site", test.site)
			}
			recorder := httptest.NewRecorder()
			s.server.Handler.ServeHTTP(recorder, request)
			assert.Equal(t, test.want, recorder.Code, recorder.Body)
			assert.Empty(t, recorder.Header().Get("Access-Control-Allow-Origin"))
		})
	}
}

func TestACollectorStartsAlsoWhereThePortIsTaken(t *testing.T) {
	listener, err := net.Listen("tcp", "localhost:0")
	require.NoError(t, err)
	defer listener.Close()
	core, logged := observer.New(zap.WarnLevel)
	s := &status{cfg: &Config{Endpoint: listener.Addr().String()}, logger: zap.New(core)}
	require.NoError(t, s.Start(t.Context(), componenttest.NewNopHost()))
	require.NoError(t, s.Shutdown(t.Context()))
	assert.Equal(t, 1, logged.Len())
}
