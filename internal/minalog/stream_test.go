package minalog

import (
	"bytes"
	"fmt"
	"math"
	"os"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/mina-observability/otelcol-mina/internal/minaattr"
)

func records(b *Batch) (all []plog.LogRecord) {
	for _, rl := range b.Logs().ResourceLogs().All() {
		for _, sl := range rl.ScopeLogs().All() {
			for _, record := range sl.LogRecords().All() {
				all = append(all, record)
			}
		}
	}
	return all
}

func TestPendingCoversWhatIsNotComplete(t *testing.T) {
	const (
		header = "2025-10-01 16:12:05,785 INFO app: one\n"
		json   = `{"message": "two"}` + "\n"
		part   = "2025-10-01T16:12:05Z stdout P half \n"
		rest   = "2025-10-01T16:12:05Z stdout F line\n"
		other  = "2025-10-01T16:12:05Z stderr F other\n"
	)
	s, b := newStream(t, Origin{}, 1000), NewBatch(observed)
	for i, step := range []struct {
		line             string
		pending, records int
	}{
		{header, len(header), 0},
		{"goes on\n", len(header) + len("goes on\n"), 0},
		{json, 0, 2},
		{part, len(part), 2},
		{other, len(part) + len(other), 3},
		{rest, 0, 4},
		{"no newline", len("no newline"), 4},
		{"\n", 0, 5},
		{header, len(header), 5},
	} {
		s.Write(b, []byte(step.line))
		assert.EqualValues(t, step.pending, s.Pending(), i)
		assert.Equal(t, step.records, b.Len(), i)
	}
	s.Flush(b)
	assert.Zero(t, s.Pending())
	assert.Equal(t, 6, b.Len())
}

func TestAnyCutOfTheInputGivesTheSameRecords(t *testing.T) {
	block, err := os.ReadFile("testdata/lines/text.log")
	require.NoError(t, err)
	whole := NewBatch(observed)
	s := newStream(t, Origin{}, 1<<20)
	s.Write(whole, block)
	s.Flush(whole)

	byLine := NewBatch(observed)
	s = newStream(t, Origin{}, 1<<20)
	for line := range strings.Lines(string(block)) {
		s.Write(byLine, []byte(line))
	}
	s.Flush(byLine)
	require.Len(t, records(byLine), whole.Len())
	for i, record := range records(whole) {
		assert.Equal(t, record.Body().AsString(), records(byLine)[i].Body().AsString())
	}
}

func TestLineBeyondTheLimitIsCutAndMarked(t *testing.T) {
	s, b := newStream(t, Origin{}, 100), NewBatch(observed)
	s.Write(b, []byte(`{"message": "`+strings.Repeat("x", 87))) // a part of 100 bytes, as the tail cuts it
	s.Write(b, []byte(strings.Repeat("y", 100)))
	s.Write(b, []byte("\"}\n"+`{"message": "next"}`+"\n"))
	got := records(b)
	require.Len(t, got, 4)
	for _, record := range got[:3] {
		reason, _ := record.Attributes().Get(minaattr.ParseError)
		assert.Equal(t, "too_long", reason.Str())
	}
	assert.Equal(t, "next", got[3].Body().Str())
	assert.EqualValues(t, 3, b.Failures[TooLong])
}

func TestContinuationLinesStopAtTheLimit(t *testing.T) {
	s, b := newStream(t, Origin{}, 1000), NewBatch(observed)
	s.Write(b, []byte("2025-10-01 16:12:05,785 INFO app: one\n"+strings.Repeat("a continuation line\n", 1000)))
	s.Flush(b)
	total := 0
	for _, record := range records(b) {
		assert.LessOrEqual(t, len(record.Body().Str()), 1000)
		total += strings.Count(record.Body().Str(), "a continuation line")
	}
	assert.Equal(t, 1000, total)
}

func TestObservedTimestampsKeepTheOrderOfTheFile(t *testing.T) {
	b := NewBatch(observed)
	s := newStream(t, Origin{}, 1000)
	for i := range 100 {
		s.Write(b, fmt.Appendf(nil, `{"message": "%d", "process_id": %d, "logger": "l%d"}`+"\n", i, i%2, i%3))
	}
	assert.Equal(t, 2, b.Logs().ResourceLogs().Len())
	for _, rl := range b.Logs().ResourceLogs().All() {
		assert.Equal(t, 3, rl.ScopeLogs().Len())
	}
	for _, record := range records(b) {
		assert.Equal(t, fmt.Sprint(int64(record.ObservedTimestamp())-observed.UnixNano()), record.Body().Str())
	}
}

