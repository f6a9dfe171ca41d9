package redaction

import (
	"slices"
	"strings"

	"github.com/mina-observability/otelcol-mina/processor/minaprocessor/internal/redaction/text"
)

// maxList is the length in bytes of the longest list of strings that is read as one text.
const maxList = 64 << 10

// listText is a list of strings as the text that Python prints of it, so that what is said
// over several of them is found: a command line, a name and its value, the lines of a key.
type listText struct {
	out strings.Builder
	// starts has where each string begins.
	starts []int
}

// add appends a string, in quotes that it does not have, and reports whether it could.
func (l *listText) add(value string) bool {
	quote := `'`
	if strings.Contains(value, quote) {
		quote = `"`
	}
	if strings.Contains(value, quote) || strings.HasSuffix(value, `\`) || l.out.Len()+len(value) > maxList {
		return false
	}
	separator := ", "
	if len(l.starts) == 0 {
		separator = "["
	}
	l.out.WriteString(separator + quote)
	l.starts = append(l.starts, l.out.Len())
	l.out.WriteString(value + quote)
	return true
}

// overSeveral redacts what is found in a list of strings only if it is read as a whole: set
// gets what a string becomes.
func (s *Session) overSeveral(length int, at func(i int) (value string, isText bool), set func(i int, value string, result outcome)) {
	if length < 2 {
		return
	}
	var l listText
	for i := range length {
		if value, isText := at(i); !isText || !l.add(value) {
			return
		}
	}
	l.out.WriteByte(']')
	found := text.Merge(slices.Clone(s.scanner.Scan(s.r.inTexts, l.out.String(), nil)))
	for i, start := range l.starts {
		value, _ := at(i)
		if hits := s.onlyHere(value, within(found, start, start+len(value))); len(hits) > 0 {
			redacted, result := s.replace(value, hits)
			set(i, redacted, result)
		}
	}
}

// within returns the parts of hits that are in a part of a text, from its beginning on.
func within(hits []text.Hit, start, end int) (parts []text.Hit) {
	for _, hit := range hits {
		if from, to := max(hit.Start, start), min(hit.End, end); from < to {
			parts = append(parts, text.Hit{Start: from - start, End: to - start, Rule: hit.Rule})
		}
	}
	return parts
}

// onlyHere returns those of the hits that are not found in the text by itself, and counts
// those that change nothing.
func (s *Session) onlyHere(in string, hits []text.Hit) []text.Hit {
	if len(hits) == 0 {
		return nil
	}
	alone := s.scanner.Scan(s.r.inTexts, in, nil)
	return s.countOnly(slices.DeleteFunc(hits, func(hit text.Hit) bool {
		return slices.ContainsFunc(alone, func(own text.Hit) bool { return own.Start <= hit.Start && hit.End <= own.End })
	}))
}
