package destination

import (
	"bytes"
	"regexp"
	"strings"
)

const (
	// quoted stands for what an answer quotes of the records.
	quoted = "[…]"
	// minQuote is how long a quote must be to be one, in bytes.
	minQuote = 4
	// maxJudged is how much of an answer is looked at, in bytes: more than is printed.
	maxJudged = 4 << 10
)

var (
	quotable = regexp.MustCompile(`[^\s"'` + "`" + `{}()\[\]<>,;=]+`)
	// ordinary is a word of any text. What identifies somebody has a digit or a mark.
	ordinary = regexp.MustCompile(`^[A-Za-z]?[a-z]{1,15}$`)
)

// withoutQuotes returns the beginning of an answer without what it quotes of a body: why
// a record is refused is often said with a piece of it.
func withoutQuotes(text string, body []byte) string {
	return quotable.ReplaceAllStringFunc(text[:min(len(text), maxJudged)], func(word string) string {
		quote := strings.Trim(word, ".:!?")
		if len(quote) < minQuote || ordinary.MatchString(quote) || !bytes.Contains(body, []byte(quote)) {
			return word
		}
		return quoted
	})
}
