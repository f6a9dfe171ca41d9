package text

import (
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// unseen are the ways in which what cannot be seen is written: a NUL, and the escape
// character that begins the sequences of terminals.
var (
	nuls    = []string{"\x00", `\u0000`, `\x00`, "%00"}
	escapes = []string{"\x1b", `\u001b`, `\u001B`, `\x1b`, `\x1B`, `\033`, `\e`}
)

// unseenAt returns the length of what cannot be seen at a place: a NUL, or a sequence
// for a colour of a terminal (ECMA-48, section 8.3.117), ESC[32m.
func unseenAt(text string, at int) int {
	if c := text[at]; c != 0 && c != 0x1b && c != '\\' && c != '%' {
		return 0
	}
	for _, nul := range nuls {
		if strings.HasPrefix(text[at:], nul) {
			return len(nul)
		}
	}
	for _, escape := range escapes {
		if strings.HasPrefix(text[at:], escape) {
			return colorLen(text[at:], len(escape))
		}
	}
	return 0
}

// colorLen returns the length of a sequence for a colour whose escape character has been
// read, or 0.
func colorLen(text string, at int) int {
	const maxColor = 24
	if at >= len(text) || text[at] != '[' {
		return 0
	}
	for i := at + 1; i < min(len(text), at+maxColor); i++ {
		switch c := text[i]; {
		case c == 'm' || c == 'K':
			return i + 1
		case !IsDigit(c) && c != ';' && c != ':':
			return 0
		}
	}
	return 0
}

// entities are those of HTML that stand for signs around names and values.
var entities = []struct {
	text string
	char byte
}{{"&quot;", '"'}, {"&apos;", '\''}, {"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&nbsp;", ' '}, {"&equals;", '='}, {"&colon;", ':'}}

// decodeAt returns the byte that begins at a place and the length in which it is
// written. Most control characters stay as they are written.
func decodeAt(text string, at int) (c byte, length int) {
	switch text[at] {
	case '%':
		if c, length = hexAt(text, at, len("%"), 0); c >= utf8.RuneSelf && !isPartOfCharacter(text, at, c) {
			return '%', 1
		}
		return c, length
	case '&':
		return entityAt(text, at)
	case '\\':
	default:
		return text[at], 1
	}
	switch rest := text[at+1 : min(len(text), at+len(`\u003d`))]; {
	case strings.HasPrefix(rest, "/"):
		return '/', len(`\/`)
	case strings.HasPrefix(rest, "x"):
		return hexAt(text, at, len(`\x`), 0)
	case strings.HasPrefix(rest, "u00"):
		return hexAt(text, at, len(`\u00`), 0)
	}
	return text[at], 1
}

// characterAt returns the character beyond ASCII that is written as \u2011 at a place, or as
// a pair of surrogates (RFC 8259, section 7), and the length in which it is written, or 0.
func characterAt(text string, at int) (c rune, length int) {
	c, length = codeUnitAt(text, at)
	if utf16.IsSurrogate(c) {
		low, n := codeUnitAt(text, at+length)
		c, length = utf16.DecodeRune(c, low), length+n
	}
	if c < utf8.RuneSelf || c == utf8.RuneError {
		return 0, 0
	}
	return c, length
}

// codeUnitAt returns what is written as \u2011 at a place, and the length in which it is: more
// backslashes are in front of it where it has been escaped again.
func codeUnitAt(text string, at int) (c rune, length int) {
	const maxBackslashes, digits = 4, 4
	u := backslashesEnd(text[:min(len(text), at+maxBackslashes)], at)
	if u == at || !hasPrefixAt(text, u, "u") || u+1+digits > len(text) {
		return 0, 0
	}
	end := u + 1 + digits
	n, err := strconv.ParseUint(text[u+1:end], 16, 16)
	if err != nil {
		return 0, 0
	}
	return rune(n), end - at
}

// isPartOfCharacter reports whether a byte beyond ASCII that is percent-encoded at a place may
// be one of a character in UTF-8: alone it is none, as in the track of a card, %B4111…
func isPartOfCharacter(text string, at int, c byte) bool {
	const length = len("%B4")
	if isFirst := c >= 0xc0; isFirst {
		return at+length < len(text) && text[at+length] == '%'
	}
	return at >= length && text[at-length] == '%'
}

// hexAt returns the byte of two hexadecimal digits that stand behind a beginning and in
// front of an end.
func hexAt(text string, at, begin, end int) (c byte, length int) {
	digits := at + begin
	if digits+2+end <= len(text) {
		if n, err := strconv.ParseUint(text[digits:digits+2], 16, 8); err == nil && isWritten(n) {
			return byte(n), begin + 2 + end
		}
	}
	return text[at], 1
}

// isWritten reports whether a byte is read where it is written in another way: also the one
// that colours begin with.
func isWritten(n uint64) bool {
	return n >= ' ' && n <= 0xff || n < ' ' && (IsSpace(byte(n)) || n == 0x1b)
}

// entityAt returns the byte of an entity by name, &lt;, or by number, &#60; or &#x3C;.
func entityAt(text string, at int) (c byte, length int) {
	const maxEntity = len("&#x000A0;")
	rest := text[at:min(len(text), at+maxEntity)]
	for _, e := range entities {
		if strings.HasPrefix(rest, e.text) {
			return e.char, len(e.text)
		}
	}
	semicolon := strings.IndexByte(rest, ';')
	if semicolon < len("&#1") || rest[1] != '#' {
		return text[at], 1
	}
	number, base := rest[2:semicolon], 10
	if number[0]|0x20 == 'x' {
		number, base = number[1:], 16
	}
	if n, err := strconv.ParseUint(number, base, 8); err == nil && isWritten(n) {
		if n == 0xa0 {
			n = ' '
		}
		return byte(n), semicolon + 1
	}
	return text[at], 1
}
