package text

import "math"

// Charset is a set of bytes.
type Charset [256]bool

// NewCharset reads ranges as in a regular expression: "A-Za-z0-9_-".
func NewCharset(ranges string) *Charset {
	var set Charset
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

// End returns the end of the run of bytes of the set that begins at a place.
func (c *Charset) End(text string, at int) int {
	for at < len(text) && c[text[at]] {
		at++
	}
	return at
}

// EndWithin is End that looks at no more than so many bytes.
func (c *Charset) EndWithin(text string, at, most int) int {
	return c.End(text[:min(len(text), at+most)], at)
}

// The alphabets that tokens are written in.
var (
	Digits    = NewCharset("0-9")
	LowerHex  = NewCharset("0-9a-f")
	HexDigits = NewCharset("0-9a-fA-F")
	UpperNum  = NewCharset("0-9A-Z")
	Alnum     = NewCharset("0-9A-Za-z")
	WordChars = NewCharset("0-9A-Za-z_")
	Base64URL = NewCharset("0-9A-Za-z_-")  // RFC 4648, section 5
	Base64Std = NewCharset("0-9A-Za-z+/=") // RFC 4648, section 4, with padding
	TokenDots = NewCharset("0-9A-Za-z_.-")
	// nameChars make up a key in a text; those beyond ASCII belong to it too.
	nameChars = NewCharset("0-9A-Za-z_.\x80-\xff-")
)

// IsDigit is for the digits of ASCII.
func IsDigit(c byte) bool { return c-'0' < 10 }

// IsLetter is for letters of either case.
func IsLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }

// IsUpper is for capital letters.
func IsUpper(c byte) bool { return c >= 'A' && c <= 'Z' }

// IsLower is for small letters.
func IsLower(c byte) bool { return c >= 'a' && c <= 'z' }

// IsAlnum is for letters and digits.
func IsAlnum(c byte) bool { return IsDigit(c) || IsLetter(c) }

// IsSpace is for what separates words and lines.
func IsSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

// Entropy is Shannon's, in bits a byte.
func Entropy(text string) float64 {
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

// StartsHere reports whether something that begins at the place is a word of its
// own: no letter or digit is before it, but for what only encodes another byte:
// an escape (\n), or %3D.
func StartsHere(text string, at int) bool {
	if at == 0 || !IsAlnum(text[at-1]) {
		return true
	}
	return escaped(text, at) || at >= 3 && text[at-3] == '%' && HexDigits[text[at-2]] && HexDigits[text[at-1]]
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
	return at >= 4 && text[at-4] == '\\' && text[at-3] == 'x' && HexDigits.End(text[:at], at-2) == at ||
		at >= 6 && text[at-6] == '\\' && text[at-5] == 'u' && HexDigits.End(text[:at], at-4) == at
}

// EscapeAt reports whether an escaped newline is at the place.
func EscapeAt(text string, at int) bool {
	return text[at] == '\\' && at+1 < len(text) && (text[at+1] == 'n' || text[at+1] == 'r')
}
