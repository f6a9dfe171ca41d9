package minaprocessor

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	"go.opentelemetry.io/otel/sdk/metric/metricdata/metricdatatest"

	"github.com/mina-observability/otelcol-mina/internal/minaattr"
	"github.com/mina-observability/otelcol-mina/processor/minaprocessor/internal/metadatatest"
)

// bareTraceback is what a crash leaves, with a message of so many bytes.
func bareTraceback(message string) string {
	return "Traceback (most recent call last):\n  File \"a.py\", line 1, in <module>\nValueError: " + message + "\n"
}

func TestLongRecordsAreCut(t *testing.T) {
	long := strings.Repeat("x", 250<<10)
	three := `{"message": "` + long + `", "a": "` + long + `", "b": "` + long + `"}` + "\n"
	for name, tt := range map[string]struct {
		sections map[string]any
		text     string
		cut      bool
	}{
		"a bare traceback":             {both, bareTraceback(long), false},
		"three long texts":             {both, three, true},
		"with semconv alone":           {map[string]any{"semconv": nil}, three, true},
		"with redaction alone":         {map[string]any{"redaction": nil}, three, true},
		"with max_record_size":         {map[string]any{"semconv": nil, "max_record_size": "64KiB"}, "2025-10-01 16:12:05,785 INFO app: " + long + "\n", true},
		"what becomes longer redacted": {both, `{"message": "` + strings.Repeat("password=x ", 24<<10) + `"}` + "\n", true},
		"what fits":                    {both, `{"message": "` + long + `"}` + "\n", false},
	} {
		t.Run(name, func(t *testing.T) {
			p := newTestProcessor(t, tt.sections)
			logs, err := p.process(t.Context(), decode(t, []byte(tt.text)))
			require.NoError(t, err)
			require.Equal(t, 1, logs.LogRecordCount())
			marshaler := plog.ProtoMarshaler{}
			record := logs.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(0)
			assert.LessOrEqual(t, marshaler.LogRecordSize(record), p.maxRecordSize)
			_, marked := record.Attributes().Get(minaattr.Truncated)
			assert.Equal(t, tt.cut, marked)
		})
	}
}

func TestASecretIsNotCut(t *testing.T) {
	const secret = "4111111111111111"
	p := newTestProcessor(t, map[string]any{"redaction": nil, "max_record_size": "16KiB"})
	for before := 16<<10 - 400; before < 16<<10; before++ {
		logs := plog.NewLogs()
		record := logs.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords().AppendEmpty()
		record.Body().SetStr(strings.Repeat("x", before) + " card " + secret + " " + strings.Repeat("y", 16<<10))
		_, err := p.process(t.Context(), logs)
		require.NoError(t, err)
		body := record.Body().Str()
		require.NotContains(t, body, "card 4")
		require.Equal(t, strings.Count(body, "["), strings.Count(body, "]"), "a placeholder is whole, or not there")
	}
}

func TestWhatIsSharedIsCut(t *testing.T) {
	telemetry := componenttest.NewTelemetry()
	t.Cleanup(func() { require.NoError(t, telemetry.Shutdown(context.Background())) })
	cfg := createDefaultConfig()
	require.NoError(t, confmap.NewFromStringMap(both).Unmarshal(cfg))
	p, err := newProcessor(telemetry.NewTelemetrySettings(), cfg.(*Config))
	require.NoError(t, err)
	counted := func(n int64) {
		metadatatest.AssertEqualProcessorMinaCutRecords(t, telemetry, []metricdata.DataPoint[int64]{{Value: n}}, metricdatatest.IgnoreTimestamp())
	}
	counted(0)

	logs := plog.NewLogs()
	rl := logs.ResourceLogs().AppendEmpty()
	rl.Resource().Attributes().PutStr("process.command_line", strings.Repeat("x", 1<<20))
	sl := rl.ScopeLogs().AppendEmpty()
	sl.Scope().Attributes().PutStr("text", strings.Repeat("x", 1<<20))
	sl.LogRecords().AppendEmpty().Body().SetStr(strings.Repeat("x", 1<<20))
	logs, err = p.process(t.Context(), logs)
	require.NoError(t, err)
	marshaler := plog.ProtoMarshaler{}
	assert.LessOrEqual(t, marshaler.LogsSize(logs), defaultMaxRecordSize*5/4)
	counted(3)
}