func TestFormatsAreHeldTo(t *testing.T) {
	const lines = `{"message": "json"}` + "\n" + "2025-10-01 16:12:05,785 INFO app: text\n"
	for format, want := range map[string][]string{
		FormatAuto: {"json", "text"},
		FormatJSON: {"json", "2025-10-01 16:12:05,785 INFO app: text"},
		FormatText: {`{"message": "json"}`, "text"},
	} {
		b := NewBatch(observed)
		s := newStream(t, Origin{}, 1000, func(c *Config) { c.Format = format })
		s.Write(b, []byte(lines))
		s.Flush(b)
		var got []string
		for _, record := range records(b) {
			got = append(got, record.Body().Str())
		}
		assert.ElementsMatch(t, want, got, format)
	}
}

func TestOriginalAndPath(t *testing.T) {
	b := NewBatch(observed)
	s := newStream(t, Origin{FileName: "a.log", FilePath: "/x/a.log"}, 1000, func(c *Config) { c.IncludeOriginal = true })
	s.Write(b, []byte(`{"message": "m", "log.file.name": "already there"}`+"\n2025-10-01 16:12:05,785 INFO app: text\nmore\n"))
	s.Flush(b)
	got := records(b)
	require.Len(t, got, 2)
	assert.Equal(t, map[string]any{
		"log.file.name": "already there", "log.file.path": "/x/a.log",
		"log.record.original": `{"message": "m", "log.file.name": "already there"}`,
	}, got[0].Attributes().AsRaw())
	original, _ := got[1].Attributes().Get("log.record.original")
	assert.Equal(t, "2025-10-01 16:12:05,785 INFO app: text\nmore", original.Str())
}

func TestDeepNestingIsKeptAsText(t *testing.T) {
	for _, depth := range []int{MaxDepth - 1, MaxDepth, MaxDepth + 1, 200, 299, 300, 5000} {
		line := `{"message": "deep", "a": ` + strings.Repeat(`[`, depth) + `"x\"y"` + strings.Repeat(`]`, depth) + `}`
		b := NewBatch(observed)
		NewStream(Origin{}, 1<<20).Write(newDecoder(t), b, line+"\n")
		got := records(b)
		require.Len(t, got, 1)
		require.Zero(t, b.Failures, depth)
		value, _ := got[0].Attributes().Get("a")
		nested := 0
		for value.Type() == pcommon.ValueTypeSlice {
			value = value.Slice().At(0)
			nested++
		}
		assert.Equal(t, min(depth, MaxDepth), nested, depth)
		if depth > MaxDepth {
			rest := depth - MaxDepth
			assert.True(t, strings.Repeat(`[`, rest)+`"x\"y"`+strings.Repeat(`]`, rest) == value.Str(), depth)
		}
	}
}

func TestNaNStaysANumber(t *testing.T) {
	b := NewBatch(observed)
	NewStream(Origin{}, 1000).Write(newDecoder(t), b, `{"nan": NaN}`+"\n")
	value, _ := records(b)[0].Attributes().Get("nan")
	assert.True(t, math.IsNaN(value.Double()))
}

func TestManyDifferentKeysDoNotGrowTheDecoder(t *testing.T) {
	d := newDecoder(t)
	s := testStream{NewStream(Origin{}, 1<<20), d}
	for i := range 3 * maxOthers {
		b := NewBatch(observed)
		s.Write(b, fmt.Appendf(nil, `{"key%d": 1, "key%d": 2}`+"\n", i, i))
		require.Equal(t, 1, records(b)[0].Attributes().Len())
	}
	assert.LessOrEqual(t, len(d.json.keys.others), 1)
}

