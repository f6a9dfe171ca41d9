package condition

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// guardOf returns the guard of a condition that OTTL has taken.
func guardOf(text string) guard {
	tokens, ok := lex(text)
	if !ok || slices.ContainsFunc(tokens, isArrow) {
		return open{}
	}
	if g := ofAny(tokens); g != nil {
		return g
	}
	return open{}
}

// isArrow reports that of a lambda, whose and and or are not the condition's.
func isArrow(t token) bool { return t.text == "=>" }

// ofAny returns the guard of what or joins, and nil where a part has none.
func ofAny(tokens []token) guard {
	var guards either
	for _, part := range split(tokens, "or") {
		g := ofAll(part)
		if g == nil {
			return nil
		}
		guards = append(guards, g)
	}
	if len(guards) == 1 {
		return guards[0]
	}
	return guards
}

// ofAll returns the guard of what and joins, of the parts that have one.
func ofAll(tokens []token) guard {
	var guards all
	for _, part := range split(tokens, "and") {
		if g := ofPart(part); g != nil {
			guards = append(guards, g)
		}
	}
	switch len(guards) {
	case 0:
		return nil
	case 1:
		return guards[0]
	}
	slices.SortStableFunc(guards, func(a, b guard) int { return cmp.Compare(a.cost(), b.cost()) })
	return guards
}

// ofPart returns the guard of a comparison, of a function that decides or of what is in
// parentheses.
func ofPart(tokens []token) guard {
	if inner, ok := parenthesized(tokens); ok {
		return ofAny(inner)
	}
	if g := ofCall(tokens); g != nil {
		return g
	}
	return ofComparison(tokens)
}

// split takes tokens apart at a keyword that is in no brackets.
func split(tokens []token, at string) (parts [][]token) {
	depth, from := 0, 0
	for i, t := range tokens {
		depth += nesting(t)
		if depth == 0 && t.kind == keyword && t.text == at {
			parts = append(parts, tokens[from:i])
			from = i + 1
		}
	}
	return append(parts, tokens[from:])
}

func nesting(t token) int {
	if t.kind != mark {
		return 0
	}
	switch t.text {
	case "(", "[", "{":
		return 1
	case ")", "]", "}":
		return -1
	}
	return 0
}

// parenthesized returns what is in the parentheses that are around all tokens.
func parenthesized(tokens []token) ([]token, bool) {
	if len(tokens) < 2 || tokens[0] != (token{"(", mark}) {
		return nil, false
	}
	depth := 0
	for i, t := range tokens {
		if depth += nesting(t); depth == 0 {
			return tokens[1 : len(tokens)-1], i == len(tokens)-1
		}
	}
	return nil, false
}

// ofComparison returns the guard of a comparison between a path and a literal.
func ofComparison(tokens []token) guard {
	at := slices.IndexFunc(tokens, func(t token) bool { return t.kind == mark && operators[t.text] != 0 })
	if at < 0 {
		return nil
	}
	op, left, right := operators[tokens[at].text], tokens[:at], tokens[at+1:]
	p, ok := pathOf(left)
	literal, is := literalOf(right)
	if !ok {
		op = op.mirrored()
		p, ok = pathOf(right)
		literal, is = literalOf(left)
	}
	if !ok || !is {
		return nil
	}
	return compared{p, op, literal}
}

// ofCall returns the guard of a function that is asked of a path and a text.
func ofCall(tokens []token) guard {
	function, arguments := "", tokens
	for len(arguments) > 0 && arguments[0].kind == name {
		function += arguments[0].text
		arguments = arguments[1:]
	}
	inner, ok := parenthesized(arguments)
	if !ok || len(inner) < 3 || inner[len(inner)-2] != (token{",", mark}) || inner[len(inner)-1].kind != quoted {
		return nil
	}
	text, err := strconv.Unquote(inner[len(inner)-1].text)
	p, ok := pathOf(inner[:len(inner)-2])
	if err != nil || !ok {
		return nil
	}
	switch function {
	case "IsMatch":
		return worded{p, wordsOf(text)}
	case "HasPrefix":
		return bounded{p, strings.HasPrefix, text}
	case "HasSuffix":
		return bounded{p, strings.HasSuffix, text}
	}
	return nil
}
