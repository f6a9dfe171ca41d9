package destination

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"
)

// lettersIn decodes lines, each of which holds one record.
func lettersIn(t *testing.T, lines string) (letters []plog.Logs) {
	t.Helper()
	for line := range strings.Lines(lines) {
		letter, err := (&plog.JSONUnmarshaler{}).UnmarshalLogs([]byte(line))
		require.NoError(t, err)
		require.Equal(t, 1, letter.LogRecordCount())
		letters = append(letters, letter)
	}
	return letters
}

func recordOf(letter plog.Logs) plog.LogRecord {
	return letter.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(0)
}

func TestALetterSaysWhyItIsOne(t *testing.T) {
	at := time.Date(2026, 11, 26, 5, 4, 3, 210e6, time.FixedZone("", 3600))
	const name = "mina.dead_letter."
	for test, row := range map[string]struct {
		cause Cause
		want  map[string]any
	}{
		"an answer": {
			Cause{Reason: "refused", Status: 400, Answer: "entry too far behind"},
			map[string]any{name + "reason": "refused", name + "status": int64(400), name + "answer": "entry too far behind"},
		},
		"no answer": {Cause{Reason: "too_old"}, map[string]any{name + "reason": "too_old"}},
		"an answer of many lines that quotes an address": {
			Cause{Reason: "refused", Answer: "no\n route \x00 to https://a.example.com/v1/" + secret},
			map[string]any{name + "reason": "refused", name + "answer": "no route to https://a.example.com/…"},
		},
		"a long answer": {
			Cause{Reason: "refused", Answer: strings.Repeat("no", 4000)},
			map[string]any{name + "reason": "refused", name + "answer": strings.Repeat("no", maxPrinted/2) + "…"},
		},
	} {
		t.Run(test, func(t *testing.T) {
			records := plog.NewLogs()
			attributes := records.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords().AppendEmpty().Attributes()
			require.NoError(t, attributes.FromRaw(map[string]any{"key": "value", name + "status": 413, name + "answer": "of another time", name + "more": 1}))
			records.MarkReadOnly()
			lines, err := inscription{row.cause, at, "otlp/vendor"}.encode(records)
			require.NoError(t, err)
			want := maps.Clone(row.want)
			want["key"], want[name+"time"], want[name+"exporter"] = "value", "2026-11-26T04:04:03.210Z", "otlp/vendor"
			assert.Equal(t, want, recordOf(lettersIn(t, string(lines))[0]).Attributes().AsRaw())
		})
	}
}

func TestALineHoldsOneRecordWithItsResourceAndScope(t *testing.T) {
	all := records(5)
	all.ResourceLogs().At(0).SetSchemaUrl("https://example.com/resource")
	all.ResourceLogs().At(1).ScopeLogs().At(0).SetSchemaUrl("https://example.com/scope")
	lines, err := inscription{Cause{Reason: "refused"}, time.Now(), "otlp/vendor"}.encode(all)
	require.NoError(t, err)
	var got []map[string]any
	for _, letter := range lettersIn(t, string(lines)) {
		got = append(got, described(letter)...)
	}
	want := described(all)
	byBody := func(a, b map[string]any) int { return strings.Compare(a["body"].(string), b["body"].(string)) }
	slices.SortFunc(got, byBody)
	slices.SortFunc(want, byBody)
	assert.Equal(t, want, got)
}

// described says of each record where it belongs.
func described(logs plog.Logs) (all []map[string]any) {
	for _, rl := range logs.ResourceLogs().All() {
		for _, sl := range rl.ScopeLogs().All() {
			for _, record := range sl.LogRecords().All() {
				all = append(all, map[string]any{
					"resource": rl.Resource().Attributes().AsRaw(), "schemas": []string{rl.SchemaUrl(), sl.SchemaUrl()}, "scope": sl.Scope().Name(), "body": record.Body().Str(),
				})
			}
		}
	}
	return all
}
