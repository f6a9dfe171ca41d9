package minalog

import (
	"bytes"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/mina-observability/otelcol-mina/internal/minaattr"
	"github.com/mina-observability/otelcol-mina/internal/pytrace"
)

// Stream joins the lines of one source, in order, into records: the lines that
// follow a text record, tracebacks, and the parts into which a container runtime
// cuts long lines. It keeps no decoder, so that many streams can share a few.
type Stream struct {
	decoder *Decoder // while Write or Flush runs
	origin  Origin
	limit   int

	// read is the number of bytes read so far, and begun says that there were some before.
	read  int64
	begun bool
	open  openRecord
	// parts holds the beginnings of lines: those that the runtime has cut, and the one
	// at hand.
	parts [partCount]part
	// flushed is the cut behind a record that has been flushed though it may go on, or
	// in a private key, and following is how many lines are read in its light.
	flushed   *cut
	following int
	buffer    []byte
}

// openRecord is a record that may go on in the next line.
type openRecord struct {
	active    bool
	format    Format
	text      []byte
	start     int64
	envelope  envelope
	traceback pytrace.Lines
	// cut is the one before the text, if its beginning has gone out; atCut is the
	// traceback there, and previous that before the last line.
	cut             *cut
	atCut, previous pytrace.Lines
}

// part is the beginning of a line.
type part struct {
	active   bool
	text     []byte
	start    int64
	envelope envelope
	// cut is the one before the text, if its beginning has gone out.
	cut *cut
}

// The parts: of the line at hand, and those of a container's two streams.
const (
	partOfLine = iota
	partOfStdout
	partOfStderr
	partCount
)

// maxFollowing is how many lines behind a flushed record are read in its light. In a
// private key they may be more.
const maxFollowing = 4

// NewStream returns a stream whose records are at most limit bytes long; longer
// ones are cut.
func NewStream(origin Origin, limit int) *Stream {
	return &Stream{origin: origin, limit: limit}
}

// Write reads a block of lines and appends to the batch the records that are
// complete, whose strings may be parts of the block. A block that does not end in a
// newline ends in the beginning of a line.
func (s *Stream) Write(d *Decoder, b *Batch, block string) {
	s.decoder = d
	defer func() { s.decoder = nil }()
	b.from(s.origin.Container)
	for block != "" {
		line := block
		if end := strings.IndexByte(block, '\n'); end >= 0 {
			line = block[:end+1]
		}
		block = block[len(line):]
		s.writeLine(b, line)
	}
}

// Skip passes over bytes of the source that are no text.
func (s *Stream) Skip(n int64) { s.read += n }

// Flush appends to the batch what waits for more lines. What comes behind it is read
// in the light of what has gone out.
func (s *Stream) Flush(d *Decoder, b *Batch) { s.flush(d, b, false) }

// End appends to the batch what waits for more lines, of which none will come.
func (s *Stream) End(d *Decoder, b *Batch) { s.flush(d, b, true) }

func (s *Stream) flush(d *Decoder, b *Batch, ended bool) {
	s.decoder = d
	defer func() { s.decoder = nil }()
	b.from(s.origin.Container)
	for i := range s.parts {
		s.flushPart(b, i, ended)
	}
	if s.open.active && !ended {
		s.flushed, s.following = s.open.cutBehind(s.decoder, b, "\n", UnknownFormat), maxFollowing
	}
	s.flushOpen(b)
}

// flushPart lets go of the beginning of a line.
func (s *Stream) flushPart(b *Batch, index int, ended bool) {
	p := &s.parts[index]
	if !p.active {
		return
	}
	p.active = false
	switch {
	case p.cut != nil:
		s.writePiece(b, p, nil, !ended)
		if !ended {
			p.cut = p.cut.behind(p.text)
		}
	case ended:
		s.finish(b, index, nil)
	default:
		s.finish(b, index, &edges{open: true})
		p.cut = s.behindHalf(b, p.text)
		s.flushOpen(b)
	}
	if ended {
		p.cut = nil
	}
}

