package truncate

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/pdatatest/plogtest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/xpdata"
	"go.uber.org/goleak"

	"github.com/mina-observability/otelcol-mina/internal/minaattr"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestText(t *testing.T) {
	long := strings.Repeat("ä", 100)
	once := Text(long, 101)
	for name, tt := range map[string]struct {
		text string
		most int
		want string
	}{
		"short":                       {"short", 5, "short"},
		"whole characters":            {long, 101, strings.Repeat("ä", 43) + Mark},
		"again":                       {once, 60, strings.Repeat("ä", 22) + Mark},
		"no room":                     {long, 3, Mark},
		"not within what is redacted": {strings.Repeat("a", 80) + "[REDACTED:credit_card]" + long, 105, strings.Repeat("a", 80) + Mark},
		"behind what is redacted":     {strings.Repeat("a", 60) + "[REDACTED:credit_card]" + long, 104, strings.Repeat("a", 60) + "[REDACTED:credit_card]" + "äää" + Mark},
	} {
		t.Run(name, func(t *testing.T) { assert.Equal(t, tt.want, Text(tt.text, tt.most)) })
	}
}

func TestTail(t *testing.T) {
	lines := strings.Repeat("  File \"a.py\", line 1, in f\n", 20) + "ValueError: no"
	once := Tail(lines, 200)
	for name, tt := range map[string]struct {
		text string
		most int
		want string
	}{
		"short":                        {"short", 5, "short"},
		"whole lines":                  {lines, 80, firstLine + "  File \"a.py\", line 1, in f\nValueError: no"},
		"a cut between lines":          {lines, len(firstLine) + len("ValueError: no"), firstLine + "ValueError: no"},
		"again":                        {once, 80, firstLine + "  File \"a.py\", line 1, in f\nValueError: no"},
		"a long line":                  {strings.Repeat("ä", 100), 39, firstLine + strings.Repeat("ä", 11)},
		"no room":                      {lines, 3, firstLine},
		"not within what is redacted":  {strings.Repeat("a", 80) + "[REDACTED:credit_card]" + strings.Repeat("b", 50), len(firstLine) + 60, firstLine + strings.Repeat("b", 50)},
		"in front of what is redacted": {strings.Repeat("a", 80) + "[REDACTED:credit_card]" + strings.Repeat("b", 50), len(firstLine) + 74, firstLine + "aa[REDACTED:credit_card]" + strings.Repeat("b", 50)},
	} {
		t.Run(name, func(t *testing.T) { assert.Equal(t, tt.want, Tail(tt.text, tt.most)) })
	}
}

var placeholder = regexp.MustCompile(`\[(REDACTED:token|HASH:0123456789ABCDEF)\]`)

func TestNoCutDividesACharacterOrAPlaceholder(t *testing.T) {
	for _, text := range []string{
		strings.Repeat("token=[REDACTED:token] für ", 20),
		strings.Repeat("token=[REDACTED:token] für\n", 20),
		"€" + strings.Repeat("[[HASH:0123456789ABCDEF]]", 20) + "ü",
	} {
		for most := range len(text) {
			for _, cut := range []string{Text(text, most), Tail(text, most)} {
				require.LessOrEqual(t, len(cut), max(most, len(firstLine)))
				require.True(t, utf8.ValidString(cut), "%d: %q", most, cut)
				whole := placeholder.ReplaceAllString(strings.ReplaceAll(cut, Mark, ""), "")
				require.NotRegexp(t, "[A-Z0-9:]", whole, "half a placeholder, of %d bytes", most)
			}
		}
	}
}

func TestTracebacksKeepTheirEnds(t *testing.T) {
	text := strings.Repeat("  File \"a.py\", line 1, in f\n", 40_000) + "ValueError: no"
	for name, put := range map[string]func(plog.LogRecord){
		"exception.stacktrace": func(r plog.LogRecord) { r.Attributes().PutStr("exception.stacktrace", text) },
		"exception":            func(r plog.LogRecord) { r.Attributes().PutEmptyMap("exception").PutStr("traceback", text) },
		"error.stack":          func(r plog.LogRecord) { r.Attributes().PutStr("error.stack", text) },
		"body":                 func(r plog.LogRecord) { r.Body().SetStr("Traceback (most recent call last):\n" + text) },
	} {
		t.Run(name, func(t *testing.T) {
			record := plog.NewLogRecord()
			put(record)
			require.True(t, Record(record, most))
			assert.Contains(t, fmt.Sprint(record.Body().AsString(), record.Attributes().AsRaw()), "ValueError: no")
			mark, _ := record.Attributes().Get(minaattr.Truncated)
			assert.Equal(t, name, mark.Str())
		})
	}
}

