package pyformat

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// Kind is the type of a literal.
type Kind uint8

// The kinds.
const (
	String Kind = iota
	Int
	Float
	Bool
	None
	Bytes
	Ellipsis
	Tuple
	List
	Dict
	Set
)

// Literal is a literal as repr printed it.
type Literal struct {
	Kind Kind
	// Repr is the literal's own text.
	Repr string
	// Text is a string's value.
	Text string
	// Items are those of a container, keys and values in turn for a dict.
	Items []Literal
}

// Str returns what Python's str makes of the literal.
func (l *Literal) Str() string {
	if l.Kind == String {
		return l.Text
	}
	return l.Repr
}

// Named returns the values of a dict by their keys, which have to be strings.
func (l *Literal) Named() (named map[string]Literal, ok bool) {
	if l.Kind != Dict {
		return nil, false
	}
	named = make(map[string]Literal, len(l.Items)/2)
	for i := 0; i < len(l.Items); i += 2 {
		if l.Items[i].Kind != String {
			return nil, false
		}
		named[l.Items[i].Text] = l.Items[i+1]
	}
	return named, true
}

// maxDepth is how deep a literal may nest.
const maxDepth = 32

// Parse reads a text that is the printed form of a literal.
func Parse(text string) (l Literal, ok bool) {
	r := literalReader{strings.TrimSpace(text)}
	l, ok = r.literal(0)
	return l, ok && r.rest == ""
}

// Cut reads the literal that a text begins with.
func Cut(text string) (l Literal, rest string, ok bool) {
	r := literalReader{text}
	if l, ok = r.literal(0); !ok {
		return Literal{}, text, false
	}
	return l, text[len(l.Repr):], true
}

// ParseTuple reads the printed form of a tuple of literals.
func ParseTuple(text string) (items []Literal, ok bool) {
	l, ok := Parse(text)
	return l.Items, ok && l.Kind == Tuple
}

// literalReader reads literals from text that repr printed.
type literalReader struct{ rest string }

// skip drops a character and the blanks after it.
func (r *literalReader) skip(c byte) bool {
	if r.rest == "" || r.rest[0] != c {
		return false
	}
	r.rest = strings.TrimLeft(r.rest[1:], " \n")
	return true
}

func (r *literalReader) literal(depth int) (l Literal, ok bool) {
	if r.rest == "" || depth > maxDepth {
		return l, false
	}
	start := r.rest
	switch c := start[0]; {
	case c == '\'' || c == '"':
		l.Text, ok = r.quoted(false)
	case c == 'b' && len(start) > 1 && (start[1] == '\'' || start[1] == '"'):
		l.Kind = Bytes
		r.rest = start[1:]
		_, ok = r.quoted(true)
	case c == '(':
		l.Kind = Tuple
		l.Items, ok = r.items('(', ')', depth+1)
	case c == '[':
		l.Kind = List
		l.Items, ok = r.items('[', ']', depth+1)
	case c == '{':
		l.Kind, l.Items, ok = r.braces(depth + 1)
	default:
		l.Kind, ok = r.word()
	}
	if !ok {
		return l, false
	}
	l.Repr = strings.TrimRight(start[:len(start)-len(r.rest)], " \n")
	r.rest = strings.TrimLeft(r.rest, " \n")
	return l, true
}

// items reads the items between brackets.
func (r *literalReader) items(open, end byte, depth int) (items []Literal, ok bool) {
	if !r.skip(open) {
		return nil, false
	}
	for !r.skip(end) {
		item, ok := r.literal(depth)
		if !ok {
			return nil, false
		}
		items = append(items, item)
		if !r.skip(',') && !strings.HasPrefix(r.rest, string(end)) {
			return nil, false
		}
	}
	return items, true
}

// braces reads a dict or a set.
func (r *literalReader) braces(depth int) (kind Kind, items []Literal, ok bool) {
	r.skip('{')
	kind = Dict
	for !r.skip('}') {
		item, ok := r.literal(depth)
		if !ok {
			return kind, nil, false
		}
		items = append(items, item)
		isKey := r.skip(':')
		if len(items) == 1 && !isKey {
			kind = Set
		}
		switch {
		case isKey != (kind == Dict):
			return kind, nil, false
		case isKey:
			value, ok := r.literal(depth)
			if !ok {
				return kind, nil, false
			}
			items = append(items, value)
		}
		if !r.skip(',') && !strings.HasPrefix(r.rest, "}") {
			return kind, nil, false
		}
	}
	return kind, items, true
}

// word reads a number, a constant, or the printed form of an empty set.
func (r *literalReader) word() (Kind, bool) {
	if rest, ok := strings.CutPrefix(r.rest, "set()"); ok {
		r.rest = rest
		return Set, true
	}
	end := strings.IndexAny(r.rest, ",)]}: \n")
	if end < 0 {
		end = len(r.rest)
	}
	word := r.rest[:end]
	r.rest = r.rest[end:]
	switch word {
	case "True", "False":
		return Bool, true
	case "None":
		return None, true
	case "Ellipsis":
		return Ellipsis, true
	case "nan", "inf", "-inf":
		return Float, true
	}
	number := strings.TrimPrefix(word, "-")
	if number == "" || !isDigit(number[0]) {
		return 0, false
	}
	if strings.Trim(number, "0123456789") == "" {
		return Int, true
	}
	if strings.Trim(number, "0123456789.e+-") != "" {
		return 0, false
	}
	_, err := strconv.ParseFloat(word, 64)
	return Float, err == nil
}

func isDigit(c byte) bool { return c-'0' < 10 }

// quoted reads a string in the quotes that it opens with.
func (r *literalReader) quoted(bytes bool) (string, bool) {
	quote := r.rest[0]
	var text strings.Builder
	for i := 1; i < len(r.rest); i++ {
		c := r.rest[i]
		switch {
		case c == quote:
			r.rest = r.rest[i+1:]
			return text.String(), true
		case c != '\\':
			text.WriteByte(c)
		default:
			n, ok := unescape(&text, r.rest[i:], bytes)
			if !ok {
				return "", false
			}
			i += n - 1
		}
	}
	return "", false
}

var simpleEscapes = map[byte]byte{
	'\\': '\\', '\'': '\'', '"': '"', 'n': '\n', 'r': '\r', 't': '\t', 'a': '\a', 'b': '\b', 'f': '\f', 'v': '\v',
}

// unescape appends the character of the escape at the head of text and returns the
// escape's length.
func unescape(dst *strings.Builder, text string, bytes bool) (int, bool) {
	if len(text) < 2 {
		return 0, false
	}
	if c, ok := simpleEscapes[text[1]]; ok {
		dst.WriteByte(c)
		return 2, true
	}
	length := map[byte]int{'x': 4, 'u': 6, 'U': 10}[text[1]]
	if length == 0 || len(text) < length {
		return 0, false
	}
	code, err := strconv.ParseUint(text[2:length], 16, 32)
	if err != nil || code > utf8.MaxRune {
		return 0, false
	}
	if bytes {
		dst.WriteByte(byte(code))
	} else {
		dst.WriteRune(rune(code))
	}
	return length, true
}
