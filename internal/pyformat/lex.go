package pyformat

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// token is a part of a format: a field, or the text between fields.
type token struct {
	// source is the token's own text, and place where in bytes it begins.
	source string
	place  int
	// text is that of a literal; a field has a name.
	text string
	name string
	spec spec
}

// spec is how a field is printed.
type spec struct {
	// left and right say where padding can stand: behind the value, in front of it.
	left, right bool
	width       int
	// precision is 0 if there is none.
	precision int
	// verb is the type of the conversion, 0 if there is none.
	verb byte
}

// maxFormat is how long in bytes a format may be.
const maxFormat = 2048

// lex cuts a format into its fields and the text between them. The style is told by
// the format itself, as only one of them has fields in it.
func lex(format string) ([]token, error) {
	switch {
	case len(format) > maxFormat:
		return nil, fmt.Errorf("is longer than %d bytes", maxFormat)
	case strings.Contains(format, "%("):
		return lexPercent(format)
	case strings.Contains(format, "{"):
		return lexBraces(format)
	}
	return nil, fmt.Errorf("names no attribute of a record: write it as Python's logging takes it, such as %%(levelname)s or {levelname}")
}

var percentField = regexp.MustCompile(`^%\(([^()]+)\)([-#0 +]*)(\d{0,4})(?:\.(\d{0,4}))?[hlL]?([a-zA-Z])`)

func lexPercent(format string) (tokens []token, err error) {
	for place := 0; place < len(format); {
		rest := format[place:]
		switch {
		case rest[0] != '%':
			end := strings.IndexByte(rest, '%')
			if end < 0 {
				end = len(rest)
			}
			tokens = append(tokens, token{source: rest[:end], place: place, text: rest[:end]})
		case strings.HasPrefix(rest, "%%"):
			tokens = append(tokens, token{source: "%%", place: place, text: "%"})
		default:
			m := percentField.FindStringSubmatch(rest)
			if m == nil {
				return nil, fmt.Errorf("%.12q at byte %d is no field: write %%(name)s, or %%%% for a percent sign", rest, place)
			}
			tokens = append(tokens, token{source: m[0], place: place, name: m[1], spec: percentSpec(m[2], m[3], m[4], m[5][0])})
		}
		place += len(tokens[len(tokens)-1].source)
	}
	return tokens, nil
}

func percentSpec(flags, width, precision string, verb byte) (s spec) {
	s.width, _ = strconv.Atoi(width)
	s.precision, _ = strconv.Atoi(precision)
	s.verb = verb
	switch {
	case s.width == 0:
	case strings.Contains(flags, "-"):
		s.left = true
	case !strings.Contains(flags, "0") || verb == 's':
		s.right = true
	}
	return s
}

var bracesField = regexp.MustCompile(`^\{([^{}!:]+)(?:![a-z])?(?::([^{}]*))?\}`)

func lexBraces(format string) (tokens []token, err error) {
	for place := 0; place < len(format); {
		rest := format[place:]
		switch {
		case rest[0] != '{' && rest[0] != '}':
			end := strings.IndexAny(rest, "{}")
			if end < 0 {
				end = len(rest)
			}
			tokens = append(tokens, token{source: rest[:end], place: place, text: rest[:end]})
		case strings.HasPrefix(rest, "{{"), strings.HasPrefix(rest, "}}"):
			tokens = append(tokens, token{source: rest[:2], place: place, text: rest[:1]})
		default:
			m := bracesField.FindStringSubmatch(rest)
			if m == nil {
				return nil, fmt.Errorf("%.12q at byte %d is no field: write {name}, or {{ and }} for braces", rest, place)
			}
			t := token{source: m[0], place: place, name: m[1]}
			if named, ok := loguruTerms[t.name]; ok {
				t.name = named
			}
			// The specification of a time is its own.
			if t.name != "asctime" {
				if t.spec, err = bracesSpec(m[2], isNumber(t.name)); err != nil {
					return nil, fmt.Errorf("%s at byte %d %w", t.source, place, err)
				}
			}
			tokens = append(tokens, t)
		}
		place += len(tokens[len(tokens)-1].source)
	}
	return tokens, nil
}

var bracesFormat = regexp.MustCompile(`^(?:(.)?([<>^=]))?[-+ ]?#?(0?)(\d{0,4}),?(?:\.(\d{1,4}))?([a-zA-Z%])?$`)

func bracesSpec(text string, number bool) (s spec, err error) {
	m := bracesFormat.FindStringSubmatch(text)
	if m == nil {
		return s, fmt.Errorf("has a format that is none: write it as Python's format takes it, such as {levelname:<8}")
	}
	s.width, _ = strconv.Atoi(m[4])
	s.precision, _ = strconv.Atoi(m[5])
	if m[6] != "" {
		s.verb = m[6][0]
	}
	if s.width == 0 || m[3] == "0" && m[2] == "" {
		return s, nil
	}
	if m[1] != "" && m[1] != " " {
		return s, fmt.Errorf("is filled up with %q: only blanks can be told from the value", m[1])
	}
	align := m[2]
	if align == "" && (number || strings.ContainsAny(m[6], "bdeEfFgGnoxX%")) {
		align = ">"
	}
	s.left = align != ">" && align != "="
	s.right = align == ">" || align == "=" || align == "^"
	return s, nil
}

func isNumber(name string) bool {
	shape := terms[name].shape
	return shape == integer || shape == decimal
}
