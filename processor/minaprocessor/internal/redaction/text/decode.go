package text

import (
	"strconv"
	"strings"
	"unicode"
)

// maxEncoded is the length in bytes of the longest text that is also read decoded,
// and maxKeptDecoded of the longest that memory is kept for.
const (
	maxEncoded     = 1 << 20
	maxKeptDecoded = 16 << 10
)

// encodings show that a text may have bytes written as %3D, \u003d or \x3d, slashes as
// \/, or blanks as +, behind which something could hide.
var encodings = []string{"%\x01\x01", `\u00`, `\x0`, `\/\/`, "\x01+\x01"}

func hasNUL(text string) bool { return strings.IndexByte(text, 0) >= 0 }

// unseen are the ways in which a NUL is written.
var unseen = []string{"\x00", `\u0000`, `\x00`, "%00"}

// unseenAt returns the length of a NUL at a place.
func unseenAt(text string, at int) int {
	if c := text[at]; c != 0 && c != '\\' && c != '%' {
		return 0
	}
	for _, nul := range unseen {
		if strings.HasPrefix(text[at:], nul) {
			return len(nul)
		}
	}
	return 0
}

// Seen returns a name without what cannot be seen.
func Seen(name string) string {
	return strings.Map(func(c rune) rune {
		if unicode.Is(unicode.Cf, c) || c < ' ' || c == 0x7f {
			return -1
		}
		return c
	}, name)
}

// decode returns a text with such bytes as they are meant, with something else for a
// plus sign, and keeps for each byte, and for the end, the place that it comes from.
func (s *Scanner) decode(text string, plus byte) string {
	s.decoded, s.origins = s.decoded[:0], s.origins[:0]
	for i := 0; i < len(text); {
		if n := unseenAt(text, i); n > 0 {
			i += n
			continue
		}
		c, n := decodeAt(text, i)
		if c == '+' && n == 1 {
			c = plus
		}
		s.decoded, s.origins = append(s.decoded, c), append(s.origins, i)
		i += n
	}
	s.origins = append(s.origins, len(text))
	return string(s.decoded)
}

// decodeAt returns the byte that begins at a place and the length in which it is
// written. Control characters stay as they are written.
func decodeAt(text string, at int) (c byte, length int) {
	rest := text[at:min(len(text), at+len(`\u003d`))]
	digits := 0
	switch {
	case rest[0] == '%':
		digits = len("%")
	case len(rest) < 2 || rest[0] != '\\':
	case rest[1] == '/':
		return '/', len(`\/`)
	case rest[1] == 'x':
		digits = len(`\x`)
	case len(rest) > 3 && rest[1:4] == "u00":
		digits = len(`\u00`)
	}
	if digits > 0 && len(rest) >= digits+2 {
		if n, err := strconv.ParseUint(rest[digits:digits+2], 16, 8); err == nil && (n >= ' ' || IsSpace(byte(n))) {
			return byte(n), digits + 2
		}
	}
	return text[at], 1
}

// scanDecoded adds what is found in the decoded text. Whether a plus sign is a blank,
// as in forms, or is itself, as in base64, cannot be known: both are tried.
func (s *Scanner) scanDecoded(text string) {
	for _, plus := range []byte("+ ") {
		if plus == ' ' && strings.IndexByte(text, '+') < 0 {
			break
		}
		found := len(s.hits)
		s.cursor.begin(s.decode(text, plus))
		s.pass(s.cursor.Text)
		for i := found; i < len(s.hits); i++ {
			hit := &s.hits[i]
			hit.Start, hit.End = s.origins[hit.Start], s.origins[hit.End]
		}
	}
	s.cursor.begin(text)
	if cap(s.decoded) > maxKeptDecoded {
		s.decoded, s.origins = nil, nil
	}
}
