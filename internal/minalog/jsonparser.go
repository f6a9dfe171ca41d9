package minalog

import (
	"math/bits"
	"strings"

	"github.com/mina-observability/otelcol-mina/internal/minaattr"
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

// jsonParser reads JSON as Python's json module writes it: RFC 8259, and NaN and
// the infinities as numbers. Escapes are not looked at before a string is
// needed, and no escape is an error.
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

func (p *jsonParser) skipSpace() {
	for p.at < len(p.text) && p.text[p.at] <= ' ' {
		switch p.text[p.at] {
		case ' ', '\t', '\n', '\r':
			p.at++
		default:
			return
		}
	}
}

func (p *jsonParser) value(k *key, depth int) bool {
	v := jsonValue{key: k, start: p.at, next: len(p.values) + 1}
	switch c := p.peek(); {
	case c == '"':
		v.kind = jsonString
		v.start++
		if v.end, v.escaped = stringEnd(p.text, v.start); v.end < 0 {
			return false
		}
		p.at = v.end + 1
		p.values = append(p.values, v)
		return true
	case c == '{' || c == '[':
		return p.container(k, depth)
	case c == '-' || c == 'N' || c == 'I' || isDigit(c):
		v.kind = jsonNumber
		if !p.number() {
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
		p.at, ok = containerEnd(p.text, p.at)
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
	if !p.skip('"') {
		return nil
	}
	if expected := p.keys.expected(); expected != nil {
		end := p.at + len(expected.name)
		if end < len(p.text) && p.text[end] == '"' && p.text[p.at:end] == expected.name {
			p.at = end + 1
			p.keys.last = expected
			return expected
		}
	}
	end, escaped := stringEnd(p.text, p.at)
	if end < 0 {
		return nil
	}
	name := p.text[p.at:end]
	p.at = end + 1
	if escaped {
		var plain strings.Builder
		unescape(&plain, name)
		return p.keys.get(attributeName(plain.String()))
	}
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

// number reads a number, of which leading zeros are no error.
func (p *jsonParser) number() bool {
	p.skip('-')
	if p.skipWord("Infinity") || p.skipWord("NaN") {
		return true
	}
	if !p.skipDigits() {
		return false
	}
	if p.skip('.') && !p.skipDigits() {
		return false
	}
	if p.peek()|0x20 == 'e' {
		p.at++
		if !p.skip('+') {
			p.skip('-')
		}
		return p.skipDigits()
	}
	return true
}

func (p *jsonParser) skipDigits() bool {
	start := p.at
	for p.at < len(p.text) && isDigit(p.text[p.at]) {
		p.at++
	}
	return p.at > start
}

func (p *jsonParser) skipWord(word string) bool {
	if !strings.HasPrefix(p.text[p.at:], word) {
		return false
	}
	p.at += len(word)
	return true
}

// stringEnd returns the index of the quote that closes the string whose text
// begins at start, or -1, and whether the string has escapes. It looks at eight
// bytes at a time, since most of a record is strings.
func stringEnd[T string | []byte](text T, start int) (end int, escaped bool) {
	const ones, highs = 0x0101010101010101, 0x8080808080808080
	at := start
	for {
		for ; at+8 <= len(text); at += 8 {
			s := text[at : at+8]
			word := uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
				uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
			quotes, escapes := word^('"'*ones), word^('\\'*ones)
			// The lowest bit that is left is exact; see "Bit Twiddling Hacks", haszero.
			found := ((quotes-ones)&^quotes | (escapes-ones)&^escapes) & highs
			if found != 0 {
				at += bits.TrailingZeros64(found) / 8
				break
			}
		}
		for at < len(text) && text[at] != '"' && text[at] != '\\' {
			at++
		}
		switch {
		case at >= len(text):
			return -1, escaped
		case text[at] == '"':
			return at, escaped
		}
		escaped = true
		at += 2
	}
}

// containerEnd returns the index behind the object or array that opens at start,
// by its brackets alone.
func containerEnd[T string | []byte](text T, start int) (end int, ok bool) {
	level := 0
	for at := start; at < len(text); at++ {
		switch text[at] {
		case '"':
			if at, _ = stringEnd(text, at+1); at < 0 {
				return len(text), false
			}
		case '{', '[':
			level++
		case '}', ']':
			if level--; level == 0 {
				return at + 1, true
			}
		}
	}
	return len(text), false
}
