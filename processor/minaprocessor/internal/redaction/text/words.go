package text

import "strings"

// SplitWords splits a name into words: at everything that is no letter or digit,
// between lower and upper case, and before the last capital of an acronym
// (APIKey is API, Key).
func SplitWords(words []string, name string) []string {
	start := 0
	cut := func(end int) {
		if end > start {
			words = append(words, name[start:end])
		}
		start = end
	}
	for i := 0; i < len(name); i++ {
		c := name[i]
		switch {
		case !IsAlnum(c) && c < 0x80:
			cut(i)
			start = i + 1
		case i > start && IsUpper(c) && (!IsUpper(name[i-1]) || i+1 < len(name) && IsLower(name[i+1])):
			cut(i)
		}
	}
	cut(len(name))
	return words
}

// Word is a word of a name as phrases have it: password2 is password.
func Word(text string) string {
	return strings.ToLower(strings.TrimRight(text, "0123456789"))
}

// HasSuffixFold is strings.HasSuffix whatever the case.
func HasSuffixFold(text, suffix string) bool {
	return len(text) >= len(suffix) && strings.EqualFold(text[len(text)-len(suffix):], suffix)
}
