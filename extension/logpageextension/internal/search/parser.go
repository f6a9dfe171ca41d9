package search

import (
	"strings"

	"github.com/mina-observability/otelcol-mina/internal/logsql"
)

// parser reads a search from its beginning to its end.
type parser struct {
	text string
	at   int
	// depth is how many parentheses are open.
	depth int
	// field is what the words in field:(…) are of.
	field *field
}

// any reads what is joined by or.
func (p *parser) any() (logsql.Filter, error) {
	var filters []logsql.Filter
	for {
		filter, err := p.all()
		if err != nil {
			return nil, err
		}
		if filter == nil && len(filters) == 0 && !p.isOperator("or") {
			return logsql.All(), nil
		}
		if filter == nil {
			return nil, p.halved("or")
		}
		filters = append(filters, filter)
		if !p.operator("or") {
			return logsql.Or(filters...), nil
		}
	}
}

// all reads what is joined by and, or by nothing. It returns nil if there is nothing.
func (p *parser) all() (logsql.Filter, error) {
	var filters []logsql.Filter
	for joined := false; ; {
		p.blanks()
		switch {
		case p.isEnd() || p.isOperator("or"):
			if joined {
				return nil, p.halved("and")
			}
			if len(filters) == 0 {
				return nil, nil
			}
			return logsql.And(filters...), nil
		case p.isOperator("and"):
			if len(filters) == 0 || joined {
				return nil, p.halved("and")
			}
			joined = p.operator("and")
			continue
		}
		filter, err := p.negated()
		if err != nil {
			return nil, err
		}
		if filter != nil {
			filters, joined = append(filters, filter), false
		}
	}
}

// negated reads what may have a negation in front. It returns nil if there is nothing.
func (p *parser) negated() (logsql.Filter, error) {
	not := false
	for {
		at := p.at
		switch {
		case p.operator("not"):
			if p.blanks(); p.isEnd() {
				p.at = at
				return nil, p.fail(`"not" has nothing behind it`, `Write not and what is not meant, or "not" in quotes for the word.`)
			}
		case p.isNegation() && (p.field == nil || !p.isNumber()):
			p.at++
		default:
			filter, err := p.term()
			if filter != nil && not {
				filter = logsql.Not(filter)
			}
			return filter, err
		}
		not = !not
	}
}

// isNegation reports whether a sign stands in front of something: -path:/healthz, !late.
func (p *parser) isNegation() bool {
	rest := p.rest()
	if len(rest) < 2 || rest[0] != '-' && rest[0] != '!' || rest[0] == '!' && (rest[1] == '=' || rest[1] == '~') {
		return false
	}
	return !isBlank(rest[1]) && rest[1] != ')' && rest[1] != rest[0] && rest[1] != '>'
}

// isNumber reports whether a number below zero comes next.
func (p *parser) isNumber() bool {
	rest := p.rest()
	return len(rest) > 1 && rest[0] == '-' && isDigit(rest[1])
}

// term reads a word, a text in quotes, a field with its value, or what is in parentheses.
func (p *parser) term() (logsql.Filter, error) {
	if p.next("(") {
		return p.group()
	}
	if p.field != nil {
		return p.value(*p.field)
	}
	at := p.at
	if f, ok := p.fieldName(); ok {
		p.blanks()
		if p.isEnd() || p.isOperator("or") || p.isOperator("and") {
			return nil, p.failAt(at, strings.TrimSpace(p.text[at:p.at])+" has no value", "Write the value behind the colon, or * for all records that have the field.")
		}
		return p.value(f)
	}
	if p.isStar() {
		p.at++
		return logsql.All(), nil
	}
	if strings.HasPrefix(p.rest(), "|") && p.isBoundary(p.at+1) {
		return nil, p.fail("a search has no pipes (|)", `Leave out what is behind it, or write "|" for the sign itself.`)
	}
	return p.value(body)
}

// group reads what is in parentheses, of which one at the end may be missing.
func (p *parser) group() (logsql.Filter, error) {
	if p.depth++; p.depth > deepest {
		return nil, p.failAt(p.at-1, "there are too many parentheses in each other", "Leave some out.")
	}
	p.blanks()
	empty := p.isEnd()
	filter, err := p.any()
	p.next(")")
	p.depth--
	if empty {
		return nil, err
	}
	return filter, err
}

func (p *parser) halved(operator string) error {
	return p.fail(`"`+operator+`" needs something on both sides`, `Write what it joins, or "`+operator+`" in quotes for the word.`)
}

func (p *parser) fail(message, do string) error { return p.failAt(p.at, message, do) }

func (p *parser) failAt(at int, message, do string) error { return &Error{message, do, at} }
