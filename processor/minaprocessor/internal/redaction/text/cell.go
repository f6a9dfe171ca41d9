package text

import "strings"

// inCell is the form of a row of a table: | name | value |
func inCell(c *Cursor, n name) (a Assignment, found bool) {
	text := c.Text
	at := blanksEnd(text, n.after)
	side := sideEnd(text, at)
	if side == at || at == n.after {
		return a, false
	}
	start := n.start
	for start > 0 && (IsBlank(text[start-1]) || text[start-1] == '*' || isQuote(text[start-1])) && n.start-start < maxBlanks {
		start--
	}
	if start < len("|") || sideEnd(text, max(0, start-len("│"))) != start && sideEnd(text, start-1) != start {
		return a, false
	}
	a.Value = blanksEnd(text, side)
	_, end, isQuoted := stringAt(text, a.Value)
	if isQuoted {
		end++
	} else {
		end = runOfValue(text, a.Value)
	}
	// A cell of a word only may describe what the name means.
	behind := blanksEnd(text, end)
	return a, sideEnd(text, behind) > behind && strings.ContainsAny(text[a.Value:end], "0123456789")
}

// sideEnd returns the end of the side of a cell, or the place.
func sideEnd(text string, at int) int {
	for _, side := range []string{"|", "│"} {
		if hasPrefixAt(text, at, side) {
			return at + len(side)
		}
	}
	return at
}
