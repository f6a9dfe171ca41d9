package condition

import (
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestWordsOfPatterns(t *testing.T) {
	exact := func(texts ...string) (all words) {
		for _, text := range texts {
			all = append(all, word{text: text})
		}
		return all
	}
	for pattern, want := range map[string]words{
		`Login failed`:                exact("Login failed"),
		`^Login.*failed for user$`:    exact("failed for user"),
		`a\.b`:                        exact("a.b"),
		`(?:locked|refused) by`:       exact("locked", "refused"),
		`(a|bb) longer`:               exact(" longer"),
		`(?:ab){2,}`:                  exact("ab"),
		`(?:ab){0,2}c`:                exact("c"),
		`(ab)+`:                       exact("ab"),
		`ab?`:                         exact("a"),
		`(?i)Login 5`:                 {{"login 5", true}},
		`(?i:login) Failed`:           exact(" Failed"),
		`(?i)ü`:                       nil,
		"\uFFFD":                      nil,
		`a|`:                          nil,
		`\d+`:                         nil,
		`x*`:                          nil,
		``:                            nil,
		`(`:                           nil,
		`aa|bb|cc|dd|ee|ff|gg|hh`:     exact("aa", "bb", "cc", "dd", "ee", "ff", "gg", "hh"),
		`aa|bb|cc|dd|ee|ff|gg|hh|iij`: nil,
	} {
		t.Run(pattern, func(t *testing.T) {
			got, plain := wordsOf(pattern)
			assert.Equal(t, want, got)
			assert.Equal(t, pattern == "Login failed" || pattern == `a\.b`, plain)
		})
	}
}

// FuzzWords holds that a text with a match has one of the words, and what is plain no more.
func FuzzWords(f *testing.F) {
	for _, pattern := range patterns {
		f.Add(pattern, "Login failed")
	}
	f.Add("(?i)SUE", "for \u017Fue")
	f.Add("(?i)kelvin", "\u212Aelvin")
	f.Add("(?:xy){0,2}z", "z")
	f.Fuzz(func(t *testing.T, pattern, text string) {
		expression, err := regexp.Compile(pattern)
		if err != nil {
			return
		}
		w, plain := wordsOf(pattern)
		if matches := expression.MatchString(text); matches && !w.in(text) || plain && matches != w.in(text) {
			t.Fatalf("%q on %q is %v, with the words %v, plain %v", pattern, text, matches, w, plain)
		}
	})
}

func BenchmarkWords(b *testing.B) {
	text := strings.Repeat("2026-11-26 13:00:05 INFO app.db connected in 5 ms ", 4)
	for _, pattern := range []string{"Password changed", "(?i)password changed", "locked|refused|denied"} {
		b.Run(pattern, func(b *testing.B) {
			w, _ := wordsOf(pattern)
			b.ReportAllocs()
			for b.Loop() {
				w.in(text)
			}
		})
	}
}
