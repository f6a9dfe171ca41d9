package search

import (
	"fmt"
	"unicode/utf8"

	"github.com/mina-observability/otelcol-mina/internal/logsql"
)

// The bounds of a search: its bytes, and how deep its parentheses go.
const (
	longest = 8192
	deepest = 32
)

// Error says what cannot be understood, what to do, and at which byte of the box.
type Error struct {
	Message, Do string
	At          int
}

func (e *Error) Error() string { return fmt.Sprintf("%s (at %d): %s", e.Message, e.At, e.Do) }

// Parse reads a search. That of an empty box means every record.
func Parse(box string) (logsql.Filter, error) {
	if len(box) > longest {
		return nil, &Error{fmt.Sprintf("the search has %d bytes, of %d at most", len(box), longest), "Search for less.", longest}
	}
	if at := invalidAt(box); at >= 0 {
		return nil, &Error{"the search is no UTF-8 from here on", "Write it anew.", at}
	}
	p := parser{text: box}
	filter, err := p.any()
	if err != nil {
		return nil, err
	}
	return filter, nil
}

// invalidAt returns where a text is no UTF-8, or -1.
func invalidAt(text string) int {
	for at, r := range text {
		if _, size := utf8.DecodeRuneInString(text[at:]); r == utf8.RuneError && size == 1 {
			return at
		}
	}
	return -1
}
