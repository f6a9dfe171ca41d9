package condition

import (
	"cmp"
	"slices"
)

// guardOf returns the guard of a condition that OTTL has taken.
func guardOf(text string) guard {
	tokens, ok := lex(text)
	if !ok || slices.ContainsFunc(tokens, isArrow) {
		return guard{}
	}
	return ofAny(tokens)
}

// isArrow reports that of a lambda, whose and and or are not the condition's.
func isArrow(t token) bool { return t.text == "=>" }

// ofAny returns the guard of what or joins.
func ofAny(tokens []token) guard {
	g := guard{form: either}
	for _, part := range split(tokens, "or") {
		one := ofAll(part)
		if one.form == open {
			return one
		}
		g.parts = append(g.parts, one)
	}
	return g.simple()
}

// ofAll returns the guard of what and joins. What is none decides nothing, and comes last.
func ofAll(tokens []token) guard {
	g, whole := guard{form: all}, true
	for _, part := range split(tokens, "and") {
		one := ofPart(part)
		if one.form == open {
			whole = false
			continue
		}
		g.parts = append(g.parts, one)
	}
	if len(g.parts) == 0 {
		return guard{}
	}
	slices.SortStableFunc(g.parts, func(a, b guard) int { return cmp.Compare(a.cost(), b.cost()) })
	if !whole {
		g.parts = append(g.parts, guard{})
	}
	return g.simple()
}

// simple returns the only part instead of the whole.
func (g guard) simple() guard {
	if len(g.parts) == 1 {
		return g.parts[0]
	}
	return g
}

// ofPart returns the guard of a comparison, of a function that decides, of what is in
// parentheses, or of true or false.
func ofPart(tokens []token) guard {
	switch {
	case slices.Equal(tokens, []token{{"true", keyword}}):
		return guard{form: all} // of nothing
	case slices.Equal(tokens, []token{{"false", keyword}}):
		return guard{form: either}
	}
	if inner, ok := parenthesized(tokens); ok {
		return ofAny(inner)
	}
	if g := ofCall(tokens); g.form != open {
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
		return guard{}
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
		return guard{}
	}
	return guard{form: compares, path: p, op: op, literal: literal}
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
		return guard{}
	}
	p, ok := pathOf(inner[:len(inner)-2])
	text, err := unquote(inner[len(inner)-1].text)
	if !ok || err != nil {
		return guard{}
	}
	switch function {
	case "IsMatch":
		w, plain := wordsOf(text)
		return guard{form: matches, path: p, words: w, plain: plain}
	case "HasPrefix":
		return guard{form: begins, path: p, literal: textValue(text)}
	case "HasSuffix":
		return guard{form: ends, path: p, literal: textValue(text)}
	}
	return guard{}
}
