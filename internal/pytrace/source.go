package pytrace

import (
	"bytes"
	"math"
)

const (
	// sourceIndent is how far Python indents the source below a frame, which itself it
	// indents by two.
	sourceIndent = 4
	// maxSourceLines is how many lines below a frame are taken for source and what is
	// marked or told of it.
	maxSourceLines = 16
)

// IsSource reports whether a line shows source of the frame that a text ends in,
// whatever else it looks like.
func IsSource(line, text []byte) bool {
	indent := indentOf(line)
	return indent >= sourceIndent && isBelowFrame(text, indent)
}

// IsException reports whether a line names the exception of the frames that a text ends
// in, whatever its message looks like.
func IsException(line, text []byte) bool {
	class, _, ok := cutClass(line)
	return ok && couldBeException(class) && isBelowFrame(text, math.MaxInt)
}

// isBelowFrame reports whether a text ends in a frame that is indented less, and its source.
func isBelowFrame(text []byte, indent int) bool {
	for range maxSourceLines {
		start := bytes.LastIndexByte(text, '\n') + 1
		last := text[start:]
		at := indentOf(last)
		if k := kindOf(last[at:]); k == frame || k == place {
			return at < indent
		}
		if start == 0 || at < sourceIndent && len(last) > 0 {
			return false // loguru leaves lines blank below a frame
		}
		text = text[:start-1]
	}
	return false
}

// indentOf returns where a line begins behind blanks and the margin of a group.
func indentOf(line []byte) int { return len(line) - len(bytes.TrimLeft(line, " |")) }
