package search

import (
	"fmt"
	"net/netip"
	"strconv"
	"strings"

	"github.com/mina-observability/otelcol-mina/internal/logsql"
)

// function is one of LogsQL's, as the search of an alert may have it.
type function struct {
	// criterion is what each argument is of, if not form is call: then LogsQL has all of them.
	criterion criterion
	// all says that the criteria of all arguments have to hold, and not of one.
	all bool
	// least and most are how many arguments LogsQL takes, and fits what they have to be.
	least, most int
	fits        func(argument string) bool
}

// many is more arguments than a search has room for.
const many = longest

var functions = map[string]function{
	"i":            {criterion: criterion{form: word}},
	"in":           {criterion: criterion{form: exact}},
	"exact":        {criterion: criterion{form: exact}},
	"re":           {criterion: criterion{form: pattern}},
	"contains_any": {criterion: criterion{form: word}},
	"contains_all": {criterion: criterion{form: word}, all: true},

	"seq":                     {criterion{form: call}, false, 1, many, nil},
	"json_array_contains_any": {criterion{form: call}, false, 1, many, nil},
	"eq_field":                {criterion{form: call}, false, 1, 1, nil},
	"le_field":                {criterion{form: call}, false, 1, 1, nil},
	"lt_field":                {criterion{form: call}, false, 1, 1, nil},
	"pattern_match":           {criterion{form: call}, false, 1, 1, nil},
	"pattern_match_full":      {criterion{form: call}, false, 1, 1, nil},
	"pattern_match_prefix":    {criterion{form: call}, false, 1, 1, nil},
	"pattern_match_suffix":    {criterion{form: call}, false, 1, 1, nil},
	"string_range":            {criterion{form: call}, false, 2, 2, nil},
	"value_type":              {criterion{form: call}, false, 1, 1, nil},
	"len_range":               {criterion{form: call}, false, 2, 2, isNumber},
	"ipv4_range":              {criterion{form: call}, false, 1, 2, isIPv4},
	"ipv6_range":              {criterion{form: call}, false, 1, 2, isIPv6},
}

func isNumber(text string) bool {
	_, err := strconv.ParseUint(text, 10, 63)
	return err == nil
}

func isIPv4(text string) bool { return isAddress(text, netip.Addr.Is4) }
func isIPv6(text string) bool { return isAddress(text, netip.Addr.Is6) }

func isAddress(text string, is func(netip.Addr) bool) bool {
	if network, err := netip.ParsePrefix(text); err == nil {
		return is(network.Addr())
	}
	one, err := netip.ParseAddr(text)
	return err == nil && one.Zone() == "" && is(one)
}

// function reads a function of LogsQL. It returns nil if there is none: among words by
// themselves, re(x) is code and only re("x") is a function.
func (p *parser) function(f field) (logsql.Filter, error) {
	begin := p.at
	name, _, found := strings.Cut(p.rest()[:min(len(p.rest()), 30)], "(")
	called, known := functions[strings.ToLower(name)]
	if !found || !known || f.isBody() && name != "i" && !isQuote(p.text, p.at+len(name)+1) {
		return nil, nil
	}
	p.at += len(name) + 1
	criteria := p.arguments(called.criterion)
	if called.criterion.form == call {
		return p.call(f, strings.ToLower(name), called, criteria, begin)
	}
	var filters []logsql.Filter
	for _, t := range criteria {
		filter, err := f.filter(t)
		if err != nil {
			return nil, err
		}
		filters = append(filters, filter)
	}
	if called.all {
		return logsql.And(filters...), nil
	}
	return logsql.Or(filters...), nil
}

// arguments reads what is between commas, up to the parenthesis that closes.
func (p *parser) arguments(of criterion) []criterion {
	var criteria []criterion
	for {
		for p.at < len(p.text) && (isBlank(p.text[p.at]) || p.text[p.at] == ',') {
			p.at++
		}
		if p.at == len(p.text) || p.next(")") {
			return criteria
		}
		t := of
		t.at = p.at
		p.operandText(&t, ",")
		criteria = append(criteria, t)
	}
}

// call returns the filter of a function that LogsQL has for itself.
func (p *parser) call(f field, name string, called function, criteria []criterion, begin int) (logsql.Filter, error) {
	t := criterion{form: call, function: name, at: begin}
	for _, argument := range criteria {
		if called.fits != nil && !called.fits(argument.text) {
			return nil, p.failAt(argument.at, fmt.Sprintf("%s cannot take %q", name, argument.text), "Write numbers for len_range, and addresses or networks for ipv4_range and ipv6_range.")
		}
		t.arguments = append(t.arguments, argument.text)
	}
	if len(t.arguments) < called.least || len(t.arguments) > called.most {
		return nil, p.failAt(begin, fmt.Sprintf("%s has %d arguments", name, len(t.arguments)), "See https://docs.victoriametrics.com/victorialogs/logsql/#filters for what it takes.")
	}
	return f.filter(t)
}
