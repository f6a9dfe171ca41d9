package text

import "strings"

// columns are values in brackets that belong to names in others, by their order.
type columns struct {
	// index is that of the value, next where the next row begins, or 0, and count how many
	// rows are before that.
	index, next, count int
}

// How far in bytes a row reaches, and how many are looked at.
const (
	maxColumns = 1024
	maxRows    = 256
)

// column is the form of names in brackets, and their values in others behind them:
// (name, …) VALUES ('…', …), and PostgreSQL's Key (name, …)=(…, …).
func column(c *Cursor, n name) (a Assignment, found bool) {
	text := c.Text
	at := blanksEnd(text, n.after)
	if at >= len(text) || text[at] != ',' && text[at] != ')' {
		return a, false
	}
	last := strings.IndexByte(text[at:min(len(text), at+maxColumns)], ')')
	first := strings.LastIndexByte(text[max(0, n.start-maxColumns):n.start], '(')
	if last < 0 || first < 0 {
		return a, false
	}
	index := strings.Count(text[max(0, n.start-maxColumns)+first:n.start], ",")
	behind := at + last + 1
	if hasPrefixAt(text, behind, "=(") {
		a.Value, a.end = shownElement(text, behind+len("=("), index)
		return a, a.Value < a.end
	}
	const values = "values"
	behind = spacesEnd(text, behind)
	if !hasPrefixFold(text, behind, values) {
		return a, false
	}
	behind = spacesEnd(text, behind+len(values))
	if a, found = row(text, behind, index); !found && a.Value > 0 {
		return parameterOf(c, a.Value)
	}
	return a, found
}

// NextRow returns the value of the same name in the next row.
func (c *Cursor) NextRow(a Assignment) (next Assignment, found bool) {
	if a.rows.next == 0 || a.rows.count == maxRows {
		return a, false
	}
	next, found = row(c.Text, a.rows.next, a.rows.index)
	next.Name, next.Unescaped = a.Name, a.Unescaped
	next.rows.count = a.rows.count + 1
	return next, found
}

// row is a row of values: ('…', …), and where the next begins.
func row(text string, at, index int) (a Assignment, found bool) {
	if !hasPrefixAt(text, at, "(") {
		return a, false
	}
	window := text[:min(len(text), at+maxColumns)]
	a.Value = -1
	i := spacesEnd(window, at+1)
	for element := 0; i < len(window); element++ {
		if element == index {
			a.Value = i
		}
		i = elementEnd(window, i)
		if i < len(window) && window[i] == ')' {
			if next := spacesEnd(text, i+1); hasPrefixAt(text, next, ",") {
				a.rows = columns{index: index, next: spacesEnd(text, next+1)}
			}
			break
		}
		i = spacesEnd(window, i+1)
	}
	return a, a.Value >= 0 && a.Value < len(text) && (IsDigit(text[a.Value]) || beginsString(text, a.Value))
}

// elementEnd returns the end of an element of a row: its comma, or its bracket.
func elementEnd(text string, at int) int {
	for i := at; i < len(text); i++ {
		switch c := text[i]; {
		case c == ',' || c == ')':
			return i
		case c == '(':
			i = closingBracket(text, i) - 1
		case isQuote(c):
			i = closingQuote(text, i+1, text[i:i+1])
		}
	}
	return len(text)
}

// shownElement returns an element of a list that PostgreSQL shows, without quotes.
func shownElement(text string, at, index int) (start, end int) {
	list := text[at:min(len(text), at+maxColumns)]
	for i := range len(list) {
		if list[i] == ')' && (i+1 == len(list) || strings.IndexByte(" .\r\n\\\"", list[i+1]) >= 0) {
			list = list[:i]
			break
		}
	}
	for range index {
		_, rest, found := strings.Cut(list, ", ")
		if !found {
			break
		}
		at += len(list) - len(rest)
		list = rest
	}
	element, _, _ := strings.Cut(list, ", ")
	return at, at + len(element)
}
