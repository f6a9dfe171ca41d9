package redaction

import "math"

// charset is a set of bytes.
type charset [256]bool

// newCharset reads ranges as in a regular expression: "A-Za-z0-9_-".
func newCharset(ranges string) *charset {
	var set charset
	for i := 0; i < len(ranges); i++ {
		if i+2 < len(ranges) && ranges[i+1] == '-' {
			for c := int(ranges[i]); c <= int(ranges[i+2]); c++ {
				set[c] = true
			}
			i += 2
			continue
		}
		set[ranges[i]] = true
	}
	return &set
}

// end returns the end of the run of bytes of the set that begins at a place.
func (c *charset) end(text string, at int) int {
	for at < len(text) && c[text[at]] {
		at++
	}
	return at
}

// endWithin is end that looks at no more than so many bytes.
func (c *charset) endWithin(text string, at, most int) int {
	return c.end(text[:min(len(text), at+most)], at)
}

// The alphabets that tokens are written in.
var (
	digits    = newCharset("0-9")
	lowerHex  = newCharset("0-9a-f")
	hexDigits = newCharset("0-9a-fA-F")
	upperNum  = newCharset("0-9A-Z")
	alnum     = newCharset("0-9A-Za-z")
	wordChars = newCharset("0-9A-Za-z_")
	base64URL = newCharset("0-9A-Za-z_-")  // RFC 4648, section 5
	base64Std = newCharset("0-9A-Za-z+/=") // RFC 4648, section 4, with padding
	tokenDots = newCharset("0-9A-Za-z_.-")
	// nameChars make up a key in a text; those beyond ASCII belong to it too.
	nameChars = newCharset("0-9A-Za-z_.\x80-\xff-")
)

func isDigit(c byte) bool  { return c-'0' < 10 }
func isLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }
func isUpper(c byte) bool  { return c >= 'A' && c <= 'Z' }
func isLower(c byte) bool  { return c >= 'a' && c <= 'z' }
func isAlnum(c byte) bool  { return isDigit(c) || isLetter(c) }
func isSpace(c byte) bool  { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

// entropy is Shannon's, in bits a byte.
func entropy(text string) float64 {
	var counts [256]int
	for i := range len(text) {
		counts[text[i]]++
	}
	bits := 0.0
	for _, n := range counts {
		if n > 0 {
			p := float64(n) / float64(len(text))
			bits -= p * math.Log2(p)
		}
	}
	return bits
}

// startsHere reports whether something that begins at the place is a word of its
// own: no letter or digit is before it, but for what only encodes another byte:
// an escape (\n), an escape sequence of a terminal (ESC[32m), or %3D.
func startsHere(text string, at int) bool {
	if at == 0 || !isAlnum(text[at-1]) {
		return true
	}
	return escaped(text, at) || at >= 3 && text[at-3] == '%' && hexDigits[text[at-2]] && hexDigits[text[at-1]] ||
		text[at-1] == 'm' && colored(text, at-1)
}

// escaped reports whether the byte before the place is the last of an escape, as
// in JSON or in Python's literals.
func escaped(text string, at int) bool {
	if at >= 2 && text[at-2] == '\\' {
		switch text[at-1] {
		case 'n', 'r', 't', 'b', 'f', 'v':
			return true
		}
	}
	return at >= 4 && text[at-4] == '\\' && text[at-3] == 'x' && hexDigits.end(text[:at], at-2) == at ||
		at >= 6 && text[at-6] == '\\' && text[at-5] == 'u' && hexDigits.end(text[:at], at-4) == at
}

// colored reports whether an escape sequence for a colour ends at the place.
func colored(text string, m int) bool {
	at := m
	for at > 0 && m-at < 16 && (isDigit(text[at-1]) || text[at-1] == ';') {
		at--
	}
	return at >= 2 && text[at-1] == '[' && (text[at-2] == 0x1b || text[at-2] == 'b' || text[at-2] == 'B')
}

// escapeAt reports whether an escaped newline is at the place.
func escapeAt(text string, at int) bool {
	return text[at] == '\\' && at+1 < len(text) && (text[at+1] == 'n' || text[at+1] == 'r')
}