// fill gives a record what makes it too long.
var fill = map[string]func(plog.LogRecord){
	"a body": func(r plog.LogRecord) { r.Body().SetStr(strings.Repeat("ä", 1<<20)) },
	"three copies": func(r plog.LogRecord) {
		text := strings.Repeat("x", 250_000)
		r.Body().SetStr(text)
		r.Attributes().PutStr("exception.message", text)
		r.Attributes().PutStr("exception.stacktrace", text)
	},
	"a nested text": func(r plog.LogRecord) {
		r.Body().SetEmptyMap().PutEmptySlice("a").AppendEmpty().SetStr(strings.Repeat("x", 1<<20))
	},
	"bytes":          func(r plog.LogRecord) { r.Attributes().PutEmptyBytes("b").FromRaw(make([]byte, 1<<20)) },
	"a severity":     func(r plog.LogRecord) { r.SetSeverityText(strings.Repeat("x", 1<<20)) },
	"an event":       func(r plog.LogRecord) { r.SetEventName(strings.Repeat("x", 1<<20)) },
	"a key":          func(r plog.LogRecord) { r.Attributes().PutStr(strings.Repeat("k", 1<<20), "value") },
	"a nested key":   func(r plog.LogRecord) { r.Attributes().PutEmptyMap("m").PutStr(strings.Repeat("k", 1<<20), "value") },
	"small entries":  func(r plog.LogRecord) { putMany(r.Attributes()) },
	"a nested map":   func(r plog.LogRecord) { putMany(r.Attributes().PutEmptyMap("m")) },
	"a body's map":   func(r plog.LogRecord) { putMany(r.Body().SetEmptyMap()) },
	"a list":         func(r plog.LogRecord) { appendMany(r.Body().SetEmptySlice()) },
	"lists in lists": func(r plog.LogRecord) { nest(r.Body().SetEmptySlice(), 7) },
	"everything": func(r plog.LogRecord) {
		putMany(r.Body().SetEmptyMap())
		putMany(r.Attributes())
		r.Attributes().PutStr("text", strings.Repeat("x", 1<<20))
		r.SetSeverityText(strings.Repeat("x", 1<<20))
	},
}

// marks name what has been cut of them.
var marks = map[string]string{
	"a body": "body", "three copies": "body, exception.message, exception.stacktrace", "a nested text": "body", "bytes": "b",
	"a severity": "severity_text", "an event": "event_name", "a key": "attributes", "a nested key": "attributes",
	"small entries": "attributes", "a nested map": "m", "a body's map": "body", "a list": "body", "lists in lists": "body",
	"everything": "severity_text, text, body, attributes",
}

func putMany(m pcommon.Map) {
	var entries xpdata.MapBuilder
	for key, value := range m.All() {
		value.MoveTo(entries.AppendEmpty(key))
	}
	for i := range 50_000 {
		entries.AppendEmpty(fmt.Sprintf("key %d", i)).SetInt(int64(i))
	}
	entries.UnsafeIntoMap(m)
}

func appendMany(s pcommon.Slice) {
	for i := range 300_000 {
		s.AppendEmpty().SetInt(int64(i))
	}
}

func nest(s pcommon.Slice, depth int) {
	for range 4 {
		if depth == 0 {
			s.AppendEmpty().SetStr("leaf")
		} else {
			nest(s.AppendEmpty().SetEmptySlice(), depth-1)
		}
	}
}

const most = 512 << 10

func TestLongRecords(t *testing.T) {
	for name, put := range fill {
		t.Run(name, func(t *testing.T) {
			record := plog.NewLogRecord()
			record.Attributes().PutStr("service", "mina")
			put(record)
			require.True(t, Record(record, most))
			marshaler := plog.ProtoMarshaler{}
			size := marshaler.LogRecordSize(record)
			assert.LessOrEqual(t, size, most)
			mark, _ := record.Attributes().Get(minaattr.Truncated)
			assert.Equal(t, marks[name], mark.Str())
			kept, _ := record.Attributes().Get("service")
			assert.Equal(t, "mina", kept.Str(), "what is short stays")

			before := plog.NewLogRecord()
			record.CopyTo(before)
			assert.False(t, Record(record, most), "what has been cut fits")
			assert.NoError(t, plogtest.CompareLogRecord(before, record))
		})
	}
}

func TestAsMuchIsKeptAsFits(t *testing.T) {
	marshaler := plog.ProtoMarshaler{}
	for name, put := range fill {
		if strings.Contains(name, "key") { // a key goes whole
			continue
		}
		t.Run(name, func(t *testing.T) {
			record := plog.NewLogRecord()
			put(record)
			Record(record, most)
			assert.Greater(t, marshaler.LogRecordSize(record), most/8)
		})
	}
}

