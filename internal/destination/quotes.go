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
	maxJudged = 1 << 10
)

var (
	quotable = regexp.MustCompile(`[^\s"'` + "`" + `{}()\[\]<>,;=]+`)
	// ordinary is a word of any text. What identifies somebody has a digit or a mark.
	ordinary = regexp.MustCompile(`^[A-Za-z]?[a-z]{1,15}$`)
)

// withoutQuotes returns the beginning of an answer without what it quotes of a body: why
// a record is refused is often said with a piece of it. Several words that stand in the
// body as they do in the answer are a quote, and so is one that is no ordinary word.
func withoutQuotes(text string, body []byte) string {
	if len(text) > maxJudged {
		text = text[:maxJudged]
		text = text[:max(0, strings.LastIndexByte(text, ' '))]
	}
	words := quotable.FindAllStringIndex(text, -1)
	var shown strings.Builder
	done := 0
	for i := 0; i < len(words); {
		n, end := quoteAt(text, words[i:], body)
		if n == 0 {
			i++
			continue
		}
		shown.WriteString(text[done:words[i][0]] + quoted)
		done = end
		i += n
	}
	return shown.String() + text[done:]
}

// quoteAt returns how many of the words, from the first on, are a quote, and where it ends.
func quoteAt(text string, words [][]int, body []byte) (n, end int) {
	start := words[0][0]
	for i, word := range words {
		quote := strings.Trim(text[start:word[1]], ".:!?")
		if !bytes.Contains(body, []byte(quote)) {
			break
		}
		if i > 0 && len(quote) > minQuote || len(quote) >= minQuote && !ordinary.MatchString(quote) {
			n, end = i+1, word[1]
		}
	}
	return n, end
}
