package engine

import (
	"encoding/json"
	"strings"
)

// Row is what the store says of a record, or has made of several: values by name.
type Row map[string]string

// usualFields is how many fields most records have at most.
const usualFields = 32

// readRow reads a line of an answer: an object of texts. Most have no escapes, so that names
// and values are parts of the line.
func readRow(line []byte) (Row, bool) {
	row := make(Row, usualFields)
	rest, ok := strings.CutPrefix(string(line), "{")
	for ok && rest != "" {
		var name, value string
		if name, rest, ok = cutText(rest); !ok {
			break
		}
		if rest, ok = strings.CutPrefix(rest, ":"); !ok {
			break
		}
		if value, rest, ok = cutText(rest); !ok {
			break
		}
		row[name] = value
		if rest == "}" {
			return row, true
		}
		rest, ok = strings.CutPrefix(rest, ",")
	}
	clear(row) // what is written otherwise is for the library
	return row, json.Unmarshal(line, &row) == nil && row != nil
}

// cutText cuts a text in quotes off.
func cutText(line string) (text, rest string, ok bool) {
	if line == "" || line[0] != '"' {
		return "", "", false
	}
	for end := 1; end < len(line); end++ {
		switch c := line[end]; {
		case c == '"':
			return line[1:end], line[end+1:], true
		case c == '\\':
			return cutEscaped(line, end)
		case c < ' ':
			return "", "", false
		}
	}
	return "", "", false
}

// cutEscaped cuts off a text that has an escape.
func cutEscaped(line string, at int) (text, rest string, ok bool) {
	for ; at < len(line); at++ {
		switch line[at] {
		case '\\':
			at++
		case '"':
			err := json.Unmarshal([]byte(line[:at+1]), &text)
			return text, line[at+1:], err == nil
		}
	}
	return "", "", false
}
