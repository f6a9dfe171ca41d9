package losslesskafkareceiver

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.opentelemetry.io/collector/pdata/ptrace"
)

// otherMessages are no OTLP logs.
func otherMessages(t testing.TB) map[string][]byte {
	t.Helper()
	traces := ptrace.NewTraces()
	traces.ResourceSpans().AppendEmpty().ScopeSpans().AppendEmpty().Spans().AppendEmpty().SetTraceID([16]byte{1})
	spans, err := (&ptrace.ProtoMarshaler{}).MarshalTraces(traces)
	require.NoError(t, err)
	metrics := pmetric.NewMetrics()
	metrics.ResourceMetrics().AppendEmpty().ScopeMetrics().AppendEmpty().Metrics().AppendEmpty().SetName("name")
	points, err := (&pmetric.ProtoMarshaler{}).MarshalMetrics(metrics)
	require.NoError(t, err)
	return map[string][]byte{
		"text":             []byte("2025-10-01 ERROR password=hunter2"),
		"JSON":             []byte(`{"level": "ERROR", "message": "hunter2"}`),
		"half of a record": message(t, 0, 10)[:40],
		"random bytes":     {0xff, 0xff, 0xff, 0xff, 0xff},
		"traces":           spans,
		"metrics":          points,
		"an unknown field": {0x7a, 0x01, 0x00},
		"no records":       func() []byte { text, _ := (&plog.ProtoMarshaler{}).MarshalLogs(resourceOnly()); return text }(),
	}
}

func resourceOnly() plog.Logs {
	logs := plog.NewLogs()
	logs.ResourceLogs().AppendEmpty().Resource().Attributes().PutStr("a", "b")
	return logs
}

// TestAMessageThatCannotBeReadIsADeadLetterAndThePartitionGoesOn, with the records around
// it delivered once, in order, and nothing of its text in the log.
func TestAMessageThatCannotBeReadIsADeadLetterAndThePartitionGoesOn(t *testing.T) {
	t.Parallel()
	k := startKafka(t, 1)
	p := &pipeline{}
	r := start(t, configFor(t, k), p)
	others := otherMessages(t)
	k.write(t, 0, message(t, 0, 1))
	for _, other := range others {
		k.write(t, 0, other)
	}
	k.write(t, 0, nil, message(t, 1, 2))
	eventually(t, func() bool { return k.committed(t, 0) == int64(len(others)+3) }, "all")
	assert.Equal(t, []string{"record 0", "record 1"}, p.taken())
	var kept []string
	for line := range strings.Lines(r.deadLetters(t)) {
		letter, err := (&plog.JSONUnmarshaler{}).UnmarshalLogs([]byte(line))
		require.NoError(t, err)
		record := letter.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(0)
		kept = append(kept, string(record.Body().Bytes().AsRaw()))
		attributes := record.Attributes().AsRaw()
		assert.Equal(t, "unreadable", attributes["mina.dead_letter.reason"])
		assert.NotEmpty(t, attributes["mina.dead_letter.answer"])
		assert.Equal(t, topic, attributes["messaging.destination.name"])
		assert.Equal(t, int64(len(kept)), attributes["messaging.kafka.offset"])
	}
	var want []string
	for _, other := range others {
		want = append(want, string(other))
	}
	assert.ElementsMatch(t, want, kept)
	said := r.logs.FilterMessageSnippet("is no OTLP logs").All()
	require.Len(t, said, 1, "once a minute")
	text, err := json.Marshal(said[0].ContextMap())
	require.NoError(t, err)
	assert.NotContains(t, string(text), "hunter2")
}

func TestOTLPInJSONIsRead(t *testing.T) {
	t.Parallel()
	k := startKafka(t, 1)
	p := &pipeline{}
	r := start(t, configFor(t, k), p)
	logs, err := (&plog.ProtoUnmarshaler{}).UnmarshalLogs(message(t, 0, 2))
	require.NoError(t, err)
	text, err := (&plog.JSONMarshaler{}).MarshalLogs(logs)
	require.NoError(t, err)
	k.write(t, 0, text)
	eventually(t, func() bool { return slices.Equal(p.taken(), []string{"record 0", "record 1"}) }, "both")
	assert.Empty(t, r.deadLetters(t))
}

// FuzzRead reads messages of all shapes: each is records or an error, and none of both or
// neither, but for the mark of a deletion.
func FuzzRead(f *testing.F) {
	f.Add(message(f, 0, 2))
	for _, other := range otherMessages(f) {
		f.Add(other)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		logs, err := read(text)
		switch {
		case len(text) == 0:
			require.NoError(t, err)
		case err == nil:
			require.Positive(t, logs.LogRecordCount())
			_, err := (&plog.ProtoMarshaler{}).MarshalLogs(logs)
			require.NoError(t, err)
		}
	})
}
