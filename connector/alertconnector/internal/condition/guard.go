package condition

import (
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/mina-observability/otelcol-mina/connector/alertconnector/internal/field"
)

// guard tells without effort whether a record meets a condition, as far as it can: it takes
// neither memory nor the context that OTTL needs. It is a struct for all forms, since
// calls by an interface would take half of its time.
type guard struct {
	form form
	// parts are those of all and either.
	parts []guard
	path  path
	// op and literal are those of a comparison, and literal what a text begins or ends with.
	op      operator
	literal value
	// words are those that a pattern cannot do without. plain says that it is no more.
	words words
	plain bool
}

type form uint8

const (
	// open decides nothing.
	open form = iota
	all
	either
	compares
	matches
	begins
	ends
)

// decides reports whether a record meets the condition; known is false where only OTTL can
// tell. What is not met may be an error of OTTL's, and what is met is none.
func (g *guard) decides(s *field.Source) (met, known bool) {
	switch g.form {
	case open:
		return false, false
	case all:
		return g.decidesAll(s)
	case either:
		return g.decidesEither(s)
	}
	v, known := g.path.of(s)
	if !known {
		return false, false
	}
	return g.decidesValue(v)
}

func (g *guard) decidesAll(s *field.Source) (met, known bool) {
	met = true
	for i := range g.parts {
		one, known := g.parts[i].decides(s)
		if known && !one {
			return false, true
		}
		met = met && known
	}
	return met, met
}

// decidesEither says met by the first part alone: of what is in front of the others OTTL
// may have an error, by which the whole is not met.
func (g *guard) decidesEither(s *field.Source) (met, known bool) {
	for i := range g.parts {
		one, known := g.parts[i].decides(s)
		if one || !known {
			met = one && i == 0
			return met, met
		}
	}
	return false, true
}

// decidesValue judges what a record has at the path. Texts are asked for texts; of other
// values OTTL makes one, or an error.
func (g *guard) decidesValue(v value) (met, known bool) {
	switch {
	case g.form == compares:
		return v.compare(g.op, &g.literal), true
	case v.kind == pcommon.ValueTypeEmpty:
		return false, true
	case v.kind != pcommon.ValueTypeStr:
		return false, false
	case g.form == begins:
		return strings.HasPrefix(v.text, g.literal.text), true
	case g.form == ends:
		return strings.HasSuffix(v.text, g.literal.text), true
	default:
		has := g.words.in(v.text)
		return has && g.plain, !has || g.plain
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
