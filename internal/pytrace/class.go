package pytrace

import (
	"bytes"
	"unicode"
	"unicode/utf8"
)

// cutClass cuts a line behind the class that it begins with, if there it ends, or a colon
// stands.
func cutClass(line []byte) (class, message []byte, ok bool) {
	end := classEnd(line)
	if end == 0 {
		return nil, nil, false
	}
	rest := line[end:]
	if len(trimEnd(rest)) == 0 {
		return line[:end], rest, true
	}
	if rest[0] != ':' || len(rest) > 1 && rest[1] != ' ' {
		return nil, nil, false
	}
	return line[:end], rest[1:], true
}

// classEnd returns where a dotted name ends: app.errors.load.<locals>.Missing. A module
// that is loaded by its path may have a dash.
func classEnd(line []byte) int {
	for at := 0; ; at++ {
		size := nameEnd(line[at:])
		end := at + size
		switch {
		case size == 0:
			return 0
		case end == len(line) || line[end] != '.':
			if bytes.IndexByte(line[at:end], '-') >= 0 {
				return 0
			}
			return end
		}
		at = end
	}
}

// nameEnd returns where an identifier ends, or one in angle brackets.
func nameEnd(text []byte) int {
	if bytes.HasPrefix(text, []byte("<")) {
		if end := 1 + identifierEnd(text[1:]); end > 1 && end < len(text) && text[end] == '>' {
			return end + 1
		}
		return 0
	}
	return identifierEnd(text)
}

func identifierEnd(text []byte) int {
	for i := 0; i < len(text); {
		r, size := rune(text[i]), 1
		if r >= utf8.RuneSelf {
			r, size = utf8.DecodeRune(text[i:])
		}
		if !isOfName(r, i == 0) {
			return i
		}
		i += size
	}
	return len(text)
}

func isOfName(r rune, isFirst bool) bool {
	switch {
	case r == '_' || unicode.IsLetter(r):
		return true
	case isFirst:
		return false
	}
	return r == '-' || unicode.In(r, unicode.Nd, unicode.Mn, unicode.Mc, unicode.Pc)
}

// exceptionNames are what the names of exceptions end in.
var exceptionNames = []string{"Error", "Exception", "Warning", "Interrupt", "Exit", "Iteration", "Timeout", "Group"}

// couldBeException tells what might be the class of an exception from other words.
func couldBeException(class []byte) bool {
	return looksLikeException(class) || bytes.IndexByte(class, '.') >= 0
}

func looksLikeException(class []byte) bool {
	for _, name := range exceptionNames {
		if bytes.HasSuffix(class, []byte(name)) {
			return true
		}
	}
	return false
}
