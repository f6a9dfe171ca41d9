package condition

import (
	"regexp"
	"strconv"
	"strings"
)

// token is one of OTTL.
type token struct {
	text string
	kind kind
}

type kind uint8

const (
	mark    kind = iota // an operator, a bracket, a dot or a comma
	keyword             // nil, not, or, and, true, false
	name                // a part of a path or of a function's name
	quoted
	integer
	decimal
	unread // something that no guard is made of
)

// forms are those of OTTL's own lexer, in its order: of two that fit it takes the first.
var forms = regexp.MustCompile(`^(?:` +
	`(\s+)|` +
	`(0x[a-fA-F0-9]+)|` +
	`((?:\d+\.\d*|\d*\.\d+)(?:[eE][-+]?\d+)?)|` +
	`(\d+)|` +
	`("(?:\\.|[^\\"])*")|` +
	`(\b(?:nil|not|or|and|true|false)\b)|` +
	`(==|!=|>=|<=|>|<|=>|[-+/*=(){}:,.\[\]])|` +
	`([A-Z][A-Z0-9_]*|[a-z][a-z0-9_]*)` +
	`)`)

// kinds are what the forms are, by the number of the group; the first is left out.
var kinds = []kind{2: unread, 3: decimal, 4: integer, 5: quoted, 6: keyword, 7: mark, 8: name}

const blanks = 1

// lex takes a text apart as OTTL does. ok is false where it cannot.
func lex(text string) (tokens []token, ok bool) {
	for text != "" {
		groups := forms.FindStringSubmatchIndex(text)
		if groups == nil {
			return nil, false
		}
		end := groups[1]
		for group := blanks + 1; group < len(kinds); group++ {
			if groups[2*group] >= 0 {
				tokens = append(tokens, token{text[:end], kinds[group]})
			}
		}
		text = text[end:]
	}
	return tokens, true
}

// unquote returns what is in quotes as OTTL reads it, for which \xff is a character.
func unquote(quoted string) (string, error) {
	var text strings.Builder
	for rest := quoted[1 : len(quoted)-1]; rest != ""; {
		character, _, behind, err := strconv.UnquoteChar(rest, '"')
		if err != nil {
			return "", err
		}
		text.WriteRune(character)
		rest = behind
	}
	return text.String(), nil
}
