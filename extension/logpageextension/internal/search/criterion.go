package search

import (
	"net/netip"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/mina-observability/otelcol-mina/internal/logsql"
	"github.com/mina-observability/otelcol-mina/internal/semconv"
)

// criterion is what a field shall be.
type criterion struct {
	form     form
	operator logsql.Operator
	text     string
	// quoted says that the text has no signs, and star that it is a beginning.
	quoted, star bool
	// function and arguments are those of LogsQL.
	function  string
	arguments []string
	// at is where it stands.
	at int
}

type form uint8

const (
	word form = iota
	exact
	compare
	pattern
	exists
	call
)

// filter returns the filter of a criterion of a field.
func (f field) filter(t criterion) (logsql.Filter, error) {
	if t.form == pattern {
		if _, err := regexp.Compile(t.text); err != nil {
			return nil, &Error{"the pattern cannot be read: " + strings.TrimPrefix(err.Error(), "error parsing regexp: "), "Write a regular expression of Go, with a backslash in front of ( ) [ ] . * + ? for the sign itself.", t.at}
		}
	}
	switch {
	case f.names[0] == stream:
		return nil, &Error{"_stream is no field that can be searched", "Search for service:, host: or logger:.", t.at}
	case f.kind == moment && t.isMoment():
		return f.orOwn(t.moment(), t), nil
	case f.kind == moment && len(f.names) == 1:
		return nil, &Error{"this is no time", "Write one as 2026-11-26T10:43:00Z, or how long ago it was, as 15m.", t.at}
	case f.kind == source:
		return t.source()
	case f.kind == level:
		filter, err := t.level()
		if err != nil {
			return nil, err
		}
		return f.orOwn(filter, t), nil
	}
	if t.isEmpty() {
		return logsql.Not(f.each(logsql.Exists)), nil
	}
	return f.each(func(name string) logsql.Filter { return t.of(name, f.kind) }), nil
}

// each returns the filter of a field that has one of several names.
func (f field) each(of func(name string) logsql.Filter) logsql.Filter {
	var filters []logsql.Filter
	for _, name := range f.names {
		if name == logsql.Body {
			name = ""
		}
		if name != recordTime {
			filters = append(filters, of(name))
		}
	}
	return logsql.Or(filters...)
}

// orOwn returns the filter of what was read as a time or a level, or is in a field of the
// name: a record that has both time and asctime keeps the other.
func (f field) orOwn(read logsql.Filter, t criterion) logsql.Filter {
	own := field{names: slices.DeleteFunc(slices.Clone(f.names), func(name string) bool { return name == recordTime || name == recordLevel })}
	if t.form == compare || t.form == exists || t.isEmpty() || len(own.names) == 0 {
		return read
	}
	return logsql.Or(read, own.each(func(name string) logsql.Filter { return t.of(name, plain) }))
}

// isEmpty reports whether the field shall be "".
func (t criterion) isEmpty() bool {
	return (t.form == word || t.form == exact) && t.text == "" && !t.star
}

// of returns the filter of a criterion of the field with a name.
func (t criterion) of(name string, k kind) logsql.Filter {
	switch {
	case t.form == exists || t.text == "" && t.star:
		return logsql.Exists(name)
	case t.form == pattern:
		return logsql.Regexp(name, t.text)
	case t.form == call:
		return logsql.Call(name, t.function, t.arguments...)
	case t.form == compare:
		return logsql.Compare(name, t.operator, inUnit(name, t.text))
	case name == urlPath && strings.Contains(t.text, "?"):
		return t.ofURL()
	case t.form == exact && t.star:
		return logsql.Begins(name, t.text)
	case t.form == exact && k == part, t.form == exact && name == semconv.RequestHeader: // which is a list
		return logsql.Phrase(name, t.text)
	case t.form == exact:
		return logsql.Exact(name, t.text)
	}
	return t.words(name, k)
}

// ofURL has the query of a URL where it is kept.
func (t criterion) ofURL() logsql.Filter {
	path, query := t, t
	path.text, query.text, _ = strings.Cut(t.text, "?")
	path.star = false
	var filters []logsql.Filter
	if path.text != "" {
		filters = append(filters, path.of(urlPath, plain))
	}
	if query.text != "" || query.star {
		filters = append(filters, query.of(urlQuery, plain))
	}
	return logsql.And(filters...)
}

// classes matches 5xx.
var classes = regexp.MustCompile(`^[1-5][xX]{2}$`)

// words returns the filter of words.
func (t criterion) words(name string, k kind) logsql.Filter {
	switch {
	case k == status && !t.star && classes.MatchString(t.text):
		first := t.text[:1]
		return logsql.And(logsql.Compare(name, logsql.AtLeast, first+"00"), logsql.Compare(name, logsql.AtMost, first+"99"))
	case k == address && !t.star && strings.Contains(t.text, "/"):
		if network, err := netip.ParsePrefix(t.text); err == nil && network.Addr().Is4() {
			return logsql.Call(name, "ipv4_range", t.text)
		} else if err == nil {
			return logsql.Call(name, "ipv6_range", t.text)
		}
	case !t.quoted && strings.Contains(strings.Trim(t.text, "*"), "*"), !t.quoted && strings.HasPrefix(t.text, "*"):
		return logsql.Regexp(name, wildcards(t.text))
	}
	switch {
	case t.star:
		return logsql.Prefix(name, t.text)
	case k == id || !hasLetters(t.text): // the store finds these faster
		return logsql.Phrase(name, t.text)
	}
	return logsql.Word(name, t.text)
}

// wildcards returns the pattern of a text with stars inside.
func wildcards(text string) string {
	parts := strings.Split(strings.TrimLeft(text, "*"), "*")
	for i, part := range parts {
		parts[i] = regexp.QuoteMeta(part)
	}
	return "(?i)" + strings.Join(parts, `\S*`)
}

// hasLetters reports whether a text may be written in another case.
func hasLetters(text string) bool { return strings.ContainsFunc(text, unicode.IsLetter) }

// source returns the filter of where records come from.
func (t criterion) source() (logsql.Filter, error) {
	if (t.form != word && t.form != exact) || len(t.text) != 48 || strings.Trim(t.text, "0123456789abcdef") != "" {
		return nil, &Error{"this is no _stream_id", "Write one as records have it, 48 digits.", t.at}
	}
	return logsql.Exact(streamID, t.text), nil
}
