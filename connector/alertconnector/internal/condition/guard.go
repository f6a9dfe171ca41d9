package condition

import (
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/mina-observability/otelcol-mina/connector/alertconnector/internal/field"
)

// guard admits every record that may meet a condition, and of the others as few as it can
// without effort: it takes neither memory nor the context that OTTL needs. It is a
// struct for all forms, since calls by an interface would take half of its time.
type guard struct {
	form form
	// parts are those of all and either.
	parts []guard
	path  path
	// op and literal are those of a comparison, and literal what a text begins or ends with.
	op      operator
	literal value
	words   words
}

type form uint8

const (
	// open admits all records.
	open form = iota
	// all admits what every part does, and either what one does.
	all
	either
	// compares admits records in which the path compares with the literal.
	compares
	// worded admits those in which the path may have the words of a pattern.
	worded
	// begins and ends admit those in which the path begins or ends with the literal.
	begins
	ends
)

func (g *guard) admits(s *field.Source) bool {
	switch g.form {
	case open:
		return true
	case all:
		for i := range g.parts {
			if !g.parts[i].admits(s) {
				return false
			}
		}
		return true
	case either:
		for i := range g.parts {
			if g.parts[i].admits(s) {
				return true
			}
		}
		return false
	}
	v, known := g.path.of(s)
	return !known || g.admitsValue(v)
}

// admitsValue judges what a record has at the path. Texts are asked for texts; of other
// values OTTL makes one, or an error.
func (g *guard) admitsValue(v value) bool {
	switch {
	case g.form == compares:
		return v.compare(g.op, &g.literal)
	case v.kind == pcommon.ValueTypeEmpty:
		return false
	case v.kind != pcommon.ValueTypeStr:
		return true
	case g.form == worded:
		return g.words.in(v.text)
	case g.form == begins:
		return strings.HasPrefix(v.text, g.literal.text)
	default:
		return strings.HasSuffix(v.text, g.literal.text)
	}
}

// cost orders parts: the cheapest is asked first. One is that of a comparison.
func (g *guard) cost() (n int) {
	const word, key = 20, 5
	for i := range g.parts {
		n += g.parts[i].cost()
	}
	return n + 1 + len(g.path.keys)*key + len(g.words)*word
}
