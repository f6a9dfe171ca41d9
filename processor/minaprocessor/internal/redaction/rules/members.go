package rules

import (
	"strings"

	"github.com/mina-observability/otelcol-mina/processor/minaprocessor/internal/redaction/text"
)

// Member judges a name that says nothing itself in a map that is under a label: what looks
// like a token may be the secret itself, {"token": {"data": "…", "type": "bearer"}}.
func (n *Names) Member(under Verdict, name string) Verdict {
	if under.Rule == nil || !under.kind.walked || isAbout(name) {
		return Verdict{}
	}
	return Verdict{under.Rule, sessionLabel}
}

// isAbout reports whether a name is one of what is known of a secret: id, type, expires_at.
func isAbout(name string) bool {
	var list [maxWords]string
	words := text.SplitWords(list[:0], name)
	return len(words) > 0 && isMetadata(words, len(words)-1)
}

// membersIn finds the secrets among the strings of a map in a text, and returns the first. The
// others go with it.
func membersIn(c *text.Cursor, at int) (start, end int) {
	const farthest, deepest = 1024, 1
	in, name, depth := c.Text[:min(len(c.Text), at+farthest)], "", 0
	for i := at; i < len(in); i++ {
		switch in[i] {
		case '{', '[':
			depth++
		case '}', ']':
			depth--
		case '"', '\'':
			closing := strings.IndexByte(in[i+1:], in[i])
			if closing < 0 {
				return start, end
			}
			from, to := i+1, i+1+closing
			i = to
			switch {
			case strings.HasPrefix(strings.TrimLeft(in[min(to+1, len(in)):], " "), ":"):
				name = in[from:to]
			case depth > deepest || name == "" || isAbout(name) || !sessionLabel.hides(in[from:to]):
			case end == 0:
				start, end = from, to
			default:
				c.Also(from, to)
			}
		}
		if depth <= 0 {
			return start, end
		}
	}
	return start, end
}
