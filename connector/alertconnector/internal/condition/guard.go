package condition

import (
	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/mina-observability/otelcol-mina/connector/alertconnector/internal/field"
)

// guard admits every record that may meet a condition, and of the others as few as it can
// without effort: it takes neither memory nor the context that OTTL needs.
type guard interface {
	admits(s field.Source) bool
	// cost orders guards: the cheapest is asked first.
	cost() int
}

// open admits all records.
type open struct{}

func (open) admits(field.Source) bool { return true }
func (open) cost() int                { return 0 }

// all admits what each of several does.
type all []guard

func (a all) admits(s field.Source) bool {
	for _, g := range a {
		if !g.admits(s) {
			return false
		}
	}
	return true
}

func (a all) cost() int { return sum(a) }

// either admits what one of several does.
type either []guard

func (e either) admits(s field.Source) bool {
	for _, g := range e {
		if g.admits(s) {
			return true
		}
	}
	return false
}

func (e either) cost() int { return sum(e) }

func sum(guards []guard) (n int) {
	for _, g := range guards {
		n += g.cost()
	}
	return n
}

// compared admits records in which a path compares with a literal.
type compared struct {
	path    path
	op      operator
	literal value
}

func (c compared) admits(s field.Source) bool {
	v, known := c.path.of(s)
	return !known || v.compare(c.op, c.literal)
}

func (c compared) cost() int { return c.path.cost() }

// worded admits records in which a path has the words that a pattern cannot do without.
type worded struct {
	path  path
	words words
}

func (w worded) admits(s field.Source) bool {
	v, known := w.path.of(s)
	switch {
	case !known:
		return true
	case v.kind == pcommon.ValueTypeEmpty:
		return false
	case v.kind == pcommon.ValueTypeStr:
		return w.words.in(v.text)
	default:
		return true
	}
}

func (w worded) cost() int { return w.path.cost() + len(w.words)*wordCost }

// wordCost is what a word costs to look for, when a comparison costs one.
const wordCost = 20

// bounded admits records in which a path begins or ends with a text.
type bounded struct {
	path path
	has  func(text, bound string) bool
	text string
}

func (b bounded) admits(s field.Source) bool {
	v, known := b.path.of(s)
	switch {
	case !known:
		return true
	case v.kind == pcommon.ValueTypeStr:
		return b.has(v.text, b.text)
	default:
		return v.kind != pcommon.ValueTypeEmpty
	}
}

func (b bounded) cost() int { return b.path.cost() }
