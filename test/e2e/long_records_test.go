package e2e

import (
	"bytes"
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/plog/plogotlp"

	"github.com/mina-observability/otelcol-mina/test/program"
)

// TestLongRecordsArriveWithTheirNeighbours writes a record that was longer than any
// batch between two short ones: it stopped the file, or took them with it.
func TestLongRecordsArriveWithTheirNeighbours(t *testing.T) {
	long := strings.Repeat("x", 250<<10)
	for name, record := range map[string]string{
		"bare traceback":   "Traceback (most recent call last):\n  File \"a.py\", line 1, in f\nValueError: " + long + "\n",
		"three long texts": `{"message": "long", "a": "` + long[:85<<10] + `", "b": "` + long[:85<<10] + `", "c": "` + long[:80<<10] + `"}` + "\n",
	} {
		for _, delivery := range deliveries {
			t.Run(name+" "+delivery, func(t *testing.T) {
				e := newEndpoint(t)
				path := filepath.Join(t.TempDir(), "app.log")
				appendTo(t, path, numbered(0, 1)+record+numbered(1, 2))
				s := program.OTLP(t.TempDir(), path, e.URL, delivery)
				s.Overrides = []string{"receivers::mina::include_original: true"}
				startCollector(t, s)
				eventually(t, func() bool { return len(e.records()) >= 3 }, "all three")
				e.requireNumbered(t, 2, 1)
				assert.Len(t, e.records(), 3)
			})
		}
	}
}

func TestLongOTLPRecordsArriveCut(t *testing.T) {
	e, intake := newEndpoint(t), program.FreeAddress()
	s := program.OTLP(t.TempDir(), filepath.Join(t.TempDir(), "app.log"), e.URL, "acknowledged")
	s.Overrides = []string{
		"receivers::otlp::protocols::http::endpoint: " + intake,
		"service::pipelines::logs::receivers: [mina, otlp]",
	}
	startCollector(t, s)
	logs := plog.NewLogs()
	rl := logs.ResourceLogs().AppendEmpty()
	rl.Resource().Attributes().PutStr("process.command_line", strings.Repeat("r", 1<<20))
	records := rl.ScopeLogs().AppendEmpty().LogRecords()
	for _, body := range []string{"before", strings.Repeat("x", 3<<20), "after"} {
		records.AppendEmpty().Body().SetStr(body)
	}
	request, err := plogotlp.NewExportRequestFromLogs(logs).MarshalProto()
	require.NoError(t, err)
	response, err := http.Post("http://"+intake+"/v1/logs", "application/x-protobuf", bytes.NewReader(request))
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	require.Equal(t, http.StatusOK, response.StatusCode)

	cut := 0
	for _, record := range e.records() {
		assert.Equal(t, "process.command_line", record.resource["mina.truncated"])
		if record.attributes["mina.truncated"] == "body" {
			cut++
			assert.Greater(t, len(record.Body().Str()), 500_000)
		}
	}
	assert.Equal(t, 1, cut)
	assert.Len(t, e.records(), 3)
}
