package field

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"
)

func example() Source {
	logs := plog.NewLogs()
	resource := logs.ResourceLogs().AppendEmpty()
	resource.Resource().Attributes().PutStr("service.name", "mina")
	resource.Resource().Attributes().PutInt("process.pid", 4711)
	resource.Resource().Attributes().PutStr("everywhere", "resource")
	scope := resource.ScopeLogs().AppendEmpty()
	scope.Scope().SetName("app.auth")
	scope.Scope().Attributes().PutStr("team", "security")
	scope.Scope().Attributes().PutStr("everywhere", "scope")
	record := scope.LogRecords().AppendEmpty()
	record.SetSeverityText("WARNING")
	record.SetEventName("login")
	attributes := record.Attributes()
	attributes.PutStr("client.address", "203.0.113.9")
	attributes.PutStr("everywhere", "record")
	attributes.PutStr("empty", "")
	attributes.PutEmpty("nothing")
	attributes.PutInt("status", 503)
	attributes.PutDouble("ratio", 0.5)
	attributes.PutBool("cached", true)
	a := attributes.PutEmptyMap("a")
	a.PutStr("b", "inner")
	a.PutEmptyMap("c.d").PutStr("e", "deep")
	attributes.PutStr("a.b.c", "flat")
	attributes.PutEmptySlice("roles").AppendEmpty().SetStr("admin")
	return Source{resource, scope, record}
}

func TestFields(t *testing.T) {
	for name, want := range map[string]string{
		"client.address":  "203.0.113.9",
		"everywhere":      "record",
		"team":            "security",
		"service.name":    "mina",
		"process.pid":     "4711",
		"scope.name":      "app.auth",
		"severity_text":   "WARNING",
		"event_name":      "login",
		"status":          "503",
		"ratio":           "0.5",
		"cached":          "true",
		"a.b":             "inner",
		"a.b.c":           "flat",
		"a.c.d.e":         "deep",
		"a.c.d":           `{"e":"deep"}`,
		"roles":           `["admin"]`,
		"a.":              "",
		".a":              "",
		"":                "",
		"empty":           "",
		"nothing":         "",
		"absent":          "",
		"client.address.": "",
	} {
		t.Run(name, func(t *testing.T) {
			f := Parse(name)
			got, ok := f.Of(example())
			assert.Equal(t, want, got)
			assert.Equal(t, want != "", ok)
			assert.Equal(t, name, f.Name())
		})
	}
}

func TestAnAttributeIsInFrontOfTheRecordsOwn(t *testing.T) {
	s := example()
	s.Record.Attributes().PutStr("severity_text", "loud")
	got, ok := Parse("severity_text").Of(s)
	assert.True(t, ok)
	assert.Equal(t, "loud", got)
}

func TestValuesAreCut(t *testing.T) {
	for name, c := range map[string]struct{ value, want string }{
		"as long as may be":   {strings.Repeat("x", 256), strings.Repeat("x", 256)},
		"longer":              {strings.Repeat("x", 1<<20), strings.Repeat("x", 256)},
		"not in a character":  {"x" + strings.Repeat("ü", 200), "x" + strings.Repeat("ü", 127)},
		"what is no text":     {"a\xffb", "ab"},
		"nothing that is one": {"\xff", ""},
		"bytes in a row":      {strings.Repeat("\x80", 300), ""},
	} {
		t.Run(name, func(t *testing.T) {
			s := example()
			s.Record.Attributes().PutStr("k", c.value)
			got, ok := Parse("k").Of(s)
			assert.Equal(t, c.want, got)
			assert.Equal(t, c.want != "", ok)
		})
	}
}

func TestTextsAreNotCopied(t *testing.T) {
	s, fields := example(), []Field{Parse("client.address"), Parse("scope.name"), Parse("a.b"), Parse("service.name"), Parse("absent.and.more")}
	assert.Zero(t, testing.AllocsPerRun(100, func() {
		for _, f := range fields {
			f.Of(s)
		}
	}))
}

func TestNumbersAreAppendedWithoutMemory(t *testing.T) {
	s, f := example(), Parse("large")
	s.Record.Attributes().PutInt("large", 1<<40)
	room := make([]byte, 0, Longest)
	assert.Zero(t, testing.AllocsPerRun(100, func() { room, _ = f.AppendTo(room[:0], s) }))
	assert.Equal(t, "1099511627776", string(room))
}

func TestFirst(t *testing.T) {
	logs := plog.NewLogs()
	_, ok := First(logs)
	assert.False(t, ok)
	logs.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty()
	logs.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords().AppendEmpty().SetEventName("x")
	s, ok := First(logs)
	require.True(t, ok)
	assert.Equal(t, "x", s.Record.EventName())
}

func FuzzField(f *testing.F) {
	f.Add("a.b", "v")
	f.Add("..", "\xff")
	f.Fuzz(func(t *testing.T, name, value string) {
		s := example()
		s.Record.Attributes().PutStr(name, value)
		got, ok := Parse(name).Of(s)
		if appended, there := Parse(name).AppendTo(nil, s); string(appended) != got || there != ok {
			t.Fatalf("%q appended, %q otherwise", appended, got)
		}
		if ok != (got != "") || len(got) > Longest || !utf8.ValidString(got) {
			t.Fatalf("%q", got)
		}
	})
}

func BenchmarkField(b *testing.B) {
	s := example()
	for _, name := range []string{"client.address", "a.b", "service.name", "absent"} {
		b.Run(name, func(b *testing.B) {
			f := Parse(name)
			b.ReportAllocs()
			for b.Loop() {
				f.Of(s)
			}
		})
	}
}
