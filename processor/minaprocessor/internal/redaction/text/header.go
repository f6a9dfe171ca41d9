package text

import "strings"

// headerEnd returns the end of a header's value: that of the line, or of the
// string that the header stands in.
func headerEnd(c *Cursor, at int) int {
	text, scheme := c.Text, c.plainEnd(at)
	if strings.EqualFold(text[at:scheme], "digest") { // RFC 7616: name="value", …
		return lineEnd(text, at)
	}
	end := scheme
	for end < len(text) && !endsHeader(text, end) {
		if text[end] == ' ' && end > scheme && !isCookieOrScheme(text[at:end]) {
			break
		}
		end++
		if text[end-1] == '=' { // <SimpleCookie: sid='…'>
			end = stringsEnd(text, end)
		}
	}
	return max(end, scheme)
}

var headerEnds = NewCharset("\r\n\"'`\x1b,)}]>")

// endsHeader reports whether a header's value ends at a place.
func endsHeader(text string, at int) bool {
	return headerEnds[text[at]] || EscapeAt(text, at) || strings.HasPrefix(text[at:], `\"`)
}

func lineEnd(text string, at int) int {
	for at < len(text) && text[at] != '\r' && text[at] != '\n' && !EscapeAt(text, at) {
		at++
	}
	return at
}

// isCookieOrScheme reports whether a header's value goes on behind a blank: behind
// a cookie, or behind the scheme of an Authorization header.
func isCookieOrScheme(value string) bool {
	last := value[len(value)-1]
	first, _, several := strings.Cut(value, " ")
	return !several || last == ';' || isQuote(last) && strings.IndexByte(first, '=') >= 0
}
