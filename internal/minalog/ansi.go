package minalog

import "bytes"

const escape = 0x1B

// withoutANSI returns a text without the sequences that colour it and move the cursor,
// as ECMA-48 has them. A text without any is returned as it is.
func withoutANSI(text []byte) []byte {
	at := bytes.IndexByte(text, escape)
	if at < 0 {
		return text
	}
	plain := make([]byte, 0, len(text))
	for ; at >= 0; at = bytes.IndexByte(text, escape) {
		plain = append(plain, text[:at]...)
		text = text[at+sequenceLength(text[at:]):]
	}
	return append(plain, text...)
}

// sequenceLength returns the length of the sequence that a text begins with. One that
// has no end is the escape character alone.
func sequenceLength(text []byte) int {
	if len(text) < 2 {
		return 1
	}
	switch c := text[1]; {
	case c == '[':
		return finalLength(text, 2, 0x40)
	case c == ']' || c == 'P' || c == 'X' || c == '^' || c == '_':
		return stringLength(text)
	case 0x20 <= c && c < 0x30:
		return finalLength(text, 2, 0x30)
	case 0x30 <= c && c < 0x7F:
		return 2
	}
	return 1
}

// finalLength returns the length of a sequence whose last byte is the first one from
// final on.
func finalLength(text []byte, at int, final byte) int {
	for at < len(text) && 0x20 <= text[at] && text[at] < final {
		at++
	}
	if at < len(text) && final <= text[at] && text[at] < 0x7F {
		return at + 1
	}
	return 1
}

// maxSequence is how long in bytes a title or a link may be that a sequence holds.
const maxSequence = 4 << 10

// stringLength returns the length of a sequence that holds a text.
func stringLength(text []byte) int {
	text = text[:min(len(text), maxSequence)]
	for at := 2; at < len(text); at++ {
		switch {
		case text[at] == '\a':
			return at + 1
		case text[at] == escape && at+1 < len(text) && text[at+1] == '\\':
			return at + 2
		case text[at] == escape:
			return 1
		}
	}
	return 1
}
