package engine

import (
	"encoding/json"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestRows(t *testing.T) {
	for line, expected := range map[string]Row{
		`{"a":"b"}`:                       {"a": "b"},
		`{"a":"b","c.d":""}`:              {"a": "b", "c.d": ""},
		`{"a \"b\"":"\u003cb\u003e\n\\"}`: {`a "b"`: "<b>\n\\"},
		"{\"a\":\"é😀\u202e\"}":            {"a": "é😀\u202e"},
		`{}`:                              {},
		` { "a" : "b" } `:                 {"a": "b"},
		`{"a":"b","a":"c"}`:               {"a": "c"},
	} {
		row, ok := readRow([]byte(line))
		assert.True(t, ok, line)
		assert.Equal(t, expected, row, line)
	}
	for _, line := range []string{"", "null", "x", "{", `{"a"`, `{"a":`, `{"a":"b"`, `{"a":"b",`, `{"a":"b",}`, `{"a":1}`, `{"a":"b"}x`, "{\"a\":\"\n\"}", `{"a":"\`, `{"a":"\x"}`, "cannot execute query"} {
		_, ok := readRow([]byte(line))
		assert.False(t, ok, line)
	}
}

// FuzzRow holds that a row is read as the library reads it.
func FuzzRow(f *testing.F) {
	for _, line := range []string{`{"a":"b","c":"d\n"}`, `{}`, `{"a":"\ud800"}`, `{"a":"b"`, ` {"a":"b"}`, `{"\u0000":"\\"}`} {
		f.Add([]byte(line))
	}
	f.Fuzz(func(t *testing.T, line []byte) {
		if !utf8.Valid(line) {
			t.Skip() // the library replaces what is no UTF-8
		}
		var expected Row
		valid := json.Unmarshal(line, &expected) == nil && expected != nil
		row, ok := readRow(line)
		require.Equal(t, valid, ok)
		if valid {
			require.Equal(t, expected, row)
		}
	})
}

func BenchmarkRow(b *testing.B) {
	line := []byte(`{"_msg":"Request handled","_stream_id":"0000000000000000c2fc86f8c2a0e67586ad8e8256353842","_time":"2026-11-26T16:43:31.130229Z","client.address":"203.0.113.5","latency_ms":"96.258","severity_number":"9","url.path":"/api/meetings/4855","user.name":"ben"}`)
	b.ReportAllocs()
	for b.Loop() {
		if _, ok := readRow(line); !ok {
			b.Fatal("the line cannot be read")
		}
	}
}
