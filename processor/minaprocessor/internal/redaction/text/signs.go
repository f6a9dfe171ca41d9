package text

import "strings"

// IsBlank is for what separates words in a line.
func IsBlank(c byte) bool { return c == ' ' || c == '\t' }

func isQuote(c byte) bool { return c == '"' || c == '\'' || c == '`' }

// maxBlanks is how many blanks in a row are passed where names and values are aligned.
const maxBlanks = 128

// blanksEnd returns the end of the blanks at a place.
func blanksEnd(text string, at int) int {
	end := at
	for end < len(text) && IsBlank(text[end]) && end-at < maxBlanks {
		end++
	}
	return end
}

// backslashesEnd returns the end of the backslashes at a place.
func backslashesEnd(text string, at int) int {
	for at < len(text) && text[at] == '\\' {
		at++
	}
	return at
}

// quoteAt returns the sign that begins a string at a place, with the backslashes in
// front of it, or nothing.
func quoteAt(text string, at int) string {
	quote := backslashesEnd(text, at)
	if quote < len(text) && isQuote(text[quote]) {
		return text[at : quote+1]
	}
	return ""
}

// newlineEnd returns the end of a newline at a place, also of one that is written as an
// escape, or the place.
func newlineEnd(text string, at int) int {
	if at >= len(text) || text[at] != '\r' && text[at] != '\n' && text[at] != '\\' {
		return at
	}
	for _, newline := range []string{"\r\n", "\n", `\r\n`, `\n`} {
		if hasPrefixAt(text, at, newline) {
			return at + len(newline)
		}
	}
	return at
}

// spacesEnd returns the end of the blanks and newlines at a place, also of those that are
// written as escapes.
func spacesEnd(text string, at int) int {
	end := at
	for end < len(text) && end-at < maxBlanks {
		next := newlineEnd(text, end)
		switch {
		case next > end:
			end = next
		case IsSpace(text[end]):
			end++
		default:
			return end
		}
	}
	return end
}

// isLineEnd reports whether a line ends at a place.
func isLineEnd(text string, at int) bool { return at < len(text) && newlineEnd(text, at) > at }

// lineStart returns where the line begins that a place is in, or the place where it is
// not found.
func lineStart(text string, at int) int {
	const maxLine = 256
	window := max(0, at-maxLine)
	if i := strings.LastIndexByte(text[window:at], '\n'); i >= 0 {
		return window + i + 1
	}
	if window == 0 {
		return 0
	}
	return at
}

// emphasisEnd returns the end of the asterisks that are left behind an operator:
// **Token:** …
func emphasisEnd(text string, at int) int {
	for _, emphasis := range []string{"** ", "* "} {
		if hasPrefixAt(text, at, emphasis) {
			return blanksEnd(text, at+len(emphasis))
		}
	}
	return at
}

// markerEnd returns the end of what somebody has put in place of a part of a value, where
// the rest of it follows: [REDACTED]'…'
func markerEnd(text string, at int) int {
	if !hasPrefixAt(text, at, "[") {
		return at
	}
	end := markerChars.EndWithin(text, at+1, maxNameLen) + 1
	if end < len(text) && text[end-1] == ']' && isOpening(text, end) {
		return end
	}
	return at
}

var markerChars = NewCharset("A-Za-z_:")

func hasPrefixAt(text string, at int, prefix string) bool {
	return at <= len(text) && strings.HasPrefix(text[at:], prefix)
}

func hasPrefixFold(text string, at int, prefix string) bool {
	return at+len(prefix) <= len(text) && strings.EqualFold(text[at:at+len(prefix)], prefix)
}
