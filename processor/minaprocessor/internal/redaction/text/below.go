package text

import (
	"strings"
	"unicode/utf8"
)

// What loguru draws below a line of source, from a name to its value.
const (
	pipe   = "│"
	corner = "└"
)

// shownBelow is the form of loguru and better_exceptions, which show below a line of source
// what its names were, from the column on in which a name begins:
//
//	login(user, password)
//	│     │     └ '…'
//	│     └ 'ana'
//	└ <function login at 0x7f2c1c7fe700>
func shownBelow(c *Cursor, n name) (a Assignment, found bool) {
	const maxLines = 16
	text := c.Text
	if n.words > 0 || c.IndexEnd(corner, n.end) < 0 {
		return a, false
	}
	start := n.start + strings.LastIndexByte(text[n.start:n.end], '.') + 1
	before := text[lineStart(text, start):start]
	if strings.ContainsAny(before, pipe+corner+"├") { // it is drawn itself, as in a tree of files
		return a, false
	}
	column := utf8.RuneCountInString(before)
	line := nextLine(text, n.end)
	for range maxLines {
		at := drawnAt(text, line, column)
		switch {
		case hasPrefixAt(text, at, pipe):
			line = nextLine(text, at)
		case hasPrefixAt(text, at, corner):
			a.Value = blanksEnd(text, at+len(corner))
			a.end = lineEnd(text[:min(len(text), a.Value+maxInside)], a.Value)
			return a, a.Value < a.end && text[a.Value] != '<' // an object, which may have names of its own
		default:
			return a, false
		}
	}
	return a, false
}

// nextLine returns where the next line begins, or the end.
func nextLine(text string, at int) int {
	end := lineEnd(text[:min(len(text), at+maxInside)], at)
	return max(newlineEnd(text, end), end)
}

// drawnAt returns the place in a line that is in a column, if only blanks and pipes are in
// front of it, or the end.
func drawnAt(text string, at, column int) int {
	for range column {
		switch {
		case hasPrefixAt(text, at, " "):
			at++
		case hasPrefixAt(text, at, pipe):
			at += len(pipe)
		default:
			return len(text)
		}
	}
	return at
}
