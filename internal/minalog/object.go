package minalog

import (
	"bytes"

	"github.com/mina-observability/otelcol-mina/internal/pyjson"
)

// braces follows the lines of a JSON object to its end, by its brackets alone.
type braces struct{ depth int }

// advance reads a line, and reports whether the object may go on in it: a string ends
// in the line in which it begins, and nothing follows the object.
func (o *braces) advance(line []byte) bool {
	for at := 0; at < len(line); at++ {
		switch line[at] {
		case '"':
			end, _ := pyjson.String(line, at)
			if end < 0 {
				return false
			}
			at = end - 1
		case '{', '[':
			o.depth++
		case '}', ']':
			if o.depth--; o.depth == 0 {
				return isBlank(line[at+1:])
			}
		}
	}
	return true
}

// isMember reports whether a line that holds an object belongs to the object that is
// open, and is no record of its own.
func (o *openRecord) isMember(r *reading, line, text []byte) bool {
	rest := bytes.TrimSpace(text[r.end:])
	if !isIndented(line) && text[0] != '"' && (len(rest) == 0 || rest[0] == '{') {
		return false
	}
	return o.format != FormatOfJSON || o.progress.braces.advance(line)
}

// advanceObject follows the lines of an object in a record. When it has ended it is
// seen whether it is data of the record's message, or a record of its own.
func (s *Stream) advanceObject(b *Batch, st *strand, line []byte) {
	o := &st.open
	braces := &o.progress.braces
	if o.cut != nil || !braces.advance(line) {
		braces.depth = 0
	}
	if o.cut != nil || braces.depth > 0 || s.decoder.format == FormatText {
		return
	}
	object := o.text[o.progress.object:]
	if !s.decoder.json.parse(string(object)) || !s.decoder.isRecord() {
		return
	}
	object = bytes.Clone(object)
	env := o.envelope
	env.edges = nil
	env.place.within += o.progress.object
	if env.original != nil {
		env.original = object
		o.envelope.original = bytes.TrimSuffix(o.envelope.original, append([]byte("\n"), object...))
	}
	o.text = o.text[:o.progress.object-1]
	s.flushOpen(b, st)
	s.decoder.parseJSON(b, object)
	s.decoder.decodeObject(b, env)
}

// decodeLines appends the JSON record whose lines have been joined. What is none is
// kept in one piece.
func (s *Stream) decodeLines(b *Batch, text []byte, env envelope) {
	lines := int64(bytes.Count(text, []byte("\n"))) + 1
	if s.decoder.parseJSON(b, text) {
		b.Lines[FormatOfJSON] += lines
		env.edges = nil
		s.decoder.decodeObject(b, env)
		return
	}
	b.Lines[FormatOfUnknown] += lines
	s.decoder.decodeRaw(b, text, env, InvalidJSON)
}

// isObject reports whether a line is a JSON object, by its braces alone.
func isObject(line []byte) bool {
	if len(line) == 0 || line[0] != '{' {
		return false
	}
	end, ok := pyjson.Brackets(line, 0)
	return ok && end == len(line)
}
