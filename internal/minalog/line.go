package minalog

import (
	"bytes"
	"unicode/utf8"

	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/mina-observability/otelcol-mina/internal/minaattr"
	"github.com/mina-observability/otelcol-mina/internal/pytrace"
)

// withoutLeading returns a text without what stands in front of a record and is none of
// it: blanks, the record separator of RFC 7464, a byte order mark, NULs.
func withoutLeading(text []byte) []byte {
	for len(text) > 0 {
		switch text[0] {
		case ' ', '\t', '\x1e', 0:
			text = text[1:]
		case 0xEF:
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

// maxRecordsOfALine is how many records are read of a line.
const maxRecordsOfALine = 64

// logical reads a line as the application wrote it.
func (s *Stream) logical(b *Batch, st *strand, line []byte, start int64, env envelope) {
	line = validUTF8(line)
	if s.decoder.original {
		env.original = line
	}
	if s.decoder.format == FormatOTLPJSON {
		if len(bytes.TrimSpace(line)) > 0 {
			s.decoder.decodeOTLP(b, line, env)
		} else {
			b.Lines[FormatOfBlank]++
		}
		return
	}
	line = bytes.TrimRight(withoutANSI(line), "\r")
	for n := 1; len(line) > 0 || n == 1; n++ {
		text := withoutLeading(line)
		if len(bytes.TrimSpace(text)) == 0 {
			if n == 1 && start >= st.done {
				s.blank(b, st, start)
			}
			return
		}
		var p prefix
		if n == 1 && st == &s.plain && s.decoder.format == FormatAuto && !isIndented(line) {
			p = s.decoder.parsePrefix(b, text)
		}
		if p.sure {
			s.writePrefixed(b, &p, text, start, env)
			return
		}
		r := s.decoder.read(b, line, text, n < maxRecordsOfALine)
		if n == 1 && r.begins() && st.open.showsSource(line) {
			r, p = reading{format: FormatOfUnknown, end: len(text)}, prefix{}
		}
		if p.length > 0 && (r.format == FormatOfUnknown || r.at > 0) {
			if s.knows(p.writer, start) || s.decoder.begins(b, text[p.length:]) {
				s.writePrefixed(b, &p, text, start, env)
				return
			}
			if r.at > 0 { // another object may have been parsed since
				r = s.decoder.read(b, line, text, true)
			}
		}
		if start < st.done {
			return
		}
		st.last = start
		if s.goesOn(st, &r, line, text) {
			s.goOn(b, st, line, start, &env)
			return
		}
		wasJSON := st.open.active && st.open.format == FormatOfJSON
		s.flushOpen(b, st)
		if wasJSON { // another object has been parsed since
			r = s.decoder.read(b, line, text, n < maxRecordsOfALine)
		}
		rest := text[r.end:]
		if r.format == FormatOfTraceback {
			text = line // whose first blanks tell a group's margin
		}
		s.write(b, st, &r, text, start, env)
		if n > 1 {
			s.flushOpen(b, st) // to read its line again would give those before it twice
		}
		line, env.edges = rest, nil
	}
}

// showsSource reports whether a line shows source in the traceback that is open, though
// it may look like a record.
func (o *openRecord) showsSource(line []byte) bool {
	above := o.text
	if len(above) == 0 && o.cut != nil {
		above = bytes.TrimSuffix(o.cut.window, []byte("\n"))
	}
	return o.active && o.format != FormatOfJSON && pytrace.IsSource(line, above)
}

// blank reads a line of blanks.
func (s *Stream) blank(b *Batch, st *strand, start int64) {
	if !st.open.active {
		b.Lines[FormatOfBlank]++
		return
	}
	st.open.previous = st.open.progress
	s.extendOpen(b, st, nil, start)
}

// reading is what a text is, from its beginning.
type reading struct {
	format Format
	// at and end enclose the record. What is in front of it is no record, and what is
	// behind it is another one.
	at, end int
	// dated says that the text begins with a time, and torn that it begins with members of
	// a JSON record, of one that is none.
	dated, torn bool
	// isRecord says that an object is a log record by its own account.
	isRecord bool
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
		r.isRecord = d.isRecord()
		rest := bytes.TrimSpace(text[end:])
		switch {
		case ok && (len(rest) == 0 || more && (r.isRecord || bytes.HasPrefix(rest, objectBegin))):
			r.end = end
			return r
		case !ok:
			r.torn = r.isRecord
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
	format, message := d.classify(text)
	if more && d.format != FormatText && (format == FormatOfUnknown || len(message) > 0 && message[0] == '{') {
		d.findJSON(b, text, &r)
	}
	if r.format == FormatOfUnknown {
		r.format = format
	}
	r.dated = r.format == FormatOfUnknown && d.isDated(text)
	return r
}

func isBlank(text []byte) bool { return len(bytes.TrimSpace(text)) == 0 }

// classify tells the format of a text that is neither JSON nor a traceback, and
// returns its message.
func (d *Decoder) classify(text []byte) (format Format, message []byte) {
	if h, ok := d.parseHeader(text); ok {
		return h.format, h.message
	}
	if _, ok := d.parseAccessLine(text); ok {
		return FormatOfAccess, nil
	}
	return FormatOfUnknown, nil
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
		length, whole := containerEnd(text[at:], 0)
		whole = whole && d.parseJSON(b, text[at:at+length])
		if whole && d.isRecord() && (isBlank(text[at+length:]) || bytes.HasPrefix(text[at+length:], objectBegin)) {
			r.format, r.at, r.end, r.isRecord = FormatOfJSON, at, at+length, true
			return
		}
		if !whole {
			d.json.parseHead(string(text[at:]))
			length = d.json.at
		}
		at += afterTorn(text[at:], length, whole)
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

// goesOn reports whether a line belongs to the record that is open.
func (s *Stream) goesOn(st *strand, r *reading, line, text []byte) bool {
	o := &st.open
	o.previous = o.progress
	p := &o.progress
	switch {
	case !o.active:
		return false
	case r.format == FormatOfJSON:
		return p.braces.depth > 0 && o.isMember(r, line, text) || p.braces.depth == 0 && isIndented(line) && !r.isRecord
	case r.torn && !isIndented(line):
		return false
	case o.format == FormatOfJSON:
		return r.format == FormatOfUnknown && !r.dated && p.braces.advance(line)
	case r.format != FormatOfUnknown && r.format != FormatOfTraceback:
		return false
	case p.inTraceback:
		return !r.dated && p.traceback.Continues(line)
	case r.format == FormatOfTraceback && (pytrace.IsReport(line) || s.decoder.cannotRaise(o)):
		return false
	case o.format == FormatOfUnknown: // of which nothing is known but that it has a time
		if r.format == FormatOfTraceback {
			p.inTraceback, p.traceback = true, pytrace.Begin(line)
		}
		return p.inTraceback
	}
	return !r.dated || s.decoder.isRow(o, text)
}

func isIndented(line []byte) bool { return line[0] == ' ' || line[0] == '\t' }

// isMember reports whether a line that holds an object belongs to the object that is
// open, and is no record of its own.
func (o *openRecord) isMember(r *reading, line, text []byte) bool {
	rest := bytes.TrimSpace(text[r.end:])
	if !isIndented(line) && text[0] != '"' && (len(rest) == 0 || rest[0] == '{') {
		return false
	}
	return o.format != FormatOfJSON || o.progress.braces.advance(line)
}

// cannotRaise reports whether a record has no exception of its own, so that a traceback
// below it is that of a crash: gunicorn logs exceptions as errors.
func (d *Decoder) cannotRaise(o *openRecord) bool {
	return o.format == FormatOfGunicorn && o.header(d).severity < plog.SeverityNumberError
}

// goOn adds a line to the record that is open.
func (s *Stream) goOn(b *Batch, st *strand, line []byte, start int64, env *envelope) {
	o := &st.open
	if o.format != FormatOfJSON {
		b.Lines[o.format]++
	}
	at := len(o.text) + 1
	s.extendOpen(b, st, line, start)
	if env.edges != nil {
		o.envelope.edges = env.edges
	}
	switch p := &o.progress; {
	case o.format == FormatOfJSON:
		if p.braces.depth == 0 {
			s.flushOpen(b, st)
		}
	case p.braces.depth > 0:
		s.advanceObject(b, st, line)
	case line[0] == '{' && o.cut == nil && p.braces.advance(line):
		p.object = at
	}
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
	if env.original != nil {
		env.original = object
		o.envelope.original = bytes.TrimSuffix(o.envelope.original, append([]byte("\n"), object...))
	}
	o.text = o.text[:o.progress.object-1]
	s.flushOpen(b, st)
	s.decoder.parseJSON(b, object)
	s.decoder.decodeObject(b, env)
}

// write appends a record, or opens it if it may go on in the next line.
func (s *Stream) write(b *Batch, st *strand, r *reading, text []byte, start int64, env envelope) {
	before := bytes.TrimSpace(text[:r.at])
	switch {
	case len(before) == 0:
	case before[0] == '{': // the beginning of a record whose end is gone
		b.Lines[FormatOfUnknown]++
		s.decoder.decodeRaw(b, before, envelope{origin: env.origin, iostream: env.iostream, time: env.time}, InvalidJSON)
		s.decoder.parseJSONHead(b, text[r.at:])
	default:
		env.prefix = before
	}
	switch {
	case r.format == FormatOfJSON:
		b.Lines[FormatOfJSON]++
		env.edges = nil
		s.decoder.decodeObject(b, env)
	case r.format == FormatOfAccess:
		b.Lines[FormatOfAccess]++
		s.decoder.decodeAccess(b, text, env)
	case r.format == FormatOfUnknown && !r.dated:
		s.writeUnknown(b, st, text, start, env)
		return
	case r.format == FormatOfUnknown && inPrivateKey(text):
		s.writeUnknown(b, st, text, start, env)
		return
	default:
		b.Lines[r.format]++
		st.begin(r.format, text, start, env)
	}
	st.flushed = nil
}

// writeUnknown appends a line that is no record, or opens the JSON that it begins.
func (s *Stream) writeUnknown(b *Batch, st *strand, text []byte, start int64, env envelope) {
	var open braces
	if s.decoder.format != FormatText && text[0] == '{' && st.flushed == nil && open.advance(text) && open.depth > 0 {
		st.begin(FormatOfJSON, text, start, env)
		st.open.progress.braces = open
		return
	}
	st.follow(text, &env)
	b.Lines[FormatOfUnknown]++
	s.decoder.decodeRaw(b, text, env, failureOf(text))
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

// follow reads a line that would belong to a record, had that not been flushed, or to
// a private key that began in a line before, in the light of it.
func (st *strand) follow(line []byte, env *envelope) {
	if st.flushed == nil {
		if env.edges == nil && inPrivateKey(line) {
			st.flushed = (&cut{}).behindLine(line)
		}
		return
	}
	if env.edges == nil {
		env.edges = &edges{}
	}
	env.edges.before = st.flushed.before()
	st.flushed = st.flushed.behindLine(line)
	if st.following--; st.following <= 0 && (st.flushed.keyLines == 0 || st.flushed.keyLines > maxKeyLines) {
		st.flushed = nil
	}
}

// isObject reports whether a line is a JSON object, by its braces alone.
func isObject(line []byte) bool {
	if len(line) == 0 || line[0] != '{' {
		return false
	}
	end, ok := containerEnd(line, 0)
	return ok && end == len(line)
}

func failureOf(line []byte) Failure {
	if len(line) > 0 && line[0] == '{' {
		return InvalidJSON
	}
	return UnknownFormat
}

// decodeRaw appends a line as it is, with the reason why it is no record.
func (d *Decoder) decodeRaw(b *Batch, line []byte, env envelope, failure Failure) {
	d.addRaw(b, line, failure, &env)
}

// addRaw appends a line as it is. What is whole of a JSON record tells its time and
// severity.
func (d *Decoder) addRaw(b *Batch, line []byte, failure Failure, env *envelope) plog.LogRecord {
	b.Failures[failure]++
	record := b.add("", "", "")
	if failure == InvalidJSON {
		h := d.headOf(b, line)
		h.apply(record)
	}
	record.Body().SetStr(b.text.keep(validUTF8(line)))
	record.Attributes().PutStr(minaattr.ParseError, failure.String())
	env.apply(b, record)
	return record
}

var replacement = []byte("\uFFFD")

func validUTF8(text []byte) []byte {
	if utf8.Valid(text) {
		return text
	}
	return bytes.ToValidUTF8(text, replacement)
}
