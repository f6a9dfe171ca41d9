package minalog

import "bytes"

// pythonJSON readies a line that Python wrote for the JSON parser. Bytes that
// are not UTF-8 and lone surrogates, which have no UTF-8 form, become U+FFFD.
func pythonJSON(line []byte) []byte {
	line = validUTF8(line)
	if bytes.Contains(line, []byte(`\u`)) {
		line = replaceLoneSurrogates(line)
	}
	return line
}

var replacement = []byte("\uFFFD")

// replaceLoneSurrogates returns text with every \uD800 to \uDFFF escape that is
// not half of a pair replaced by \ufffd. It copies only when there is one.
func replaceLoneSurrogates(text []byte) []byte {
	copied := false
	for i := 0; i+1 < len(text); i++ {
		if text[i] != '\\' {
			continue
		}
		unit, ok := hexEscape(text[i:])
		if !ok {
			i++ // the escaped character, which may be a backslash
			continue
		}
		if unit < 0xD800 || unit > 0xDFFF {
			i += 5
			continue
		}
		if next, ok := hexEscape(text[i+6:]); ok && unit < 0xDC00 && next >= 0xDC00 && next <= 0xDFFF {
			i += 11
			continue
		}
		if !copied {
			text = bytes.Clone(text)
			copied = true
		}
		copy(text[i:], `\ufffd`)
		i += 5
	}
	return text
}

// hexEscape reads a \uXXXX escape at the head of text.
func hexEscape(text []byte) (unit uint32, ok bool) {
	if len(text) < 6 || text[0] != '\\' || text[1] != 'u' {
		return 0, false
	}
	for _, c := range text[2:6] {
		switch {
		case isDigit(c):
			c -= '0'
		case 'a' <= c|0x20 && c|0x20 <= 'f':
			c = c | 0x20 - 'a' + 10
		default:
			return 0, false
		}
		unit = unit<<4 | uint32(c)
	}
	return unit, true
}

// repairJSON returns text in a form that the JSON parser takes, and whether it
// changed anything: Infinity, which Python writes bare, becomes inf; and every
// container that lies deeper than depth becomes a string that holds its text.
func repairJSON(text []byte, depth int) ([]byte, bool) {
	var out []byte
	level, deep, done := 0, 0, 0
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '"':
			i = stringEnd(text, i)
		case '{', '[':
			if level++; level == depth+1 {
				deep = i
			}
		case '}', ']':
			if level--; level == depth {
				out = append(out, text[done:deep]...)
				out = appendJSONString(out, text[deep:i+1])
				done = i + 1
			}
		case 'I':
			if level <= depth && bytes.HasPrefix(text[i:], []byte("Infinity")) {
				out = append(out, text[done:i]...)
				out = append(out, "inf"...)
				i += len("Infinity") - 1
				done = i + 1
			}
		}
	}
	if done == 0 || level != 0 {
		return text, false
	}
	return append(out, text[done:]...), true
}

// stringEnd returns the index of the quote that closes the JSON string which
// opens at start, or the last index.
func stringEnd(text []byte, start int) int {
	for i := start + 1; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case '"':
			return i
		}
	}
	return len(text) - 1
}

func appendJSONString(dst, text []byte) []byte {
	dst = append(dst, '"')
	for _, c := range text {
		if c == '"' || c == '\\' {
			dst = append(dst, '\\')
		}
		dst = append(dst, c)
	}
	return append(dst, '"')
}
