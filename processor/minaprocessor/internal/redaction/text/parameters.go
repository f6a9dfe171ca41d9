package text

import (
	"strconv"
	"strings"
)

// How SQLAlchemy shows a statement and what is bound to it.
const (
	statementBegin  = "[SQL: "
	parametersBegin = "[parameters: "
	maxStatement    = 8 << 10
)

// bound is the form of a column that is compared with, or set to, a marker in a statement, and
// gets its value from a list behind that:
//
//	[SQL: UPDATE users SET password=? WHERE id = ?]
//	[parameters: ('…', 7)]
func bound(c *Cursor, n name) (a Assignment, found bool) {
	text := c.Text
	if c.IndexEnd(parametersBegin, n.end) < 0 {
		return a, false
	}
	at := blanksEnd(text, n.after)
	value := operatorEnd(text, at)
	if value == at {
		return a, false
	}
	return parameterOf(c, blanksEnd(text, value))
}

// parameterOf returns what is bound to the marker at a place.
func parameterOf(c *Cursor, at int) (a Assignment, found bool) {
	text := c.Text
	marker := markerAt(text, at)
	list := c.IndexEnd(parametersBegin, at)
	if marker == "" || list < 0 || list-at > maxStatement {
		return a, false
	}
	index := 0
	if number, err := strconv.Atoi(marker[1:]); err == nil { // $2
		index = number - 1
	} else {
		window := max(0, at-maxStatement)
		begin := strings.LastIndex(text[window:at], statementBegin)
		if begin < 0 {
			return a, false
		}
		index = strings.Count(text[window+begin:at], marker)
	}
	if hasPrefixAt(text, list, "[(") {
		list++
	}
	return row(text, list, index)
}

// markerAt returns the marker of a parameter at a place: ?, %s or $2.
func markerAt(text string, at int) string {
	switch {
	case hasPrefixAt(text, at, "?"):
		return "?"
	case hasPrefixAt(text, at, "%s"):
		return "%s"
	case hasPrefixAt(text, at, "$"):
		if end := Digits.EndWithin(text, at+1, 3); end > at+1 {
			return text[at:end]
		}
	}
	return ""
}
