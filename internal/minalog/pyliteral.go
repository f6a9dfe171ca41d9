package minalog

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// pyKind is the type of a Python literal.
type pyKind uint8

const (
	pyString pyKind = iota
	pyInt
	pyFloat
	pyBool
	pyOther // None, bytes, containers: their str is their repr
)

// pyLiteral is a literal as repr printed it.
type pyLiteral struct {
	kind pyKind
	// repr is the literal's own text.
	repr string
	// text is a string's value.
	text string
}

// str returns what Python's str makes of the literal.
func (l pyLiteral) str() string {
	if l.kind == pyString {
		return l.text
	}
	return l.repr
}

const maxLiteralDepth = 32

// literalReader reads literals from text that repr printed. It evaluates nothing.
type literalReader struct{ rest string }

// parsePyTuple reads the printed form of a tuple of literals.
func parsePyTuple(text string) (items []pyLiteral, ok bool) {
	r := literalReader{strings.TrimSpace(text)}
	items, ok = r.items('(', ')', 0)
	return items, ok && r.rest == ""
}

// parsePyDict reads the printed form of a dict of literals with strings as keys.
func parsePyDict(text string) (items map[string]pyLiteral, ok bool) {
	r := literalReader{strings.TrimSpace(text)}
	pairs, ok := r.items('{', '}', 0)
	if !ok || r.rest != "" || len(pairs)%2 != 0 {
		return nil, false
	}
	items = make(map[string]pyLiteral, len(pairs)/2)
	for i := 0; i < len(pairs); i += 2 {
		if pairs[i].kind != pyString {
			return nil, false
		}
		items[pairs[i].text] = pairs[i+1]
	}
	return items, true
}

// items reads the items of a container, keys and values in turn for a dict.
func (r *literalReader) items(open, end byte, depth int) (items []pyLiteral, ok bool) {
	if !r.skip(open) {
		return nil, false
	}
	for !r.skip(end) {
		item, ok := r.literal(depth)
		if !ok {
			return nil, false
		}
		items = append(items, item)
		if r.skip(',') || open == '{' && r.skip(':') {
			continue
		}
		if !strings.HasPrefix(r.rest, string(end)) {
			return nil, false
		}
	}
	return items, true
}

// skip drops a character and the blanks after it.
func (r *literalReader) skip(c byte) bool {
	if r.rest == "" || r.rest[0] != c {
		return false
	}
	r.rest = strings.TrimLeft(r.rest[1:], " \n")
	return true
}

func (r *literalReader) literal(depth int) (l pyLiteral, ok bool) {
	if r.rest == "" || depth > maxLiteralDepth {
		return l, false
	}
	start := r.rest
	switch c := start[0]; {
	case c == '\'' || c == '"':
		l.kind = pyString
		l.text, ok = r.quoted(false)
	case c == 'b' && len(start) > 1 && (start[1] == '\'' || start[1] == '"'):
		l.kind = pyOther
		r.rest = start[1:]
		_, ok = r.quoted(true)
	case c == '(':
		l.kind = pyOther
		_, ok = r.items('(', ')', depth+1)
	case c == '[':
		l.kind = pyOther
		_, ok = r.items('[', ']', depth+1)
	case c == '{':
		l.kind = pyOther
		_, ok = r.items('{', '}', depth+1)
	default:
		l.kind, ok = r.word()
	}
	if !ok {
		return l, false
	}
	l.repr = strings.TrimRight(start[:len(start)-len(r.rest)], " \n")
	r.rest = strings.TrimLeft(r.rest, " \n")
	return l, true
}

// word reads a number, a constant, or the printed form of an empty set.
func (r *literalReader) word() (pyKind, bool) {
	if rest, ok := strings.CutPrefix(r.rest, "set()"); ok {
		r.rest = rest
		return pyOther, true
	}
	end := strings.IndexAny(r.rest, ",)]}: \n")
	if end < 0 {
		end = len(r.rest)
	}
	word := r.rest[:end]
	r.rest = r.rest[end:]
	switch word {
	case "True", "False":
		return pyBool, true
	case "None", "Ellipsis":
		return pyOther, true
	case "nan", "inf", "-inf":
		return pyFloat, true
	}
	number := strings.TrimPrefix(word, "-")
	if number == "" || !isDigit(number[0]) {
		return 0, false
	}
	if strings.Trim(number, "0123456789") == "" {
		return pyInt, true
	}
	if strings.Trim(number, "0123456789.e+-") != "" {
		return 0, false
	}
	_, err := strconv.ParseFloat(word, 64)
	return pyFloat, err == nil
}

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
			n, ok := unescapePython(&text, r.rest[i:], bytes)
			if !ok {
				return "", false
			}
			i += n - 1
		}
	}
	return "", false
}

var pySimpleEscapes = map[byte]byte{
	'\\': '\\', '\'': '\'', '"': '"', 'n': '\n', 'r': '\r', 't': '\t', 'a': '\a', 'b': '\b', 'f': '\f', 'v': '\v',
}

// unescapePython appends the character of the escape at the head of text and
// returns the escape's length.
func unescapePython(dst *strings.Builder, text string, bytes bool) (int, bool) {
	if len(text) < 2 {
		return 0, false
	}
	if c, ok := pySimpleEscapes[text[1]]; ok {
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
