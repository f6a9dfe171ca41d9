package pyjson

import (
	"bytes"
	"encoding/json"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// Unescape writes a JSON string's text without its escapes. What is no escape
// stays as it is, and a lone surrogate, which Python writes and which has no
// UTF-8 form, becomes U+FFFD.
func Unescape(out *strings.Builder, text string) {
	for {
		at := strings.IndexByte(text, '\\')
		if at < 0 || at+1 >= len(text) {
			out.WriteString(text)
			return
		}
		out.WriteString(text[:at])
		size := 2
		switch c := text[at+1]; c {
		case '"', '\\', '/':
			out.WriteByte(c)
		case 'b':
			out.WriteByte('\b')
		case 'f':
			out.WriteByte('\f')
		case 'n':
			out.WriteByte('\n')
		case 'r':
			out.WriteByte('\r')
		case 't':
			out.WriteByte('\t')
		case 'u':
			var r rune
			if r, size = unicodeEscape(text[at:]); size > 0 {
				out.WriteRune(r)
				break
			}
			size = 2
			out.WriteString(`\u`)
		default:
			out.WriteString(text[at : at+2])
		}
		text = text[at+size:]
	}
}

// unicodeEscape reads a \uXXXX escape, or a pair of them, at the head of text. The
// size is 0 if there is none.
func unicodeEscape(text string) (r rune, size int) {
	r, ok := hexEscape(text)
	if !ok {
		return 0, 0
	}
	if !utf16.IsSurrogate(r) {
		return r, len(`\uXXXX`)
	}
	if low, ok := hexEscape(text[len(`\uXXXX`):]); ok {
		if pair := utf16.DecodeRune(r, low); pair != utf8.RuneError {
			return pair, 2 * len(`\uXXXX`)
		}
	}
	return utf8.RuneError, len(`\uXXXX`)
}

// hexEscape reads one \uXXXX escape at the head of text.
func hexEscape(text string) (unit rune, ok bool) {
	if len(text) < len(`\uXXXX`) || text[0] != '\\' || text[1] != 'u' {
		return 0, false
	}
	for i := 2; i < len(`\uXXXX`); i++ {
		c := text[i]
		switch {
		case isDigit(c):
			c -= '0'
		case 'a' <= c|0x20 && c|0x20 <= 'f':
			c = c | 0x20 - 'a' + 10
		default:
			return 0, false
		}
		unit = unit<<4 | rune(c)
	}
	return unit, true
}

// Unquote returns the text of a string.
func Unquote(literal string) string {
	inner := literal[1 : len(literal)-1]
	if strings.IndexByte(inner, '\\') < 0 {
		return inner
	}
	var text strings.Builder
	text.Grow(len(inner))
	Unescape(&text, inner)
	return text.String()
}

// Quote returns a text as a string.
func Quote(text string) string {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(text) // a string can always be encoded
	return strings.TrimSuffix(out.String(), "\n")
}
