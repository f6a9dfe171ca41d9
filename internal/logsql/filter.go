package logsql

import (
	"strconv"
	"strings"
)

// Filter says which records are meant. Its text is LogsQL.
type Filter interface {
	String() string
	// alone is the text beside others that have to hold, too, or behind a negation.
	alone() string
}

// Body is the field of a record's body. A filter of no field means it, too.
const Body = "_msg"

// The fields of the store that have filters of their own: when a record was made, and which
// source it is of.
const (
	timestamp = "_time"
	streamID  = "_stream_id"
)

// Operator is a comparison: of numbers if both sides are such, else of texts.
type Operator string

// The operators of [Compare].
const (
	Greater  Operator = ">"
	AtLeast  Operator = ">="
	Less     Operator = "<"
	AtMost   Operator = "<="
	anything          = "*"
)

// All means every record.
func All() Filter { return term(anything) }

// And means the records that all filters mean.
func And(filters ...Filter) Filter {
	switch len(filters) {
	case 0:
		return All()
	case 1:
		return filters[0]
	}
	return and(filters)
}

// Or means the records that any of the filters means.
func Or(filters ...Filter) Filter {
	switch len(filters) {
	case 0:
		return Not(All())
	case 1:
		return filters[0]
	}
	return or(filters)
}

// Not means the records that the filter does not mean.
func Not(filter Filter) Filter { return not{filter} }

// Word means the records that have the words of a text, one behind the other, in any case.
func Word(field, text string) Filter { return in(field, "i("+Text(text)+")") }

// Prefix means the records that have a word that begins with the last one of a text, with
// the others before it, in any case.
func Prefix(field, text string) Filter { return in(field, "i("+Text(text)+anything+")") }

// Phrase means the records that have the words of a text, one behind the other, in the case
// in which they are written. It is what the store finds fastest.
func Phrase(field, text string) Filter { return in(field, Text(text)) }

// Exact means the records whose field has the value. An empty one is that of no field.
func Exact(field, value string) Filter {
	if field == streamID {
		return term(streamID + ":" + Text(value))
	}
	return in(field, "="+Text(value))
}

// Begins means the records whose field begins with a text.
func Begins(field, text string) Filter { return in(field, "="+Text(text)+anything) }

// In means the records whose field has one of the values.
func In(field string, values ...string) Filter {
	return Call(field, "in", values...)
}

// Call means the records for whose field a function of LogsQL holds, such as ipv4_range.
func Call(field, function string, arguments ...string) Filter {
	texts := make([]string, len(arguments))
	for i, argument := range arguments {
		texts[i] = Text(argument)
	}
	return in(field, function+"("+strings.Join(texts, ", ")+")")
}

// Compare means the records whose field is greater or less than a value. A field that is
// not there is neither.
func Compare(field string, operator Operator, value string) Filter {
	compared := in(field, string(operator)+Text(value))
	if _, err := strconv.ParseFloat(value, 64); err == nil || field == timestamp || operator == Greater || operator == AtLeast {
		return compared
	}
	return And(Exists(field), compared) // to LogsQL, no text is less than any
}

// Regexp means the records whose field has what the pattern, of Go's regexp, matches.
func Regexp(field, pattern string) Filter { return in(field, "~"+Text(pattern)) }

// Exists means the records that have the field.
func Exists(field string) Filter {
	if field == "" || field == Body { // whose star means every record
		return Not(Exact(Body, ""))
	}
	return in(field, anything)
}

// in returns the filter of a field's value.
func in(field, value string) Filter {
	if field == "" {
		return term(value)
	}
	return term(Name(field) + ":" + value)
}

type (
	term string
	and  []Filter
	or   []Filter
	not  struct{ filter Filter }
)

func (t term) String() string { return string(t) }
func (t term) alone() string  { return string(t) }

func (a and) String() string { return join(a, " ") }
func (a and) alone() string  { return "(" + a.String() + ")" }

func (o or) String() string { return join(o, " or ") }
func (o or) alone() string  { return "(" + o.String() + ")" }

func (n not) String() string { return "!" + n.filter.alone() }
func (n not) alone() string  { return n.String() }

func join(filters []Filter, operator string) string {
	texts := make([]string, len(filters))
	for i, filter := range filters {
		texts[i] = filter.alone()
	}
	return strings.Join(texts, operator)
}