func TestTheLongestTextsAreCut(t *testing.T) {
	record := plog.NewLogRecord()
	record.Body().SetStr(strings.Repeat("b", 10_000))
	record.Attributes().PutStr("long", strings.Repeat("l", 400_000))
	record.Attributes().PutStr("longer", strings.Repeat("m", 900_000))
	require.True(t, Record(record, most))
	length := func(key string) int {
		value, _ := record.Attributes().Get(key)
		return len(value.Str())
	}
	assert.Len(t, record.Body().Str(), 10_000, "the body is whole")
	assert.InDelta(t, (most-10_000)/2, length("long"), longestMark)
	assert.InDelta(t, (most-10_000)/2, length("longer"), longestMark)
	assert.Zero(t, record.DroppedAttributesCount())
}

func TestDroppedAttributesAreCounted(t *testing.T) {
	record := plog.NewLogRecord()
	putMany(record.Attributes())
	record.SetDroppedAttributesCount(7)
	require.True(t, Record(record, most))
	assert.Equal(t, 50_000+7, record.Attributes().Len()-1+int(record.DroppedAttributesCount()))
}

func TestShortRecordsStay(t *testing.T) {
	record := plog.NewLogRecord()
	record.Body().SetStr(strings.Repeat("x", most-100))
	assert.False(t, Record(record, most))
	assert.Len(t, record.Body().Str(), most-100)
}

func TestResourcesAndScopes(t *testing.T) {
	for name, put := range map[string]func(pcommon.Map){
		"a text": func(m pcommon.Map) { m.PutStr("text", strings.Repeat("x", 1<<20)) },
		"a key":  func(m pcommon.Map) { m.PutStr(strings.Repeat("k", 1<<20), "") },
		"many":   putMany,
	} {
		t.Run(name, func(t *testing.T) {
			logs := plog.NewLogs()
			rl := logs.ResourceLogs().AppendEmpty()
			rl.SetSchemaUrl(strings.Repeat("u", 1<<20))
			put(rl.Resource().Attributes())
			sl := rl.ScopeLogs().AppendEmpty()
			sl.SetSchemaUrl(strings.Repeat("u", 1<<20))
			sl.Scope().SetName(strings.Repeat("n", 1<<20))
			sl.Scope().SetVersion(strings.Repeat("v", 1<<20))
			put(sl.Scope().Attributes())

			assert.True(t, Resource(rl, most/8))
			assert.True(t, Scope(sl, most/8))
			marshaler := plog.ProtoMarshaler{}
			assert.LessOrEqual(t, marshaler.LogsSize(logs), most/4)
			assert.False(t, Resource(rl, most/8))
			assert.False(t, Scope(sl, most/8))
		})
	}
}

func TestHalve(t *testing.T) {
	logs := plog.NewLogs()
	records := logs.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords()
	records.AppendEmpty().Body().SetStr(strings.Repeat("x", 1000))
	for _, want := range []int{500, 256} {
		require.True(t, AnyLong(logs))
		logs = Halve(logs)
		record := logs.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(0)
		assert.Len(t, record.Body().Str(), want)
	}
	assert.False(t, AnyLong(logs))
}

// FuzzRecord cuts records of all shapes, and their texts stay texts.
func FuzzRecord(f *testing.F) {
	f.Add("text", "key", uint16(3000), uint8(3))
	f.Add("[REDACTED:x]", "ä", uint16(1), uint8(200))
	f.Fuzz(func(t *testing.T, text, key string, times uint16, entries uint8) {
		const most = 16 << 10
		text = strings.Repeat(strings.ToValidUTF8(text, "?"), int(times)%300)
		record := plog.NewLogRecord()
		record.Body().SetStr(text)
		for i := range entries {
			record.Attributes().PutEmptyMap(fmt.Sprint(key, i)).PutStr(key, text)
		}
		cut := Record(record, most)
		marshaler := plog.ProtoMarshaler{}
		require.LessOrEqual(t, marshaler.LogRecordSize(record), most)
		require.True(t, utf8.ValidString(record.Body().Str()))
		require.False(t, cut && Record(record, most))
	})
}

// BenchmarkRecord is what a record pays that is not too long.
func BenchmarkRecord(b *testing.B) {
	record := plog.NewLogRecord()
	record.Body().SetStr("Transcription finished")
	for i := range 20 {
		record.Attributes().PutStr(fmt.Sprintf("attribute.%d", i), "value")
	}
	b.ReportAllocs()
	for b.Loop() {
		Record(record, most)
	}
}
