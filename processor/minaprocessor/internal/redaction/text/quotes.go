package text

import "strings"

// closingQuote returns where a string ends, or the end of the text.
func closingQuote(text string, at int, quote string) int {
	for i := at; i < len(text); i++ {
		if strings.HasPrefix(text[i:], quote) {
			return i
		}
		if text[i] == '\\' && len(quote) == 1 {
			i++
		}
	}
	return len(text)
}

// closingBracket returns the end of a container, or of the text.
func closingBracket(text string, at int) int {
	depth := 0
	for i := at; i < len(text); i++ {
		switch c := text[i]; c {
		case '"', '\'':
			i = closingQuote(text, i+1, string(c))
		case '{', '[', '(':
			depth++
		case '}', ']', ')':
			if depth--; depth == 0 {
				return i + 1
			}
		}
	}
	return len(text)
}
