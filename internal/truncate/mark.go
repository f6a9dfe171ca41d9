package truncate

import (
	"slices"
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/mina-observability/otelcol-mina/internal/minaattr"
)

const (
	// body is what a mark calls the body, and entries what it calls attributes that
	// were left out or gathered.
	body    = "body"
	entries = "attributes"
	// longestMark and longestName bound a mark and each name in it, in bytes.
	longestMark = 256
	longestName = 64
	// more is the end of a mark that cannot name everything.
	more = ", …"
)

// names are the fields and attributes of which something was cut.
type names []string

func (n *names) add(name string) {
	if name = Text(name, longestName); !slices.Contains(*n, name) {
		*n = append(*n, name)
	}
}

func (n *names) addAll(others names) {
	for _, name := range others {
		n.add(name)
	}
}

// takeMark removes the mark of an earlier cut, and returns what it names.
func takeMark(attributes pcommon.Map) (cut names) {
	mark, ok := attributes.Get(minaattr.Truncated)
	if !ok {
		return nil
	}
	if text := mark.Str(); text != "" { // it is for the marks of earlier releases, which name nothing
		for name := range strings.SplitSeq(strings.TrimSuffix(text, more), ", ") {
			cut.add(name)
		}
	}
	attributes.Remove(minaattr.Truncated)
	return cut
}

// putMark says in attributes what was cut, as far as there is room.
func putMark(attributes pcommon.Map, cut names) {
	text := strings.Join(cut, ", ")
	if len(text) > longestMark {
		text = text[:longestMark-len(more)]
		text = text[:strings.LastIndex(text, ", ")] + more
	}
	attributes.PutStr(minaattr.Truncated, text)
}
