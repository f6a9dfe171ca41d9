package minalog

import (
	"bytes"

	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/mina-observability/otelcol-mina/internal/pyjson"
	"github.com/mina-observability/otelcol-mina/internal/pytrace"
)

// withoutLeading returns a text without what stands in front of a record and is none of
// it: blanks, what moves the cursor, the record separator of RFC 7464, NULs, a byte order
// mark.
func withoutLeading(text []byte) []byte {
	for len(text) > 0 {
		switch c := text[0]; {
		case c <= ' ':
			text = text[1:]
		case c == 0xEF:
			rest, ok := bytes.CutPrefix(text, []byte("\uFEFF"))
			if !ok {
				return text
			}
			text = rest
		default:
			return text
		}
	}
	return text
}

// reading is what a text is, from its beginning.
type reading struct {
	format Format
	// layout is the one of a text record.
	layout *layout
	// at and end enclose the record. What is in front of it is no record, and what is
	// behind it is another one.
	at, end int
	// dated says that the text begins with a time, and torn that it begins with members of
	// a JSON record, of one that is none.
	dated, torn bool
}

// begins reports whether the text plainly begins a record.
func (r *reading) begins() bool {
	return r.dated || r.format != FormatOfUnknown && r.format != FormatOfTraceback
}

// read tells what a text is, which is a line without its leading blanks. A JSON object
// has been parsed then. more says that other records may stand in it beside the first.
func (d *Decoder) read(b *Batch, line, text []byte, more bool) reading {
	r := reading{end: len(text)}
	if d.format != FormatText && text[0] == '{' {
		end, ok := d.parseJSONHead(b, text)
		rest := bytes.TrimSpace(text[end:])
		switch {
		case ok && (len(rest) == 0 || more && (bytes.HasPrefix(rest, objectBegin) || d.isRecord())):
			r.end = end
			return r
		case !ok:
			r.torn = d.isRecord()
		}
	}
	r.format = FormatOfUnknown
	if d.format == FormatJSON {
		if more {
			d.findJSON(b, text, &r)
		}
		return r
	}
	if pytrace.Begins(line) {
		r.format = FormatOfTraceback
		return r
	}
	h := d.classify(text)
	if more && d.format != FormatText && (h.format == FormatOfUnknown || len(h.message) > 0 && h.message[0] == '{') {
		d.findJSON(b, text, &r)
	}
	if r.format == FormatOfUnknown {
		r.format, r.layout = h.format, h.layout
	}
	if more && r.format != FormatOfJSON {
		d.findText(text, &r)
	}
	r.dated = r.format == FormatOfUnknown && d.isDated(text)
	return r
}

func isBlank(text []byte) bool { return len(bytes.TrimSpace(text)) == 0 }

// classify tells the format of a text that is neither JSON nor a traceback. Of a text
// record it returns all of the head.
func (d *Decoder) classify(text []byte) header {
	if h, ok := d.parseHeader(text); ok {
		return h
	}
	if _, ok := d.parseAccessLine(text); ok {
		return header{format: FormatOfAccess}
	}
	return header{format: FormatOfUnknown}
}

// maxTries bounds how many objects of a text are looked at for one that is a record.
const maxTries = 8

var objectBegin = []byte(`{"`)

// findJSON looks for a JSON record that stands behind other text and ends the line, as
// a print without a newline, a supervisor, or a crash in the middle of a record leave it.
func (d *Decoder) findJSON(b *Batch, text []byte, r *reading) {
	at := 0
	for range maxTries {
		next := bytes.Index(text[at:], objectBegin)
		if next < 0 {
			return
		}
		at += next
		length, whole := pyjson.Brackets(text[at:], 0)
		whole = whole && d.parseJSON(b, text[at:at+length])
		if whole && d.isRecord() && (isBlank(text[at+length:]) || bytes.HasPrefix(text[at+length:], objectBegin)) {
			r.format, r.at, r.end = FormatOfJSON, at, at+length
			return
		}
		if !whole {
			d.json.parseHead(string(text[at:]))
			length = d.json.at
		}
		at += afterTorn(text[at:], length, whole)
	}
}

// findText looks for text records that stand behind something else: behind a carriage
// return, with which progress is drawn and some handlers end their records, or right
// behind what a progress bar or a print has left.
func (d *Decoder) findText(text []byte, r *reading) {
	begin, end := 0, endOfDrawn(text)
	for end < len(text) {
		begin = end + 1
		end = begin + endOfDrawn(text[begin:])
		line := withoutLeading(text[begin:end])
		if len(line) == 0 {
			continue
		}
		h := d.classify(line)
		switch {
		case h.format == FormatOfUnknown:
		case r.format != FormatOfUnknown:
			r.end = begin - 1
			return
		default:
			r.format, r.layout, r.at = h.format, h.layout, end-len(line)
		}
	}
	if r.format == FormatOfUnknown {
		d.findDated(text, begin, r)
	}
}

// endOfDrawn returns where the carriage return stands that ends what is drawn, or the
// length of the text.
func endOfDrawn(text []byte) int {
	if end := bytes.IndexByte(text, '\r'); end >= 0 {
		return end
	}
	return len(text)
}

const (
	// century is how the dates begin that are looked for within a text.
	century = "20"
	// quoting are the bytes behind which a record is a part of the text.
	quoting = " \t\"'`=:,({<[-/"
)

// findDated looks for a text record that begins right behind other text: with a date, and
// a level that is known.
func (d *Decoder) findDated(text []byte, at int, r *reading) {
	for range maxTries {
		next := bytes.Index(text[at:], []byte(century))
		if next < 0 {
			return
		}
		begin := at + next
		at = begin + len(century)
		if begin > 0 && text[begin-1] == '[' {
			begin--
		}
		if begin == 0 || bytes.IndexByte([]byte(quoting), text[begin-1]) >= 0 || isDigit(text[begin]) && isDigit(text[begin-1]) {
			continue
		}
		if h, ok := d.parseHeader(text[begin:]); ok && h.timestamp != 0 && severityOfText(h.level) != plog.SeverityNumberUnspecified {
			r.format, r.layout, r.at = h.format, h.layout, begin
			return
		}
	}
}

// afterTorn returns where behind an object that is no record the next one may begin.
// Where one breaks off, the next has begun just before the place that is no JSON.
func afterTorn(text []byte, length int, whole bool) int {
	if whole {
		return length
	}
	near := text[1:min(len(text), length+len(objectBegin))]
	if begin := bytes.LastIndex(near, objectBegin); begin >= 0 && length < len(text) {
		return 1 + begin
	}
	return 1
}

// isRecord reports whether the object that was parsed last is a log record by its own
// account: it has two of a time, a level and a message.
func (d *Decoder) isRecord() bool {
	d.collect()
	n := 0
	for _, fd := range [...]field{fieldTimestamp, fieldLevel, fieldMessage} {
		if d.found[fd].index != 0 {
			n++
		}
	}
	return n >= 2
}
