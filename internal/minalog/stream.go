package minalog

import (
	"bytes"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/mina-observability/otelcol-mina/internal/minaattr"
)

// Stream joins the lines of one source, in order, into records: the lines that
// follow a text record, tracebacks, and the parts into which a container runtime
// cuts long lines. It keeps no decoder, so that many streams can share a few.
type Stream struct {
	decoder *Decoder // while Write or Flush runs
	origin  Origin
	limit   int

	// read is the number of bytes read so far.
	read int64
	open openRecord
	// parts holds the beginnings of lines that the runtime has cut: stdout, stderr.
	parts [2]part
	// cut says that the line at hand was longer than the limit.
	cut    bool
	buffer []byte
}

// openRecord is a record that may go on in the next line.
type openRecord struct {
	active    bool
	format    Format
	text      []byte
	start     int64
	envelope  envelope
	traceback traceback
}

type part struct {
	active bool
	text   []byte
	start  int64
}

// NewStream returns a stream whose records are at most limit bytes long; longer
// ones are cut.
func NewStream(origin Origin, limit int) *Stream {
	return &Stream{origin: origin, limit: limit}
}

// Write reads a block of lines and appends to the batch the records that are
// complete, whose strings may be parts of the block. A block that does not end in a newline ends in a line that is
// complete nevertheless, or that is longer than the limit.
func (s *Stream) Write(d *Decoder, b *Batch, block string) {
	s.decoder = d
	defer func() { s.decoder = nil }()
	for block != "" {
		line := block
		if end := strings.IndexByte(block, '\n'); end >= 0 {
			line = block[:end+1]
		}
		block = block[len(line):]
		s.writeLine(b, line)
	}
}

// Flush appends to the batch what waits for more lines.
func (s *Stream) Flush(d *Decoder, b *Batch) {
	s.decoder = d
	defer func() { s.decoder = nil }()
	for i := range s.parts {
		if p := &s.parts[i]; p.active {
			p.active = false
			s.logical(b, p.text, p.start, envelope{origin: s.origin, iostream: [...]string{stdout, stderr}[i]})
		}
	}
	s.flushOpen(b)
}

// Pending returns the number of bytes, at the end of what was written, that
// belong to records which are not complete.
func (s *Stream) Pending() int64 {
	start := s.read
	if s.open.active {
		start = min(start, s.open.start)
	}
	for i := range s.parts {
		if s.parts[i].active {
			start = min(start, s.parts[i].start)
		}
	}
	return s.read - start
}

func (s *Stream) writeLine(b *Batch, raw string) {
	start := s.read
	s.read += int64(len(raw))
	text, ended := strings.CutSuffix(raw, "\n")
	text = strings.TrimSuffix(text, "\r")
	if start == 0 {
		text = strings.TrimPrefix(text, "\uFEFF")
	}
	if s.writeJSON(b, text) {
		return
	}
	s.decoder.line = append(s.decoder.line[:0], text...)
	line := s.decoder.line
	if s.cut || len(line) > s.limit || !ended && len(line) == s.limit {
		s.cut = !ended
		s.writeTooLong(b, line)
		return
	}
	if s.decoder.format == FormatAuto {
		if u, ok := s.unwrap(b, line); ok {
			s.writeWrapped(b, u, start)
			return
		}
	}
	s.logical(b, line, start, envelope{origin: s.origin})
}

// writeJSON reads a line that is one of Mina's own JSON records, which nearly all
// lines are: its strings become parts of the block, without a copy.
func (s *Stream) writeJSON(b *Batch, line string) bool {
	d := s.decoder
	if line == "" || line[0] != '{' || d.format == FormatText || s.cut || len(line) > s.limit ||
		strings.HasPrefix(line, dockerPrefix) || !utf8.ValidString(line) || !d.json.parse(line) {
		return false
	}
	s.flushOpen(b)
	b.Lines[FormatOfJSON]++
	env := envelope{origin: s.origin}
	if d.original {
		env.original = []byte(line)
	}
	d.decodeObject(b, env)
	return true
}

// writeTooLong cuts a line, or a part of one, into records within the limit.
func (s *Stream) writeTooLong(b *Batch, line []byte) {
	s.flushOpen(b)
	for part := range slices.Chunk(line, s.limit) {
		s.decoder.decodeRaw(b, part, envelope{origin: s.origin}, TooLong)
	}
}

func (s *Stream) unwrap(b *Batch, line []byte) (u unwrapped, ok bool) {
	if len(line) == 0 {
		return u, false
	}
	switch {
	case line[0] == '{':
		u, ok = s.decoder.unwrapDocker(b, line, s.buffer)
		if ok {
			s.buffer = u.text
		}
		return u, ok
	case isDigit(line[0]):
		return unwrapCRI(line)
	}
	return u, false
}

// writeWrapped joins the parts of a line that the container runtime has cut.
func (s *Stream) writeWrapped(b *Batch, u unwrapped, start int64) {
	p := &s.parts[0]
	if u.iostream == stderr {
		p = &s.parts[1]
	}
	env := envelope{origin: s.origin, iostream: u.iostream, time: u.time}
	if !p.active && !u.partial {
		s.logical(b, u.text, start, env)
		return
	}
	if !p.active {
		p.active, p.start, p.text = true, start, p.text[:0]
	}
	p.text = append(p.text, u.text...)
	switch {
	case len(p.text) > s.limit:
		p.active = false
		s.flushOpen(b)
		s.decoder.decodeRaw(b, p.text, env, TooLong)
		p.text = nil
	case !u.partial:
		p.active = false
		s.logical(b, p.text, p.start, env)
	}
}

