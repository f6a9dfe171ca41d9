package pytrace

import (
	"bytes"
	"iter"
	"strings"
)

// Marked yields the lines of a traceback, and says of each whether it shows a call of the
// application: where it is, its source, and what else stands below that.
func Marked(text string) iter.Seq2[string, bool] {
	return func(yield func(string, bool) bool) {
		isOwn, rest := false, []byte(text)
		for line := range strings.SplitSeq(text, "\n") {
			content := rest[:len(line)]
			rest = rest[min(len(line)+1, len(rest)):]
			line = strings.TrimSuffix(line, "\r")
			if _, inTree, ok := cutMargin(content); ok {
				content = inTree
			}
			switch kindOf(content) {
			case frame, place:
				f, _, _ := parseFrame(bytes.TrimLeft(content, " \t"))
				isOwn = isApplication(f.path)
			case indented, repeated, blank:
			default:
				isOwn = false
			}
			if !yield(line, isOwn) {
				return
			}
		}
	}
}
