package otelcol

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
)

var variableName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// parseVariables reads a file of variables as systemd does (systemd.exec(5), EnvironmentFile):
// NAME=value with comments, where a value in quotes may have several lines. What systemd passes
// over or takes for something else is an error, which quotes nothing: a value may be a secret.
func parseVariables(text string) (variables []string, err error) {
	if strings.HasPrefix(text, "\ufeff") {
		return nil, errors.New("it begins with a byte order mark, which systemd takes for a part of the first name: save it without")
	}
	for line, rest := 1, ""; text != ""; text = rest {
		switch text[0] {
		case '\n', '\r', '\t', ' ':
			rest = text[1:]
		case '#', ';':
			_, rest, _ = strings.Cut(text, "\n")
		default:
			name, value, found := strings.Cut(text, "=")
			if name = strings.TrimRight(name, " \t"); !found || !variableName.MatchString(name) {
				return nil, fmt.Errorf("line %d is not NAME=value", line)
			}
			var ended bool
			if value, rest, ended = parseValue(value); !ended {
				return nil, fmt.Errorf("the quote in line %d has no end", line)
			}
			if strings.ContainsRune(value, 0) {
				return nil, fmt.Errorf("line %d holds a zero byte", line)
			}
			variables = append(variables, name+"="+value)
		}
		line += strings.Count(text[:len(text)-len(rest)], "\n")
	}
	return variables, nil
}

// parseValue reads a value up to the end of its line, and returns what follows. Without an
// end is one whose last quote is not closed.
func parseValue(text string) (value, rest string, ended bool) {
	var b strings.Builder
	quote, begun := byte(0), false
	kept := 0 // of the value, without the white space behind it
	for i := 0; i < len(text); i++ {
		c, escaped := text[i], false
		if c == '\\' && quote != '\'' {
			if i++; i == len(text) {
				break
			}
			c, escaped = text[i], true
		}
		switch {
		case escaped && (c == '\n' || c == '\r' && quote == 0): // the next line goes on
		case escaped && quote == '"' && strings.IndexByte("\\\"`$", c) < 0:
			b.WriteByte('\\')
			b.WriteByte(c)
		case escaped, quote != 0 && c != quote:
			b.WriteByte(c)
			begun = quote == 0
		case quote != 0:
			quote, begun = 0, false
		case c == '\n', c == '\r':
			return b.String()[:kept], text[i:], true
		case !begun && (c == '"' || c == '\''):
			quote = c
		case c == ' ', c == '\t':
			if begun {
				b.WriteByte(c)
			}
			continue
		default:
			b.WriteByte(c)
			begun = true
		}
		kept = b.Len()
	}
	return b.String()[:kept], "", quote == 0
}
