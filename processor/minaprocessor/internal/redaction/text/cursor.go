package text

import (
	"slices"
	"strings"
)

// Cursor is how a rule sees a text. It remembers what has been searched, so that a text
// in which a rule is asked about many places takes no longer for that.
type Cursor struct {
	Text string

	placeholders *Placeholders
	// runs are those that RunEnd has found the end of, marks those that Index has
	// searched, and plain is the last value without quotes.
	runs  []run
	marks []mark
	plain run
	// covered is the end of the last value that Cover was told of.
	covered int
	// also are more spans of the rule that is asked.
	also []run
}

// run is a run of bytes of a set.
type run struct {
	chars      *Charset
	start, end int
}

// mark is a text that has been searched from a place on, and where it is.
type mark struct {
	text      string
	from, end int
}

// begin starts with a text.
func (c *Cursor) begin(text string) {
	c.Text = text
	c.runs, c.marks, c.plain, c.covered = c.runs[:0], c.marks[:0], run{}, 0
}

// RunEnd returns the end of the run that begins at a place. Of a long one the end
// is searched once, however often something in it is a candidate.
func (c *Cursor) RunEnd(chars *Charset, at int) int {
	i := slices.IndexFunc(c.runs, func(r run) bool { return r.chars == chars })
	if i < 0 {
		i = len(c.runs)
		c.runs = append(c.runs, run{chars: chars})
	}
	if r := &c.runs[i]; at < r.start || at >= r.end {
		*r = run{chars, at, chars.End(c.Text, at)}
	}
	return c.runs[i].end
}

// IndexEnd returns the end of the first mark behind a place, or -1. The text is
// searched once for each mark, if the places are asked about in order.
func (c *Cursor) IndexEnd(text string, from int) int {
	i := slices.IndexFunc(c.marks, func(m mark) bool { return m.text == text })
	if i < 0 {
		i = len(c.marks)
		c.marks = append(c.marks, mark{text: text, from: len(c.Text) + 1})
	}
	m := &c.marks[i]
	if known := from >= m.from && (m.end < 0 || from <= m.end-len(text)); !known {
		m.from, m.end = from, strings.Index(c.Text[from:], text)
		if m.end >= 0 {
			m.end += from + len(text)
		}
	}
	return m.end
}

// Cover says that the text up to a place is the value of a name that has been judged.
func (c *Cursor) Cover(end int) { c.covered = end }

// Covered reports whether a place is in such a value, in which no name has a say.
func (c *Cursor) Covered(at int) bool { return at < c.covered }

// Also says that a rule finds one more span at the place that it is asked about.
func (c *Cursor) Also(start, end int) { c.also = append(c.also, run{start: start, end: end}) }

// Placeholders recognize what stands where something has been replaced. It is passed
// over, so that a second pass changes nothing.
type Placeholders struct {
	// Anchors are how they begin.
	Anchors []string
	// Len returns the length of the one that a text begins with, or 0.
	Len func(text string) int
}

// IsPlaceholder reports whether a part of the text is a placeholder and nothing else.
func (c *Cursor) IsPlaceholder(start, end int) bool {
	return start < end && c.placeholderLen(c.Text[start:]) == end-start
}

func (c *Cursor) placeholderLen(text string) int {
	if c.placeholders == nil {
		return 0
	}
	return c.placeholders.Len(text)
}
