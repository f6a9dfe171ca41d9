package minalog

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestPairsOfStructlog(t *testing.T) {
	const padding = "                    " // behind ten characters, up to the width of an event
	for message, want := range map[string]struct {
		event, logger string
		attributes    map[string]any
	}{
		"it is over":                                  {"it is over", "", map[string]any{}},
		"it is over" + padding + " ":                  {"it is over", "", map[string]any{}},
		"it is over" + padding + " [app.pay]":         {"it is over", "app.pay", map[string]any{}},
		"it is over" + padding + " [app] n=7 f=2.5":   {"it is over", "app", map[string]any{"n": int64(7), "f": 2.5}},
		"it is over    key=value [logger]":            {"it is over", "logger", map[string]any{"key": "value"}},
		"it is over" + padding + " ok=True none=None": {"it is over", "", map[string]any{"ok": true, "none": nil}},
		"an event of more than thirty characters n=7": {"an event of more than thirty characters", "", map[string]any{"n": int64(7)}},
		"it is over" + padding + ` title='a b=c' who="it's" id=0f8f-4 when=datetime.date(2025, 10, 1) of=<Meeting 7> x=`: {
			"it is over", "", map[string]any{
				"title": "a b=c", "who": "it's", "id": "0f8f-4", "when": "datetime.date(2025, 10, 1)", "of": "<Meeting 7>", "x": "",
			},
		},
		"it is over" + padding + ` form={'user': 'ana', 'ids': [1, (2,)]}`: {
			"it is over", "", map[string]any{"form": map[string]any{"user": "ana", "ids": []any{int64(1), []any{int64(2)}}}},
		},
		"it is over" + padding + " trace_id=4bf92f3577b34da6a3ce929d0e0e4736 n=1": {"it is over", "", map[string]any{"n": int64(1)}},
		"it is over" + padding + " [app] authorization=Bearer abc def n=1 of=Meeting 7": {
			"it is over", "app", map[string]any{"authorization": "Bearer abc def", "n": int64(1), "of": "Meeting 7"},
		},
		"it is over" + padding + " [app] n=7 and more [x]":     {"it is over", "x", map[string]any{"n": "7 and more"}},
		"an event of more than thirty characters [app] it was": {"an event of more than thirty characters [app] it was", "", map[string]any{}},
		// What is no pair, or does not stand behind the event, belongs to it.
		"set n=7 now":                            {"set n=7 now", "", map[string]any{}},
		"set n=7":                                {"set n=7", "", map[string]any{}},
		"it is over" + padding + " n=7 and more": {"it is over" + padding + " n=7 and more", "", map[string]any{}},
		"it is over" + padding + " [not a name]": {"it is over" + padding + " [not a name]", "", map[string]any{}},
		"it is over" + padding + " ='x' n=1":     {"it is over" + padding + " ='x'", "", map[string]any{"n": int64(1)}},
	} {
		b := NewBatch(observed)
		s := newStream(t, Origin{}, 1<<20)
		s.Write(b, []byte("2025-10-01 16:12:05 [info     ] "+message+"\nbelow\n"))
		s.End(b)
		require.Equal(t, 1, b.Len(), message)
		scope := b.Logs().ResourceLogs().At(0).ScopeLogs().At(0)
		record := scope.LogRecords().At(0)
		assert.Equal(t, want.event+"\nbelow", record.Body().Str(), message)
		assert.Equal(t, want.logger, scope.Scope().Name(), message)
		assert.Equal(t, want.attributes, record.Attributes().AsRaw(), message)
	}
}

func TestPairsTakeTimeInProportion(t *testing.T) {
	for _, part := range []string{"a=b ", "a=' ", "a=< ", "a=( ", "a=[[[[ ", "[x] ", "a=x(y  ", `a="\' `} {
		begin := time.Now()
		cutPairs("event  "+strings.Repeat(part, 100_000)+"end", nil)
		require.Less(t, time.Since(begin), 5*time.Second, part)
	}
}

func FuzzPairs(f *testing.F) {
	f.Add("it is over    [app] n=7 title='a b' form={'a': [1]} of=<Meeting 7> when=date(1, 2)")
	f.Fuzz(func(t *testing.T, message string) {
		event, pairs := cutPairs(message, nil)
		rest, isBegin := strings.CutPrefix(message, event)
		require.True(t, isBegin)
		for _, p := range pairs {
			rest = strings.TrimLeft(rest, " ")
			require.True(t, strings.HasPrefix(rest, p.text))
			rest = rest[len(p.text):]
		}
		require.Empty(t, strings.TrimRight(rest, " "))
		record := NewBatch(observed).add("", "", "")
		putPairs(record, pairs)
	})
}
