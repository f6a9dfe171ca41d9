package pyjson_test

import (
	"encoding/json"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"

	"github.com/mina-observability/otelcol-mina/internal/pyjson"
)

func TestWhatIsNoEscapeStaysAsItIs(t *testing.T) {
	for literal, want := range map[string]string{
		`""`: "", `"a"`: "a", `"\"\\\/\b\f\n\r\t"`: "\"\\/\b\f\n\r\t", `"\u00e9\ud83d\ude00"`: "é😀", `"\ud800"`: "\ufffd", `"\ud800\u0041"`: "\ufffdA",
		`"\q\x41"`: `\q\x41`, `"\u12"`: `\u12`, `"\uzzzz"`: `\uzzzz`, "\"\n\\n\"": "\n\n", "\"\xff\\n\"": "\xff\n",
	} {
		assert.Equal(t, want, pyjson.Unquote(literal), literal)
	}
}

func TestAQuotedTextIsReadAsItWas(t *testing.T) {
	for _, text := range []string{"", "a", `"\/`, "\x00\x1b[0m\n", "é😀", "<&>\u2028"} {
		quoted := pyjson.Quote(text)
		assert.True(t, json.Valid([]byte(quoted)), quoted)
		assert.Equal(t, text, pyjson.Unquote(quoted), quoted)
	}
	assert.Equal(t, `"<é&>"`, pyjson.Quote("<é&>"), "what needs no escape gets none")
}

func FuzzUnquoteAgainstEncodingJSON(f *testing.F) {
	for _, text := range []string{`"\"\\\/\b\f\n\r\t"`, `"\u00e9\ud83d\ude00\ud800\ud800\udc00"`, `"plain"`} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var want string
		if utf8.ValidString(text) && len(text) > 1 && text[0] == '"' && text[len(text)-1] == '"' && json.Unmarshal([]byte(text), &want) == nil {
			if got := pyjson.Unquote(text); got != want {
				t.Fatalf("%q is %q, not %q", text, got, want)
			}
		}
		if utf8.ValidString(text) && pyjson.Unquote(pyjson.Quote(text)) != text {
			t.Fatalf("%q is not read as it was", text)
		}
	})
}

func BenchmarkUnquote(b *testing.B) {
	const literal = `"Traceback (most recent call last):\n  File \"/srv/app/views.py\", line 12, in get\nValueError: caf\u00e9"`
	b.ReportAllocs()
	b.SetBytes(int64(len(literal)))
	for b.Loop() {
		pyjson.Unquote(literal)
	}
}
