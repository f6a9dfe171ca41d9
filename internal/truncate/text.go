package truncate

import "strings"

// Mark is where a text was cut.
const Mark = "… [truncated]"

// longestPlaceholder is the length of the longest text in brackets that a cut does not
// divide: what redaction has put in the place of a secret.
const longestPlaceholder = 128

// Text cuts a text that is longer than so many bytes, and says so at its end. A text
// that is cut again says so once.
func Text(text string, most int) string {
	if len(text) <= most {
		return text
	}
	kept := strings.TrimSuffix(text, Mark)
	kept = kept[:min(len(kept), max(most-len(Mark), 0))]
	return strings.ToValidUTF8(beforeOpenBracket(kept), "") + Mark
}

// beforeOpenBracket leaves out a placeholder that has lost its end.
func beforeOpenBracket(text string) string {
	tail := text[max(0, len(text)-longestPlaceholder):]
	open := strings.LastIndexByte(tail, '[')
	if open < 0 || strings.IndexByte(tail[open:], ']') >= 0 {
		return text
	}
	return text[:len(text)-len(tail)+open]
}
