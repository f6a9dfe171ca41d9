package text

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestReadingIsWhatATextMeans(t *testing.T) {
	for text, want := range map[string]string{
		"plain":                    "plain",
		"a%3Db%20c":                "a=b c",
		"100% sure %zz":            "100% sure %zz",
		`\u003d \x3D \/`:           "= = /",
		`\u0001 \x02`:              `\u0001 \x02`,
		"a\x00b%00c":               "abc",
		"&quot;a&#61;&#x3d;b":      `"a==b`,
		"a&b; &#; &#12345;":        "a&b; &#; &#12345;",
		"ａ＝１：２":                    "a=1:2",
		"a\u00a0b\u2009c":          "a b c",
		"4\u2011\u2013\u20144":     "4---4",
		"p\u200ba\u00adss":         "pass",
		"pаsswоrd":                 "password",
		"пароль":                   "пароль",
		"größer café":              "größer café",
		"“a” ‘b’ «c»":              `"a" 'b' "c"`,
		"\x1b[1;36mk\x1b[0m=":      "k=",
		`\u001b[36mk\x1b[0m`:       "k",
		"\x1b[2J a":                "\x1b[2J a",
		"\xff\xfe":                 "\xff\xfe",
		`a:+"b"+c`:                 `a: "b"+c`,
		`\u00e9 \\u5bc6 \xc3\xa9`:  "é 密 é",
		`\ud83d\udc69 \ud83d \u20`: `👩 \ud83d \u20`,
	} {
		var r reading
		assert.Equal(t, text != want, r.read(text, '+'), text)
		assert.Equal(t, want, string(r.text), text)
		assertReading(t, text, &r)
	}
}

// assertReading asserts that each byte of a reading says where it is written, in order.
func assertReading(t *testing.T, text string, r *reading) {
	t.Helper()
	require.Len(t, r.from, len(r.text))
	require.Len(t, r.to, len(r.text))
	end := 0
	for i := range r.text {
		same := i > 0 && r.from[i] == r.from[i-1]
		require.True(t, same && r.to[i] == end || r.from[i] >= end && r.to[i] > r.from[i], text)
		end = r.to[i]
	}
	require.LessOrEqual(t, end, len(text))
}

func TestNameIsReadAsItIsSeen(t *testing.T) {
	for name, want := range map[string]string{
		"password": "password", "pass\u200bword": "password", "pаssword": "password", "ｐassword": "password", "pass\x00word": "password", "pass\nword": "password", "größe": "größe", "a+b": "a+b",
	} {
		assert.Equal(t, want, Seen(name), name)
	}
}

func TestWhatIsUnusualIsSeenAnywhere(t *testing.T) {
	rules := NewRules(nil, Placeholders{}, nil)
	const plain = "a text of ASCII, größer"
	for i := range len("a text of ASCII, gr") {
		for _, c := range []string{"\x00", "\x1b", "\u00a0", "％"} {
			var s Scanner
			s.rules = rules
			s.pass(plain[:i] + c + plain[i:])
			assert.True(t, s.isEncoded, "%q at %d", c, i)
		}
	}
	var s Scanner
	s.rules = rules
	s.pass(plain)
	assert.False(t, s.isEncoded)
}

func TestHitsAreAlignedWithWhatIsMeant(t *testing.T) {
	for _, tt := range []struct {
		text, hit, want string
	}{
		{"a%22483920%22", "22483920", "483920"},
		{"a=secret%20", "secret%20", "secret"},
		{"a=%20secret", "%20secret", ""},
		{"a\x1b[38;5;208msecret\x1b[0m", "\x1b[38", ""},
		{"a\x1b[0msecret\x1b[0m b", "\x1b[0msecret\x1b[0m", "secret"},
		{"a=secret%3", "secret%3", "secret%3"},
		{"a=secret%3D", "secret%3", "secret%3D"},
		{"a='secret'", "'secret'", "'secret'"},
	} {
		var r reading
		r.read(tt.text, '+')
		start := strings.Index(tt.text, tt.hit)
		hit, remains := r.align(Hit{Start: start, End: start + len(tt.hit)})
		assert.Equal(t, tt.want != "", remains, tt.text)
		if remains {
			assert.Equal(t, tt.want, tt.text[hit.Start:hit.End], tt.text)
		}
	}
}

func FuzzReading(f *testing.F) {
	for _, text := range []string{"a%3Db%2520c", `\u003d\x3d\/`, "&quot;&#61;&amp;lt;", "ａ＝\u00a0\u200b–", "pаss\x1b[36mword\x00", "ﬁ½\xff", "+%22+"} {
		f.Add(text, 0, 3)
	}
	f.Fuzz(func(t *testing.T, text string, start, length int) {
		var first, second reading
		differs := first.read(text, '+')
		assertReading(t, text, &first)
		if !differs && string(first.text) != text {
			t.Fatalf("%q is read as %q", text, first.text)
		}
		if utf8.ValidString(text) && !utf8.Valid(first.text) && strings.IndexByte(text, '%') < 0 && !strings.ContainsAny(text, `\&`) {
			t.Fatalf("%q is read as %q", text, first.text)
		}
		second.read(string(first.text), ' ')
		second.through(&first)
		for i := range second.text {
			if second.from[i] < 0 || second.from[i] >= second.to[i] || second.to[i] > len(text) {
				t.Fatalf("%q: [%d:%d]", text, second.from[i], second.to[i])
			}
		}
		if start < 0 || length <= 0 || start > len(text) || length > len(text)-start {
			return
		}
		if hit, remains := first.align(Hit{Start: start, End: start + length}); remains && (hit.Start < start || hit.Start >= hit.End || hit.End > len(text)) {
			t.Fatalf("%q: [%d:%d] becomes [%d:%d]", text, start, start+length, hit.Start, hit.End)
		}
	})
}

func BenchmarkReading(b *testing.B) {
	text := strings.Repeat("token%3Dabc – größer, ｐlain text ", 32)
	var r reading
	r.read(text, '+')
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		r.read(text, '+')
	}
}
