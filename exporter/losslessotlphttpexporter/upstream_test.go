package losslessotlphttpexporter

import (
	"bytes"
	stdgzip "compress/gzip"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"testing"
	"time"

	"github.com/klauspost/compress/gzip"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/config/configcompression"
	"go.opentelemetry.io/collector/config/confighttp"
	"go.opentelemetry.io/collector/config/configoptional"
	"go.opentelemetry.io/collector/consumer/consumererror"
	"go.opentelemetry.io/collector/exporter/exporterhelper"
	"go.opentelemetry.io/collector/exporter/exportertest"
	"go.opentelemetry.io/collector/exporter/otlphttpexporter"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/plog/plogotlp"

	"github.com/mina-observability/otelcol-mina/internal/destination"
	"github.com/mina-observability/otelcol-mina/test/loglines"
)

// request returns records of about 256 KiB, as OTLP has them.
func request(t testing.TB) []byte {
	t.Helper()
	logs := plog.NewLogs()
	all := logs.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords()
	for n := range 400 {
		all.AppendEmpty().Body().SetStr(string(loglines.Typical.Append(nil, n)))
	}
	body, err := plogotlp.NewExportRequestFromLogs(logs).MarshalProto()
	require.NoError(t, err)
	return body
}

// TestUpstreamStillCompressesSlowly fails when confighttp has another gzip than the
// standard library's, or that is about as fast as ours.
func TestUpstreamStillCompressesSlowly(t *testing.T) {
	const reasonIsGone = "confighttp's gzip does better: look at docs/decisions/006-gzip.md again"
	var sent []byte
	d := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { sent, _ = io.ReadAll(r.Body) }))
	defer d.Close()
	cfg := confighttp.NewDefaultClientConfig()
	cfg.Compression, cfg.CompressionParams.Level = configcompression.TypeGzip, gzip.BestSpeed
	client, err := cfg.ToClient(t.Context(), nil, componenttest.NewNopTelemetrySettings())
	require.NoError(t, err)
	defer client.CloseIdleConnections()
	body := request(t)
	response, err := client.Post(d.URL, destination.Protobuf, bytes.NewReader(body))
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())

	var compressed bytes.Buffer
	standard, err := stdgzip.NewWriterLevel(&compressed, stdgzip.BestSpeed)
	require.NoError(t, err)
	compress(t, standard, body)
	require.Equal(t, compressed.Bytes(), sent, reasonIsGone)

	ours, err := gzip.NewWriterLevel(io.Discard, gzip.BestSpeed)
	require.NoError(t, err)
	theirTime, ourTime := time.Hour, time.Hour
	for range 30 { // the fastest counts: what else runs makes both slow
		standard.Reset(io.Discard)
		theirTime = min(theirTime, compress(t, standard, body))
		ours.Reset(io.Discard)
		ourTime = min(ourTime, compress(t, ours, body))
	}
	assert.Greater(t, theirTime, ourTime*5/4, reasonIsGone)
}

// compress returns how long a compression takes.
func compress(t testing.TB, writer io.WriteCloser, text []byte) time.Duration {
	t.Helper()
	begun := time.Now()
	_, err := writer.Write(text)
	require.NoError(t, err)
	require.NoError(t, writer.Close())
	return time.Since(begun)
}

const noLonger = "otlp_http does better: look at docs/decisions/007-lossless.md again"

// exportUpstream has the stock exporter, with its retries on, send records to a server.
func exportUpstream(t *testing.T, handle http.HandlerFunc) error {
	t.Helper()
	d := httptest.NewServer(handle)
	defer d.Close()
	factory := otlphttpexporter.NewFactory()
	cfg := factory.CreateDefaultConfig().(*otlphttpexporter.Config)
	cfg.ClientConfig.Endpoint = d.URL
	queue := destination.DefaultQueue()
	queue.Get().Batch = configoptional.None[exporterhelper.BatchConfig]() // which would wait for more
	cfg.QueueConfig = queue
	e, err := factory.CreateLogs(t.Context(), exportertest.NewNopSettings(factory.Type()), cfg)
	require.NoError(t, err)
	require.NoError(t, e.Start(t.Context(), componenttest.NewNopHost()))
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond) // for one that waits
	defer cancel()
	err = e.ConsumeLogs(ctx, records("a"))
	require.NoError(t, e.Shutdown(t.Context()))
	return err
}

// TestUpstreamStillGivesRecordsUp fails for an answer after which otlp_http offers
// records again.
func TestUpstreamStillGivesRecordsUp(t *testing.T) {
	for _, status := range []int{http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusInternalServerError, 530} {
		t.Run(strconv.Itoa(status), func(t *testing.T) {
			err := exportUpstream(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) })
			assert.True(t, consumererror.IsPermanent(err), noLonger)
		})
	}
}

// TestUpstreamStillFollowsRedirects fails when otlp_http does not take the answer of
// another address, to which it has sent nothing, for an acknowledgement.
func TestUpstreamStillFollowsRedirects(t *testing.T) {
	var methods []string
	err := exportUpstream(t, func(w http.ResponseWriter, r *http.Request) {
		methods = append(methods, r.Method)
		if r.URL.Path != "/login" {
			http.Redirect(w, r, "/login", http.StatusFound)
		}
	})
	require.NoError(t, err, noLonger)
	assert.Equal(t, []string{http.MethodPost, http.MethodGet}, methods, noLonger)
}

// TestUpstreamStillTakesAPageForAnAcknowledgement fails when otlp_http does not.
func TestUpstreamStillTakesAPageForAnAcknowledgement(t *testing.T) {
	err := exportUpstream(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		_, _ = io.WriteString(w, "<html>Please log in</html>")
	})
	assert.NoError(t, err, noLonger)
}