func FuzzStream(f *testing.F) {
	for _, name := range []string{"mina_json", "python_json", "text", "gunicorn", "container", "unknown", "other_formatters", "logging_json", "platforms_json", "odd_values"} {
		block, err := os.ReadFile("testdata/lines/" + name + ".log")
		require.NoError(f, err)
		f.Add(block)
	}
	f.Fuzz(func(t *testing.T, block []byte) {
		b := NewBatch(observed)
		s := newStream(t, Origin{FileName: "a.log", Text: 1}, 4096)
		s.Write(b, block)
		s.Flush(b)
		if s.Pending() != 0 {
			t.Fatalf("%d bytes are pending after a flush", s.Pending())
		}
		if b.Len() != b.Logs().LogRecordCount() {
			t.Fatalf("%d records counted, %d there", b.Len(), b.Logs().LogRecordCount())
		}
		marshaler := plog.ProtoMarshaler{}
		wire, err := marshaler.MarshalLogs(b.Logs())
		require.NoError(t, err)
		unmarshaler := plog.ProtoUnmarshaler{}
		_, err = unmarshaler.UnmarshalLogs(wire)
		require.NoError(t, err)
		seen := map[string]string{}
		for _, record := range records(b) {
			requireValidUTF8(t, record.Body())
			requireValidUTF8Map(t, record.Attributes())
			if uid := uidOf(record); len(uid) == 28 { // and not one that the line has
				require.NotContains(t, seen, uid, "%q", record.Body().AsString())
				seen[uid] = record.Body().AsString()
			}
		}
	})
}

func linesOfFile(t testing.TB, path string) [][]byte {
	t.Helper()
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	return bytes.SplitAfter(text, []byte("\n"))
}

func FuzzDecodeJSON(f *testing.F) {
	f.Add([]byte(`[{"message":"a"}, {"message":"b"}]`))
	f.Add([]byte("{\"message\":\"a\"}\n{\"b\": [Infinity]}"))
	for _, name := range []string{"other_formatters", "logging_json", "platforms_json", "odd_values"} {
		for _, line := range linesOfFile(f, "testdata/lines/"+name+".log") {
			f.Add(line)
		}
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		b := NewBatch(observed)
		if err := newDecoder(t).DecodeJSON(t.Context(), b, body, 4096); err == nil {
			require.Equal(t, b.Len(), b.Logs().LogRecordCount())
			require.Equal(t, b.Len(), SizeOfJSON(body).Records)
		}
		for _, record := range records(b) {
			requireValidUTF8(t, record.Body())
			requireValidUTF8Map(t, record.Attributes())
		}
	})
}

func requireValidUTF8(t *testing.T, value pcommon.Value) {
	switch value.Type() {
	case pcommon.ValueTypeStr:
		if !utf8.ValidString(value.Str()) {
			t.Fatalf("%q is not valid UTF-8", value.Str())
		}
	case pcommon.ValueTypeMap:
		requireValidUTF8Map(t, value.Map())
	case pcommon.ValueTypeSlice:
		for _, element := range value.Slice().All() {
			requireValidUTF8(t, element)
		}
	default:
	}
}

func requireValidUTF8Map(t *testing.T, attributes pcommon.Map) {
	seen := map[string]bool{}
	for key, value := range attributes.All() {
		if key == "" || seen[key] {
			t.Fatalf("the key %q is empty, or there twice", key)
		}
		seen[key] = true
		if !utf8.ValidString(key) {
			t.Fatalf("%q is not valid UTF-8", key)
		}
		requireValidUTF8(t, value)
	}
}

func TestContainerTimeWithoutAnOffset(t *testing.T) {
	b := NewBatch(observed)
	s := newStream(t, Origin{}, 1000)
	s.Write(b, []byte("2025-10-01T16:12:05 stdout F text\n2025-10-01T16:12:05 rest\n"))
	s.End(b)
	got := records(b)
	require.Len(t, got, 2)
	assert.Equal(t, "text", got[0].Body().Str())
	assert.Equal(t, "2025-10-01T16:12:05Z", got[0].Timestamp().AsTime().Format(time.RFC3339))
}

func TestTheBodyOfABareTracebackIsShort(t *testing.T) {
	message := strings.Repeat("x", 250<<10)
	b, d := NewBatch(time.Now()), newDecoder(t)
	s := NewStream(Origin{}, 1<<20)
	s.Write(d, b, "Traceback (most recent call last):\n  File \"a.py\", line 1, in f\nValueError: "+message+"\n")
	s.Flush(d, b)
	record := records(b)[0]
	assert.Less(t, len(record.Body().Str()), 5<<10)
	assert.True(t, strings.HasPrefix(record.Body().Str(), "ValueError: xxx"))
	exception, _ := record.Attributes().Get("exception")
	whole, _ := exception.Map().Get("message")
	assert.Equal(t, message, whole.Str())
}
