package pytrace

import "bytes"

// Index returns where in a message a traceback begins, or -1. What stands before it on
// the line is no part of it, nor is a message that only looks like a report.
func Index(text []byte) int {
	for at := 0; at < len(text); {
		line := firstLine(text[at:])
		switch k := kindOf(line); {
		case k == place:
			if isSyntaxError(text[at+len(line):]) {
				return at
			}
		case begins(k) && !tellsOfNone(k) && (k != reportLine || at > 0):
			return at
		case k == causeLine, k == contextLine:
			return indexOfFirst(text[:at])
		default:
			if before, found := bytes.CutSuffix(trimEnd(line), headerText); found && before[len(before)-1] == ' ' {
				return at + len(before)
			}
		}
		at += len(line) + 1
	}
	return -1
}

// isSyntaxError reports whether source and markers, and then the line of a syntax error
// come behind its place.
func isSyntaxError(text []byte) bool {
	const maxLines = 4
	for range maxLines {
		_, rest, found := bytes.Cut(text, []byte("\n"))
		if !found {
			return false
		}
		text = rest
		line := firstLine(text)
		if kindOf(line) == indented {
			continue
		}
		class, _, ok := cutClass(bytes.TrimSuffix(line, []byte("\r")))
		return ok && isSyntax(class)
	}
	return false
}

func isSyntax(class []byte) bool {
	return bytes.HasSuffix(class, []byte("SyntaxError")) || bytes.HasSuffix(class, []byte("IndentationError")) || bytes.HasSuffix(class, []byte("TabError"))
}

// indexOfFirst returns where the line of an exception without frames is, to which
// another one is said to belong, or -1.
func indexOfFirst(text []byte) int {
	last := -1
	for at := 0; at < len(text); {
		line := firstLine(text[at:])
		if class, _, ok := cutClass(bytes.TrimSuffix(line, []byte("\r"))); ok {
			if couldBeException(class) {
				return at
			}
			last = at
		}
		at += len(line) + 1
	}
	return last
}