// logical reads a line as the application wrote it.
func (s *Stream) logical(b *Batch, line []byte, start int64, env envelope) {
	line = validUTF8(line)
	if s.decoder.original {
		env.original = line
	}
	if len(bytes.TrimSpace(line)) == 0 {
		if s.open.active {
			s.extendOpen(b, nil)
		} else {
			b.Lines[FormatOfBlank]++
		}
		return
	}
	format := s.decoder.classify(b, line)
	if s.open.active && s.continuesOpen(format, line) {
		b.Lines[s.open.format]++
		s.extendOpen(b, line)
		return
	}
	s.flushOpen(b)
	switch format {
	case FormatOfJSON:
		b.Lines[format]++
		s.decoder.decodeObject(b, env)
	case FormatOfAccess:
		b.Lines[format]++
		s.decoder.decodeAccess(b, line, env)
	case FormatOfText, FormatOfGunicorn, FormatOfTraceback:
		b.Lines[format]++
		s.open = openRecord{
			active: true, format: format, text: append(s.open.text[:0], line...), start: start, envelope: env,
			traceback: startTraceback(line),
		}
		if env.original != nil {
			s.open.envelope.original = bytes.Clone(env.original)
		}
	default:
		s.decodeUnknown(b, line, env)
	}
}

// classify tells a line's format. A JSON object has been parsed then.
func (d *Decoder) classify(b *Batch, line []byte) Format {
	if d.format != FormatText && line[0] == '{' && d.parseJSON(b, line) {
		return FormatOfJSON
	}
	if d.format == FormatJSON {
		return FormatOfUnknown
	}
	if isTracebackHead(line) {
		return FormatOfTraceback
	}
	if line[0] == '[' {
		if _, ok := d.parseGunicornHeader(line); ok {
			return FormatOfGunicorn
		}
	}
	if isDigit(line[0]) {
		if _, ok := d.parseTextHeader(line); ok {
			return FormatOfText
		}
	}
	if line[0] != ' ' && bytes.Contains(line, []byte(`] "`)) {
		if _, ok := parseAccessLine(line); ok {
			return FormatOfAccess
		}
	}
	return FormatOfUnknown
}

func (s *Stream) continuesOpen(format Format, line []byte) bool {
	switch {
	case s.open.format == FormatOfTraceback:
		return (format == FormatOfUnknown || format == FormatOfTraceback) && s.open.traceback.continues(line)
	case format == FormatOfTraceback:
		return true
	}
	return format == FormatOfUnknown
}

func (s *Stream) extendOpen(b *Batch, line []byte) {
	if len(s.open.text)+1+len(line) > s.limit {
		s.flushOpen(b)
		if len(line) > 0 {
			s.decodeUnknown(b, line, envelope{origin: s.origin})
		}
		return
	}
	s.open.text = append(append(s.open.text, '\n'), line...)
	if s.open.envelope.original != nil {
		s.open.envelope.original = append(append(s.open.envelope.original, '\n'), line...)
	}
}

func (s *Stream) flushOpen(b *Batch) {
	if !s.open.active {
		return
	}
	s.open.active = false
	text := bytes.TrimRight(s.open.text, "\n")
	switch s.open.format {
	case FormatOfText:
		s.decoder.decodeText(b, text, s.open.envelope)
	case FormatOfGunicorn:
		s.decoder.decodeGunicorn(b, text, s.open.envelope)
	case FormatOfTraceback:
		s.decoder.decodeTraceback(b, text, s.open.envelope)
	}
}

// decodeUnknown appends a line that is no record. When a crash or a print
// without a newline has left text in front of a JSON record, the record is read.
func (s *Stream) decodeUnknown(b *Batch, line []byte, env envelope) {
	if s.decoder.format != FormatText {
		if at := jsonRecordAt(line); at > 0 {
			if s.decoder.parseJSON(b, line[at:]) {
				s.decoder.decodeRaw(b, line[:at], env, failureOf(line))
				b.Lines[FormatOfJSON]++
				s.decoder.decodeObject(b, env)
				return
			}
		}
	}
	s.decoder.decodeRaw(b, line, env, failureOf(line))
}

// jsonRecordAt returns where a JSON record begins behind other text, or -1.
func jsonRecordAt(line []byte) int {
	at := bytes.LastIndex(line, []byte(`{"timestamp"`))
	if at < 0 {
		at = bytes.LastIndex(line, []byte(`{"@timestamp"`))
	}
	return at
}

func failureOf(line []byte) Failure {
	if line[0] == '{' {
		return InvalidJSON
	}
	return UnknownFormat
}

// decodeRaw appends a line as it is, with the reason why it is no record.
func (d *Decoder) decodeRaw(b *Batch, line []byte, env envelope, failure Failure) {
	b.Lines[FormatOfUnknown]++
	b.Failures[failure]++
	record := b.add("", "", "")
	record.Body().SetStr(b.text.keep(validUTF8(line)))
	record.Attributes().PutStr(minaattr.ParseError, failure.String())
	env.apply(b, record)
}

var replacement = []byte("\uFFFD")

func validUTF8(text []byte) []byte {
	if utf8.Valid(text) {
		return text
	}
	return bytes.ToValidUTF8(text, replacement)
}
