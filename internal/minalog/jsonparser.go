package minalog

import (
	"strings"

	"github.com/mina-observability/otelcol-mina/internal/minaattr"
	"github.com/mina-observability/otelcol-mina/internal/pyjson"
)

// jsonKind is the type of a JSON value.
type jsonKind uint8

const (
	jsonNull jsonKind = iota
	jsonTrue
	jsonFalse
	jsonNumber
	jsonString
	jsonObject
	jsonArray
	// jsonDeep is an object or array that lies deeper than MaxDepth.
	jsonDeep
)

// jsonValue is one value of a JSON text. An object's or array's values follow it
// in the parser's list, up to next.
type jsonValue struct {
	kind jsonKind
	// escaped says that a string has escapes.
	escaped bool
	// taken says that a member of the line's object is no attribute: it has its
	// place in the log data model, or a later one has the same key.
	taken bool
	// start and end enclose the text: of a string without its quotes.
	start, end int
	// next is the index of the value behind this one and all that is inside.
	next int
	// key is the member's key, where the value is one of an object.
	key *key
}

// jsonParser reads JSON as Python's json module writes it; see pyjson. Escapes are not
// looked at before a string is needed.
type jsonParser struct {
	keys   keys
	text   string
	at     int
	values []jsonValue
}

// maxKeptValues is how many values a parser keeps the memory for.
const maxKeptValues = 4 << 10

// parse reads a text that is one object, which becomes the first value. The text
// must be valid UTF-8.
func (p *jsonParser) parse(text string) bool {
	if !p.parseHead(text) {
		return false
	}
	p.skipSpace()
	return p.at == len(p.text)
}

// parseHead reads the object at the head of a text. What follows it begins at the
// parser's place; without one that is where the text is no JSON.
func (p *jsonParser) parseHead(text string) bool {
	if cap(p.values) > maxKeptValues {
		p.values = nil
	}
	p.keys.begin()
	p.text, p.at, p.values = text, 0, p.values[:0]
	p.skipSpace()
	return p.peek() == '{' && p.container(nil, 0)
}

// of returns the text of a value as it is written.
func (p *jsonParser) of(v *jsonValue) string { return p.text[v.start:v.end] }

// member returns the value that the line's object has under a name, or nil.
func (p *jsonParser) member(name string) *jsonValue { return p.memberOf(0, name) }

// memberOf returns the value that an object has under a name, or nil.
func (p *jsonParser) memberOf(object int, name string) (found *jsonValue) {
	for i := object + 1; i < p.values[object].next; i = p.values[i].next {
		if p.values[i].key.name == name {
			found = &p.values[i]
		}
	}
	return found
}

// peek returns the next byte, or 0 at the end.
func (p *jsonParser) peek() byte {
	if p.at < len(p.text) {
		return p.text[p.at]
	}
	return 0
}

func (p *jsonParser) skip(c byte) bool {
	if p.peek() != c {
		return false
	}
	p.at++
	return true
}

func (p *jsonParser) skipSpace() { p.at = pyjson.Space(p.text, p.at) }

func (p *jsonParser) value(k *key, depth int) bool {
	v := jsonValue{key: k, start: p.at, next: len(p.values) + 1}
	switch c := p.peek(); {
	case c == '"':
		v.kind = jsonString
		end, escaped := pyjson.String(p.text, p.at)
		if end < 0 {
			return false
		}
		p.at = end
		v.start, v.end, v.escaped = v.start+1, end-1, escaped
		p.values = append(p.values, v)
		return true
	case c == '{' || c == '[':
		return p.container(k, depth)
	case c == '-' || c == 'N' || c == 'I' || isDigit(c):
		v.kind = jsonNumber
		ok := false
		if p.at, ok = pyjson.Number(p.text, p.at); !ok {
			return false
		}
	case p.skipWord("true"):
		v.kind = jsonTrue
	case p.skipWord("false"):
		v.kind = jsonFalse
	case p.skipWord("null"):
		v.kind = jsonNull
	default:
		return false
	}
	v.end = p.at
	p.values = append(p.values, v)
	return true
}

// container reads an object or an array.
func (p *jsonParser) container(k *key, depth int) bool {
	index := len(p.values)
	p.values = append(p.values, jsonValue{kind: jsonObject, key: k, start: p.at})
	end := byte('}')
	if p.text[p.at] == '[' {
		p.values[index].kind, end = jsonArray, ']'
	}
	ok := false
	if depth > MaxDepth {
		p.values[index].kind = jsonDeep
		p.at, ok = pyjson.Brackets(p.text, p.at)
	} else {
		ok = p.members(depth, end)
	}
	p.values[index].end, p.values[index].next = p.at, len(p.values)
	return ok
}

func (p *jsonParser) members(depth int, end byte) bool {
	p.at++
	p.skipSpace()
	if p.skip(end) {
		return true
	}
	for {
		var k *key
		if end == '}' {
			if k = p.name(); k == nil {
				return false
			}
			p.skipSpace()
			if !p.skip(':') {
				return false
			}
			p.skipSpace()
		}
		if !p.value(k, depth+1) {
			return false
		}
		p.skipSpace()
		switch {
		case p.skip(end):
			return true
		case !p.skip(','):
			return false
		}
		p.skipSpace()
	}
}

// name reads the key of a member, or returns nil.
func (p *jsonParser) name() *key {
	if p.peek() != '"' {
		return nil
	}
	if expected := p.keys.expected(p.text[p.at:]); expected != nil {
		p.at += len(expected.name) + len(`""`)
		return expected
	}
	end, escaped := pyjson.String(p.text, p.at)
	if end < 0 {
		return nil
	}
	literal := p.text[p.at:end]
	p.at = end
	if escaped {
		return p.keys.get(attributeName(pyjson.Unquote(literal)))
	}
	name := literal[1 : len(literal)-1]
	if name == "" || strings.IndexByte(name, 0) >= 0 {
		return p.keys.get(attributeName(name))
	}
	return p.keys.follow(name)
}

// attributeName returns a key as destinations can take it, and as rules can find it:
// without NULs, and not empty.
func attributeName(key string) string {
	if key = strings.ReplaceAll(key, "\x00", ""); key != "" {
		return key
	}
	return minaattr.Unnamed
}

func (p *jsonParser) skipWord(word string) bool {
	if !strings.HasPrefix(p.text[p.at:], word) {
		return false
	}
	p.at += len(word)
	return true
}
