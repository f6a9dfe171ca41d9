package condition

import (
	"regexp/syntax"
	"strings"
	"unicode/utf8"
)

// words are texts of which a match of a pattern has at least one. None at all says that
// nothing is known of what it has.
type words []word

type word struct {
	text string
	// fold says that case does not count; the text is in lower case and ASCII then.
	fold bool
}

// mostWords bounds what is looked for in one record.
const mostWords = 8

// wordsOf returns the words of a regular expression. plain says that it matches whatever
// has one.
func wordsOf(pattern string) (w words, plain bool) {
	expression, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil {
		return nil, false
	}
	w = needed(expression)
	return w, expression.Op == syntax.OpLiteral && len(w) == 1 && !w[0].fold
}

func needed(expression *syntax.Regexp) words {
	switch expression.Op {
	case syntax.OpLiteral:
		return literalWords(expression)
	case syntax.OpCapture, syntax.OpPlus:
		return needed(expression.Sub[0])
	case syntax.OpRepeat:
		if expression.Min > 0 {
			return needed(expression.Sub[0])
		}
	case syntax.OpConcat:
		var best words
		for _, sub := range expression.Sub {
			if w := needed(sub); w.betterThan(best) {
				best = w
			}
		}
		return best
	case syntax.OpAlternate:
		return neededOfAny(expression.Sub)
	}
	return nil
}

func neededOfAny(expressions []*syntax.Regexp) (all words) {
	for _, sub := range expressions {
		w := needed(sub)
		if all = append(all, w...); len(w) == 0 || len(all) > mostWords {
			return nil
		}
	}
	return all
}

func literalWords(literal *syntax.Regexp) words {
	text := string(literal.Rune)
	if strings.ContainsRune(text, utf8.RuneError) {
		return nil // which stands for bytes that are no text, too
	}
	fold := literal.Flags&syntax.FoldCase != 0
	if fold {
		if strings.ContainsFunc(text, func(r rune) bool { return r >= utf8.RuneSelf }) {
			return nil
		}
		text = strings.ToLower(text)
	}
	return words{{text, fold}}
}

// betterThan prefers the words of which the shortest is longer: they are in fewer texts.
func (w words) betterThan(other words) bool { return w.shortest() > other.shortest() }

func (w words) shortest() (n int) {
	for i, one := range w {
		if i == 0 || len(one.text) < n {
			n = len(one.text)
		}
	}
	return n
}

// in reports whether a text may match.
func (w words) in(text string) bool {
	for _, one := range w {
		if one.in(text) {
			return true
		}
	}
	return len(w) == 0
}

func (w word) in(text string) bool {
	if !w.fold {
		return strings.Contains(text, w.text)
	}
	for i := range len(text) {
		if text[i] >= utf8.RuneSelf { // such as ſ, which folds to s
			return true
		}
		if lower(text[i]) == w.text[0] && w.begins(text[i:]) {
			return true
		}
	}
	return false
}

func (w word) begins(text string) bool {
	if len(text) < len(w.text) {
		return false
	}
	for i := range len(w.text) {
		if lower(text[i]) != w.text[i] {
			return false
		}
	}
	return true
}

func lower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}
