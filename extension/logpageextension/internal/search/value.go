package search

import (
	"strings"

	"github.com/mina-observability/otelcol-mina/internal/logsql"
)

// value reads what a field shall be.
func (p *parser) value(f field) (logsql.Filter, error) {
	switch {
	case p.next("("):
		outer := p.field
		p.field = &f
		filter, err := p.group()
		p.field = outer
		return filter, err
	case p.isNegation() && !p.isNumber():
		p.at++
		return negate(p.value(f))
	case p.isStar():
		p.at++
		return f.filter(criterion{form: exists, at: p.at - 1})
	}
	if filter, err := p.function(f); filter != nil || err != nil {
		return filter, err
	}
	if filter, err := p.between(f); filter != nil || err != nil {
		return filter, err
	}
	t, not := p.sign(f)
	filter, err := p.operand(f, t)
	if not {
		return negate(filter, err)
	}
	return filter, err
}

func negate(filter logsql.Filter, err error) (logsql.Filter, error) {
	if filter == nil || err != nil {
		return nil, err
	}
	return logsql.Not(filter), nil
}

// comparisons are the signs that may stand in front of a value, longer ones first.
var comparisons = []struct {
	sign      string
	criterion criterion
	not       bool
}{
	{"!=", criterion{form: exact}, true},
	{"!~", criterion{form: pattern}, true},
	{"=~", criterion{form: pattern}, false},
	{"~", criterion{form: pattern}, false},
	{"==", criterion{form: exact}, false},
	{"=", criterion{form: exact}, false},
	{">=", criterion{form: compare, operator: logsql.AtLeast}, false},
	{"<=", criterion{form: compare, operator: logsql.AtMost}, false},
	{">", criterion{form: compare, operator: logsql.Greater}, false},
	{"<", criterion{form: compare, operator: logsql.Less}, false},
}

// sign reads the sign in front of a value. In front of a word by itself, only quotes tell a
// sign from one of the text.
func (p *parser) sign(f field) (t criterion, not bool) {
	for _, c := range comparisons {
		if !strings.HasPrefix(p.rest(), c.sign) {
			continue
		}
		if f.isBody() && p.field == nil && (c.criterion.form == compare || !isQuote(p.text, p.at+len(c.sign))) {
			break
		}
		p.at += len(c.sign)
		return c.criterion, c.not
	}
	return criterion{}, false
}

// operand reads a text, and returns the filter of a criterion on it.
func (p *parser) operand(f field, t criterion) (logsql.Filter, error) {
	if t.form == compare {
		p.blanks()
	}
	t.at = p.at
	p.operandText(&t, "")
	if t.text == "" && !t.quoted && !t.star {
		return nil, p.failAt(t.at, "there is no value", "Write what it shall be.")
	}
	return f.filter(t)
}

// operandText reads a text in quotes or a word, and the star behind it.
func (p *parser) operandText(t *criterion, stops string) {
	if t.text, t.quoted = p.quoted(t.form == pattern); t.quoted {
		t.star = t.form != compare && t.form != pattern && p.next("*")
		return
	}
	t.text = p.word(stops)
	if t.form != pattern && t.form != compare {
		t.text, t.star = strings.CutSuffix(t.text, "*")
	}
}

// between reads a range, of LogsQL or of others: range[1, 5), [1 TO 5].
func (p *parser) between(f field) (logsql.Filter, error) {
	begin, open := p.at, byte('[')
	switch {
	case f.isBody():
		return nil, nil
	case p.next("range["), p.next("["):
	case p.next("range("):
		open = '('
	default:
		return nil, nil
	}
	end := strings.IndexAny(p.rest(), ")]")
	if end < 0 {
		return nil, p.failAt(begin, "the range has no end", "Write it as [1, 5].")
	}
	ends, closed := p.rest()[:end], p.rest()[end]
	p.at += end + 1
	low, high, found := strings.Cut(strings.Replace(ends, " TO ", ",", 1), ",")
	if low, high = strings.TrimSpace(low), strings.TrimSpace(high); !found || low == "" || high == "" {
		return nil, p.failAt(begin, "the range has no two ends", "Write it as [1, 5].")
	}
	from, to := criterion{form: compare, operator: logsql.AtLeast, text: low, at: begin}, criterion{form: compare, operator: logsql.AtMost, text: high, at: begin}
	if open == '(' {
		from.operator = logsql.Greater
	}
	if closed == ')' {
		to.operator = logsql.Less
	}
	above, err := f.filter(from)
	if err != nil {
		return nil, err
	}
	below, err := f.filter(to)
	if err != nil {
		return nil, err
	}
	return logsql.And(above, below), nil
}