// behindHalf returns the cut behind a half line that has been read, or nil if it was
// a whole one.
func (s *Stream) behindHalf(b *Batch, line []byte) *cut {
	switch {
	case s.open.active:
		return s.open.cutBehind(s.decoder, b, "", UnknownFormat)
	case s.flushed != nil:
		return s.flushed
	case isObject(line):
		return nil
	}
	return s.decoder.newCut(b, line, failureOf(line)).behind(line)
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

// Cuts is what has to be known of a stream to read on where what is pending begins.
type Cuts struct {
	begun     bool
	parts     [partCount]*cut
	open      openRecord
	flushed   *cut
	following int
}

// Cuts returns what another stream needs to read what is pending, and what follows.
func (s *Stream) Cuts() (c Cuts) {
	for i := range s.parts {
		c.parts[i] = s.parts[i].cut
	}
	if s.open.active && s.open.cut != nil {
		c.open = s.open
		c.open.text, c.open.traceback = nil, c.open.atCut
	}
	c.flushed, c.following = s.flushed, s.following
	c.begun = s.begun || s.read > s.Pending()
	return c
}

// Resume lets a new stream read on where another one has been cut.
func (s *Stream) Resume(c Cuts) {
	for i := range s.parts {
		s.parts[i].cut = c.parts[i]
	}
	s.open = c.open
	s.open.start = s.read
	s.flushed, s.following, s.begun = c.flushed, c.following, c.begun
}

// ResumeBehind lets a new stream read on behind a text. If that ends within a line,
// the rest of it is no line of its own, and what is left of a private key is not told
// by itself.
func (s *Stream) ResumeBehind(text []byte) {
	s.begun = len(text) > 0
	line := text[bytes.LastIndexByte(text, '\n')+1:]
	switch inKey := inPrivateKey(text); {
	case inKey && len(line) > 0:
		s.parts[partOfLine].cut = (&cut{failure: TooLong}).behind(text)
	case inKey:
		s.flushed = (&cut{}).behindLine(text)
	case len(line) > 0:
		s.parts[partOfLine].cut = (&cut{failure: TooLong}).behind(line)
	}
}

func (s *Stream) writeLine(b *Batch, raw string) {
	start := s.read
	s.read += int64(len(raw))
	text, ended := strings.CutSuffix(raw, "\n")
	if start == 0 && !s.begun {
		text = strings.TrimPrefix(text, "\uFEFF")
	}
	if !s.parts[partOfLine].goesOn() && s.writeJSON(b, text) {
		return
	}
	isLine := true
	for {
		at, n := nulRun(text)
		if n == 0 {
			break
		}
		b.NULs += int64(n)
		if at > 0 || s.parts[partOfLine].goesOn() {
			s.writePart(b, text[:at], start, true)
		}
		start += int64(at + n)
		text, isLine = text[at+n:], false
	}
	if text != "" || isLine {
		s.writePart(b, text, start, ended)
	}
}

// minNULs is how many NULs in the middle of a line are no text but a hole.
const minNULs = 4

// nulRun returns the first run of NULs that are no text: at the beginning or the end
// of it, or where there are several.
func nulRun(text string) (at, n int) {
	for at < len(text) {
		next := strings.IndexByte(text[at:], 0)
		if next < 0 {
			return 0, 0
		}
		at += next
		n = len(text) - at - len(strings.TrimLeft(text[at:], "\x00"))
		if at == 0 || n >= minNULs || at+n == len(text) {
			return at, n
		}
		at += n
	}
	return 0, 0
}

func (p *part) goesOn() bool { return p.active || p.cut != nil }

// writePart reads a part of a line, or what is left of it.
func (s *Stream) writePart(b *Batch, text string, start int64, ended bool) {
	p := &s.parts[partOfLine]
	first := !p.goesOn()
	if first && s.writeJSON(b, text) {
		return
	}
	s.decoder.line = append(s.decoder.line[:0], text...)
	if first && ended && len(text) <= s.limit {
		s.line(b, s.decoder.line, start, nil)
		return
	}
	s.extend(b, p, s.decoder.line, start, envelope{origin: s.origin})
	if ended {
		s.finish(b, partOfLine, nil)
	}
}

// extend joins a part to those before it. Of a line that becomes longer than the limit
// the pieces go out as soon as it is known what comes behind them.
func (s *Stream) extend(b *Batch, p *part, text []byte, start int64, env envelope) {
	if !p.active {
		p.active, p.start, p.text = true, start, p.text[:0]
	}
	p.envelope = env
	// The parts of a container's line stay whole, as their offsets are those of lines.
	isPlain := p == &s.parts[partOfLine]
	for len(p.text)+len(text) > s.limit {
		if isPlain || len(p.text) == 0 {
			joined := slices.Concat(p.text, text)
			n := runeStart(joined, s.limit)
			p.text, text = joined[:n], bytes.Clone(joined[n:])
			if isPlain {
				start = p.start + int64(n)
			}
		}
		if p.cut == nil {
			p.cut = s.decoder.newCut(b, p.text, TooLong)
		}
		s.writePiece(b, p, contextOf(text), false)
		p.cut = p.cut.behind(p.text)
		p.text, p.start = p.text[:0], start
	}
	p.text = append(p.text, text...)
}

// writePiece appends a piece of a line.
func (s *Stream) writePiece(b *Batch, p *part, after []byte, open bool) {
	s.flushOpen(b)
	env := p.envelope
	env.edges = &edges{before: p.cut.before(), after: after, open: open, head: p.cut.head}
	b.Lines[FormatOfUnknown]++
	s.decoder.decodeRaw(b, p.text, env, p.cut.failure)
}

// finish reads a line whose parts are all there.
func (s *Stream) finish(b *Batch, index int, e *edges) {
	p := &s.parts[index]
	p.active = false
	switch {
	case p.cut != nil:
		if len(p.text) > 0 {
			s.writePiece(b, p, nil, false)
		}
		s.flushed, s.following = p.cut.behind(append(p.text, '\n')), maxFollowing
		p.cut, p.text = nil, nil
	case index == partOfLine:
		s.line(b, p.text, p.start, e)
	default:
		p.envelope.edges = e
		s.logical(b, p.text, p.start, p.envelope)
	}
}

// writeJSON reads a line that is one of Mina's own JSON records, which nearly all
// lines are: its strings become parts of the block, without a copy.
func (s *Stream) writeJSON(b *Batch, line string) bool {
	d := s.decoder
	if line == "" || line[0] != '{' || d.format == FormatText || d.format == FormatOTLPJSON || len(line) > s.limit ||
		strings.HasPrefix(line, dockerPrefix) || !utf8.ValidString(line) || !d.json.parse(line) {
		return false
	}
	s.flushOpen(b)
	s.flushed = nil
	b.Lines[FormatOfJSON]++
	env := envelope{origin: s.origin}
	if d.original {
		env.original = []byte(line)
	}
	d.decodeObject(b, env)
	return true
}

// line reads a line as it is in the file.
func (s *Stream) line(b *Batch, line []byte, start int64, e *edges) {
	line = bytes.TrimSuffix(line, []byte("\r"))
	if s.decoder.format == FormatAuto {
		if u, ok := s.unwrap(b, line); ok {
			s.writeWrapped(b, u, start, e)
			return
		}
	}
	s.logical(b, line, start, envelope{origin: s.origin, edges: e})
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
func (s *Stream) writeWrapped(b *Batch, u unwrapped, start int64, e *edges) {
	index := partOfStdout
	if u.iostream == stderr {
		index = partOfStderr
	}
	p := &s.parts[index]
	env := envelope{origin: s.origin, iostream: u.iostream, time: u.time, docker: u.docker, edges: e}
	if !p.goesOn() && !u.partial {
		s.logical(b, u.text, start, env)
		return
	}
	s.extend(b, p, u.text, start, env)
	if !u.partial {
		s.finish(b, index, e)
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
			s.open.previous = s.open.traceback
			s.extendOpen(b, nil, start)
		} else {
			b.Lines[FormatOfBlank]++
		}
		return
	}
	if s.decoder.format == FormatOTLPJSON {
		s.decoder.decodeOTLP(b, line, env)
		return
	}
	format := s.decoder.classify(b, line)
	if s.open.active && s.continuesOpen(format, line) {
		b.Lines[s.open.format]++
		s.extendOpen(b, line, start)
		if env.edges != nil {
			s.open.envelope.edges = env.edges
		}
		return
	}
	s.flushOpen(b)
	switch format {
	case FormatOfJSON:
		b.Lines[format]++
		env.edges = nil
		s.decoder.decodeObject(b, env)
	case FormatOfAccess:
		b.Lines[format]++
		s.decoder.decodeAccess(b, line, env)
	case FormatOfText, FormatOfGunicorn, FormatOfTraceback:
		b.Lines[format]++
		s.open = openRecord{
			active: true, format: format, text: append(s.open.text[:0], line...), start: start, envelope: env,
			traceback: pytrace.Begin(line),
		}
		if env.original != nil {
			s.open.envelope.original = bytes.Clone(env.original)
		}
	default:
		s.follow(line, &env)
		s.decodeUnknown(b, line, env)
		return
	}
	s.flushed = nil
}

// follow reads a line that would belong to a record, had that not been flushed, or to
// a private key that began in a line before, in the light of it.
func (s *Stream) follow(line []byte, env *envelope) {
	if s.flushed == nil {
		if env.edges == nil && inPrivateKey(line) {
			s.flushed = (&cut{}).behindLine(line)
		}
		return
	}
	if env.edges == nil {
		env.edges = &edges{}
	}
	env.edges.before = s.flushed.before()
	s.flushed = s.flushed.behindLine(line)
	if s.following--; s.following <= 0 && (s.flushed.keyLines == 0 || s.flushed.keyLines > maxKeyLines) {
		s.flushed = nil
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
	if pytrace.Begins(line) {
		return FormatOfTraceback
	}
	if h, ok := d.parseHeader(line); ok {
		return h.format
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
		s.open.previous = s.open.traceback
		return (format == FormatOfUnknown || format == FormatOfTraceback) && s.open.traceback.Continues(line)
	case format == FormatOfTraceback:
		return true
	}
	return format == FormatOfUnknown
}

func (s *Stream) extendOpen(b *Batch, line []byte, start int64) {
	o := &s.open
	if len(o.text)+1+len(line) > s.limit {
		s.cutOpen(b, line, start)
		return
	}
	if len(o.text) > 0 || o.cut == nil {
		o.text = append(o.text, '\n')
	}
	o.text = append(o.text, line...)
	if o.envelope.original != nil {
		o.envelope.original = append(append(o.envelope.original, '\n'), line...)
	}
}

// cutOpen lets go of what there is of a record that has become too long.
func (s *Stream) cutOpen(b *Batch, line []byte, start int64) {
	rest := s.open
	rest.cut = s.open.cutBehind(s.decoder, b, "\n", TooLong)
	rest.envelope.original, rest.atCut = nil, rest.previous
	s.open.envelope.edges = &edges{after: contextOf(append([]byte("\n"), line...))}
	s.flushOpen(b)
	rest.text, rest.start = append(rest.text[:0], line...), start
	s.open = rest
}

// cutBehind returns the cut behind the text, which ends in what stands between it and
// the next piece.
func (o *openRecord) cutBehind(d *Decoder, b *Batch, between string, failure Failure) *cut {
	before := o.cut
	if before == nil {
		before = d.newCut(b, o.text, failure)
	}
	return before.behind(append(o.text, between...))
}

func (s *Stream) flushOpen(b *Batch) {
	if !s.open.active {
		return
	}
	s.open.active = false
	text := bytes.TrimRight(s.open.text, "\n")
	if s.open.cut != nil {
		s.decodePiece(b, text)
		return
	}
	switch s.open.format {
	case FormatOfText, FormatOfGunicorn:
		s.decoder.decodeText(b, text, s.open.envelope)
	case FormatOfTraceback:
		s.decoder.decodeTraceback(b, text, s.open.envelope)
	}
}

// decodePiece appends what follows the first piece of a record.
func (s *Stream) decodePiece(b *Batch, text []byte) {
	if len(text) == 0 {
		return
	}
	env := s.open.envelope
	sides := edges{before: s.open.cut.before(), head: s.open.cut.head}
	if env.edges != nil {
		sides.after, sides.open = env.edges.after, env.edges.open
	}
	env.edges = &sides
	s.decoder.decodeRaw(b, text, env, s.open.cut.failure)
	s.open.cut = nil
}

// decodeUnknown appends a line that is no record. When a crash or a print
// without a newline has left text in front of a JSON record, the record is read.
func (s *Stream) decodeUnknown(b *Batch, line []byte, env envelope) {
	if s.decoder.format != FormatText {
		if at := jsonRecordAt(line); at > 0 {
			if s.decoder.parseJSON(b, line[at:]) {
				before := env
				before.edges = nil
				b.Lines[FormatOfUnknown]++
				s.decoder.decodeRaw(b, line[:at], before, failureOf(line))
				b.Lines[FormatOfJSON]++
				s.decoder.decodeObject(b, env)
				return
			}
		}
	}
	b.Lines[FormatOfUnknown]++
	s.decoder.decodeRaw(b, line, env, failureOf(line))
}

// isObject reports whether a line is a JSON object, by its braces alone.
func isObject(line []byte) bool {
	if len(line) == 0 || line[0] != '{' {
		return false
	}
	end, ok := containerEnd(line, 0)
	return ok && end == len(line)
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
