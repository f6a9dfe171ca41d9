package delivery

import "strings"

// CutMark is where a text was cut.
const CutMark = "… [truncated]"

// Truncate cuts a text that is longer than so many bytes, and says so at its end. A
// text that is cut again says so once.
func Truncate(text string, most int) string {
	if len(text) <= most {
		return text
	}
	return strings.ToValidUTF8(strings.TrimSuffix(text, CutMark)[:most-len(CutMark)], "") + CutMark
}
