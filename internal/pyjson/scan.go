package pyjson

import (
	"math/bits"
	"strings"
)

// Space returns the end of the blanks that begin at a place.
func Space(text string, at int) int {
	for at < len(text) && text[at] <= ' ' && (text[at] == ' ' || text[at] == '\n' || text[at] == '\t' || text[at] == '\r') {
		at++
	}
	return at
}

// String returns the end of the string whose quote opens at a place, or -1 if it does
// not close, and whether it has escapes. It looks at eight bytes at a time, since most
// of a record is strings.
func String[T string | []byte](text T, at int) (end int, escaped bool) {
	const ones, highs = 0x0101010101010101, 0x8080808080808080
	at++
	for {
		for ; at+8 <= len(text); at += 8 {
			s := text[at : at+8]
			word := uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
				uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
			quotes, escapes := word^('"'*ones), word^('\\'*ones)
			// The lowest bit that is left is exact; see "Bit Twiddling Hacks", haszero.
			found := ((quotes-ones)&^quotes | (escapes-ones)&^escapes) & highs
			if found != 0 {
				at += bits.TrailingZeros64(found) / 8
				break
			}
		}
		for at < len(text) && text[at] != '"' && text[at] != '\\' {
			at++
		}
		switch {
		case at >= len(text):
			return -1, escaped
		case text[at] == '"':
			return at + 1, escaped
		}
		escaped = true
		at += 2
	}
}

// Number returns the end of the number that begins at a place. Without one that is
// where the text stops to be a number.
func Number(text string, at int) (end int, ok bool) {
	end = at
	if end < len(text) && text[end] == '-' {
		end++
	}
	if end < len(text) && !isDigit(text[end]) {
		return notFinite(text, at, end)
	}
	if end, ok = digits(text, end); ok && end < len(text) && text[end] == '.' {
		end, ok = digits(text, end+1)
	}
	if !ok || end >= len(text) || text[end]|0x20 != 'e' {
		return end, ok
	}
	if end++; end < len(text) && (text[end] == '+' || text[end] == '-') {
		end++
	}
	return digits(text, end)
}

// notFinite reads what follows the sign that a number may have.
func notFinite(text string, start, at int) (end int, ok bool) {
	const infinity, nan = "Infinity", "NaN"
	switch {
	case strings.HasPrefix(text[at:], infinity):
		return at + len(infinity), true
	case at == start && strings.HasPrefix(text[at:], nan):
		return at + len(nan), true
	}
	return at, false
}

func digits(text string, at int) (end int, ok bool) {
	for end = at; end < len(text) && isDigit(text[end]); end++ {
	}
	return end, end > at
}

func isDigit(c byte) bool { return c-'0' < 10 }

// Brackets returns the end of the object or array that opens at a place, by its brackets
// alone: the text's end if it does not close.
func Brackets[T string | []byte](text T, at int) (end int, ok bool) {
	for level := 0; at < len(text); at++ {
		switch text[at] {
		case '"':
			if end, _ = String(text, at); end < 0 {
				return len(text), false
			}
			at = end - 1
		case '{', '[':
			level++
		case '}', ']':
			if level--; level == 0 {
				return at + 1, true
			}
		}
	}
	return len(text), false
}

// Value returns the end of the value that begins at a place of a valid text.
func Value(text string, at int) (end int) {
	switch text[at] {
	case '"':
		end, _ = String(text, at)
	case '{', '[':
		end, _ = Brackets(text, at)
	case 't', 'n':
		end = at + len("true")
	case 'f':
		end = at + len("false")
	default:
		end, _ = Number(text, at)
	}
	return end
}
