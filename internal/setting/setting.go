// Package setting reads what operators put into variables and files, and paste from a
// vendor's page: a token with a line end behind it is the token.
package setting

import (
	"strings"
	"unicode"
)

// Clean returns a text without what is not seen around it (white space, line ends, a byte
// order mark), and without the quotes around it that an env file may have kept.
func Clean(text string) string {
	text = strings.TrimFunc(text, unseen)
	if len(text) < 2 || text[0] != '"' && text[0] != '\'' {
		return text
	}
	if end := len(text) - 1; strings.IndexByte(text[1:], text[0]) == end-1 {
		return strings.TrimFunc(text[1:end], unseen)
	}
	return text
}

// Literal returns what the collector takes for a text and does not expand: a password may
// have dollars.
func Literal(text string) string { return strings.ReplaceAll(text, "$", "$$") }

// unseen reports whether a character is one that nobody sees at the end of a line. Byte
// order marks and zero-width spaces are of the category Cf.
func unseen(r rune) bool {
	return unicode.IsSpace(r) || unicode.IsControl(r) || unicode.Is(unicode.Cf, r)
}
