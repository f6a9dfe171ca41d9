package minalog

import (
	"math"
	"strings"
	"testing"

	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/pdatatest/plogtest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/mina-observability/otelcol-mina/internal/minaattr"
)

func ofOTLP(c *Config) { c.Format = FormatOTLPJSON }

// fullRecord has everything that a record can have.
func fullRecord(t testing.TB) plog.Logs {
	logs := plog.NewLogs()
	rl := logs.ResourceLogs().AppendEmpty()
	rl.SetSchemaUrl("https://opentelemetry.io/schemas/1.43.0")
	require.NoError(t, rl.Resource().Attributes().FromRaw(map[string]any{"host.name": "mina-prod-01", "process.pid": 10177, "service.name": "mina"}))
	rl.Resource().SetDroppedAttributesCount(2)
	sl := rl.ScopeLogs().AppendEmpty()
	sl.SetSchemaUrl("https://example.com/scope")
	sl.Scope().SetName("services.billing")
	sl.Scope().SetVersion("1.2")
	sl.Scope().Attributes().PutBool("own", true)
	record := sl.LogRecords().AppendEmpty()
	record.SetTimestamp(1759335125785000001)
	record.SetObservedTimestamp(math.MaxInt64)
	record.SetSeverityNumber(plog.SeverityNumberError2)
	record.SetSeverityText("ERROR")
	record.SetEventName("charge")
	record.SetFlags(1)
	record.SetTraceID(pcommon.TraceID{1, 2, 3, 254})
	record.SetSpanID(pcommon.SpanID{9, 8})
	record.SetDroppedAttributesCount(math.MaxUint32)
	require.NoError(t, record.Body().FromRaw(map[string]any{"text": "Charge \"failed\"\n\t\u0000\u2028 </script> é 🙂", "list": []any{nil, 1, "a", []byte{0, 255}}}))
	require.NoError(t, record.Attributes().FromRaw(map[string]any{
		"": "no name", "empty": nil, "int": int64(math.MinInt64), "large": math.Pi * 1e100, "small": math.SmallestNonzeroFloat64, "whole": 3.0, "no number": math.Inf(-1),
		"nested": map[string]any{"a": map[string]any{"b": []any{map[string]any{"c": false}}}}, "bytes": []byte("raw"), "none": map[string]any{}, "nothing": []any{},
	}))
	return logs
}

func encoded(t testing.TB, logs plog.Logs) string {
	line, err := (&plog.JSONMarshaler{}).MarshalLogs(logs)
	require.NoError(t, err)
	return string(line)
}

func TestARecordInADeadLetterFileIsReadAsItWas(t *testing.T) {
	for name, end := range map[string]string{"a line": "\n", "the last line": "", "a line of another system": " \r\n"} {
		t.Run(name, func(t *testing.T) {
			want, letter := fullRecord(t), plog.NewLogs()
			want.CopyTo(letter)
			attributes := letter.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(0).Attributes()
			for _, name := range []string{minaattr.DeadLetterReason, minaattr.DeadLetterStatus, minaattr.DeadLetterAnswer, minaattr.DeadLetterTime, minaattr.DeadLetterExporter} {
				attributes.PutStr(name, "why")
			}
			s, b := newStream(t, Origin{FileName: "letters.jsonl"}, 1<<20, ofOTLP), NewBatch(observed)
			s.Write(b, []byte(encoded(t, letter)+end))
			s.End(b)
			require.Equal(t, 1, b.Len())
			assert.Equal(t, int64(1), b.Lines[FormatOfOTLP])
			require.NoError(t, plogtest.CompareLogs(want, b.Logs()))
			assert.True(t, encoded(t, want) == encoded(t, b.Logs()), "to the bit") //nolint:testifylint // a difference would fill the screen
		})
	}
}

func TestLinesThatAreNoOTLPAreKeptAsTheyAre(t *testing.T) {
	whole := encoded(t, fullRecord(t))
	for name, line := range map[string]string{
		"half a letter":            whole[:len(whole)/2],
		"a letter and a half":      whole + whole[:20],
		"two letters":              whole + whole,
		"no record":                `{"resourceLogs":[]}`,
		"nothing":                  `{}`,
		"one of the application's": `{"message": "a", "level": "INFO"}`,
		"a field that is unknown":  strings.Replace(whole, `"severityText"`, `"severityWord"`, 1),
		"a member beside":          `{"more":1,` + whole[1:],
		"spans":                    `{"resourceSpans":[{"scopeSpans":[{"spans":[{"name":"a"}]}]}]}`,
		"a value of another type":  strings.Replace(whole, `"severityNumber":18`, `"severityNumber":[]`, 1),
		"text":                     "2025-10-01 16:12:05,785 INFO app: one",
		"a traceback":              "Traceback (most recent call last):",
	} {
		t.Run(name, func(t *testing.T) {
			s, b := newStream(t, Origin{}, 1<<20, ofOTLP), NewBatch(observed)
			s.Write(b, []byte(whole+"\n\n"+line+"\n"+whole+"\n"))
			s.End(b)
			require.Equal(t, 3, b.Len())
			assert.Equal(t, int64(2), b.Lines[FormatOfOTLP])
			assert.Equal(t, int64(1), b.Lines[FormatOfUnknown])
			record := records(b)[1]
			assert.Equal(t, line, record.Body().Str())
			reason, _ := record.Attributes().Get(minaattr.ParseError)
			assert.Contains(t, failureNames, reason.Str())
		})
	}
}

func TestOTLPOfTheApplicationIsNoRecordOfOthers(t *testing.T) {
	s, b := newStream(t, Origin{}, 1<<20), NewBatch(observed)
	s.Write(b, []byte(encoded(t, fullRecord(t))+"\n"))
	require.Equal(t, 1, b.Len())
	assert.Zero(t, b.Logs().ResourceLogs().At(0).Resource().Attributes().Len())
	_, kept := records(b)[0].Attributes().Get("resourceLogs")
	assert.True(t, kept)
}

// FuzzOTLP reads any line: none is lost, and what was a record can be written and read again.
func FuzzOTLP(f *testing.F) {
	f.Add([]byte(encoded(f, fullRecord(f))))
	f.Add([]byte(`{"resourceLogs":[{"scopeLogs":[{"logRecords":[{},{"attributes":[{"key":"mina.dead_letter.reason","value":{}}]}]}]}]}`))
	f.Add([]byte(`{"resource_logs":[null,{"scopeLogs":[{"logRecords":[{"body":{"stringValue":"\ud800"}}]}]}]}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		line := strings.NewReplacer("\n", " ", "\x00", " ", "\uFEFF", " ").Replace(string(validUTF8(text)))
		s, b := newStream(t, Origin{}, 1<<20, ofOTLP), NewBatch(observed)
		s.Write(b, []byte(line))
		s.End(b)
		if strings.TrimSpace(line) == "" {
			require.Zero(t, b.Len())
			return
		}
		require.Positive(t, b.Len())
		require.Len(t, records(b), b.Len())
		for _, record := range records(b) {
			for name := range record.Attributes().All() {
				require.False(t, strings.HasPrefix(name, minaattr.DeadLetter))
			}
		}
		if b.Lines[FormatOfOTLP] == 0 {
			require.Equal(t, strings.TrimSuffix(line, "\r"), records(b)[0].Body().Str())
			return
		}
		again, ok := readOTLP([]byte(encoded(t, b.Logs())))
		require.True(t, ok)
		require.Equal(t, encoded(t, b.Logs()), encoded(t, again))
	})
}
