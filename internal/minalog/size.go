package minalog

import (
	"bytes"

	"github.com/mina-observability/otelcol-mina/internal/pyjson"
)

// Size is what a request's records come to, told before they are decoded.
type Size struct {
	// Records is how many records there are.
	Records int
	// values is at least how many values they hold, and text the length of what they are written in.
	values, text int
}

// What a record and a value take in memory beside their text, in bytes.
const (
	recordMemory = 160
	valueMemory  = 60
)

// Memory is about how many bytes the decoded records take. A few bytes of text can
// take many: gzip makes 8 KB of millions of empty records.
func (s Size) Memory() int64 {
	return int64(s.Records)*recordMemory + int64(s.values)*valueMemory + int64(s.text)
}

// SizeOfJSON tells the size of a body that DecodeJSON is given, by its brackets and
// commas alone. What such a body is not may come to any size up to that of its text.
func SizeOfJSON(body []byte) Size {
	body = trimBody(body)
	size := Size{text: len(body)}
	recordLevel := 0
	if len(body) > 0 && body[0] == '[' {
		recordLevel = 1
	}
	level, inJournal := 0, false
	for at := 0; at < len(body); at++ {
		switch body[at] {
		case '"':
			end, escaped := pyjson.String(body, at)
			if end < 0 {
				return size
			}
			text := body[at+1 : end-1]
			if inJournal {
				size.values += valuesIn(text, `\u`)
			}
			inJournal = string(text) == journalMessage || escaped && len(text) <= len(`\u004d`)*len(journalMessage)
			at = end - 1
		case ',':
			size.values++
		case '{', '[':
			if level == recordLevel {
				size.Records++
			}
			size.values += 2
			level++
		case '}', ']':
			level--
		}
	}
	return size
}

// SizeOfForm tells the size of a form that DecodeForm is given, whose fields may be
// printed containers.
func SizeOfForm(text string, fields int) Size {
	return Size{Records: 1, values: fields + valuesIn([]byte(text), "%"), text: len(text)}
}

// valuesIn tells how many values a text holds at most that is a record or a container
// itself. Any of its characters may be written with an escape.
func valuesIn(text []byte, escape string) (values int) {
	for _, mark := range [...]string{",", "[", "{", escape} {
		values += bytes.Count(text, []byte(mark))
	}
	return values
}
