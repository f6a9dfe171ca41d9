package minalog

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

// Stream joins the lines of one source, in order, into records: the lines that
// follow a text record, tracebacks, JSON over several lines, and the parts into which
// a container runtime cuts long lines. It keeps no decoder, so that many streams can
// share a few.
type Stream struct {
	decoder *Decoder // while Write or Flush runs
	origin  Origin
	limit   int

	// read is the offset behind what has been read.
	read int64
	// half is the beginning of the line at hand.
	half part
	// plain are the lines as they are in the file, and wrapped those of the writers who
	// share it: a container's two streams, the services of a composition.
	plain   strand
	wrapped []*strand
	buffer  []byte
}

// NewStream returns a stream whose records are at most limit bytes long; longer
// ones are cut.
func NewStream(origin Origin, limit int) *Stream {
	return &Stream{origin: origin, limit: limit}
}

// StartAt lets a new stream begin at an offset of its text.
func (s *Stream) StartAt(offset int64) { s.read = offset }

// Offset returns the offset behind what has been read.
func (s *Stream) Offset() int64 { return s.read }

// Write reads a block of lines and appends to the batch the records that are
// complete, whose strings may be parts of the block. A block that does not end in a
// newline ends in the beginning of a line.
func (s *Stream) Write(d *Decoder, b *Batch, block string) {
	s.with(d, b, func() {
		for block != "" {
			line := block
			if end := strings.IndexByte(block, '\n'); end >= 0 {
				line = block[:end+1]
			}
			block = block[len(line):]
			s.writeLine(b, line)
		}
	})
}

// Skip passes over bytes of the source that are no text.
func (s *Stream) Skip(n int64) { s.read += n }

// Flush appends to the batch what waits for more lines. What comes behind it is read
// in the light of what has gone out.
func (s *Stream) Flush(d *Decoder, b *Batch) { s.flush(d, b, false) }

// End appends to the batch what waits for more lines, of which none will come.
func (s *Stream) End(d *Decoder, b *Batch) { s.flush(d, b, true) }

func (s *Stream) flush(d *Decoder, b *Batch, ended bool) {
	s.with(d, b, func() {
		s.flushPart(b, &s.plain, &s.half, ended)
		for st := range s.strands {
			s.flushStrand(b, st, ended)
		}
	})
}

// FlushIdle appends to the batch what waits for more lines of a writer who has written
// nothing since an offset.
func (s *Stream) FlushIdle(d *Decoder, b *Batch, since int64) {
	s.flushIf(d, b, func(st *strand) bool { return st.last < since })
}

// FlushUpTo appends to the batch what waits for more lines, and had gone out of another
// stream where that had been cut.
func (s *Stream) FlushUpTo(d *Decoder, b *Batch, c *Cuts) {
	s.flushIf(d, b, func(st *strand) bool { return s.waitsFrom(st) < c.doneBy(st.writer, s.read) })
}

func (s *Stream) flushIf(d *Decoder, b *Batch, waited func(*strand) bool) {
	s.with(d, b, func() {
		for st := range s.strands {
			if waited(st) {
				s.flushStrand(b, st, false)
			}
		}
	})
}

// Shared reports whether several writers may write the source.
func (s *Stream) Shared() bool { return len(s.wrapped) > 0 }

// with does something with a decoder and a batch.
func (s *Stream) with(d *Decoder, b *Batch, do func()) {
	s.decoder = d
	defer func() { s.decoder = nil }()
	b.from(s.origin.Container)
	do()
}

// flushWrapped lets go of what waits for more lines of the writers who share the source.
func (s *Stream) flushWrapped(b *Batch) {
	for _, st := range s.wrapped {
		s.flushStrand(b, st, false)
	}
}

// strands goes through the strands of the source.
func (s *Stream) strands(yield func(*strand) bool) {
	if !yield(&s.plain) {
		return
	}
	for _, st := range s.wrapped {
		if !yield(st) {
			return
		}
	}
}

// Pending returns the number of bytes, at the end of what was written, that
// belong to records which are not complete.
func (s *Stream) Pending() int64 {
	start := s.read
	for st := range s.strands {
		start = min(start, s.waitsFrom(st))
	}
	return s.read - start
}

// waitsFrom returns where the first line of a strand begins whose record is not complete.
func (s *Stream) waitsFrom(st *strand) int64 {
	start := s.read
	if s.half.active {
		start = s.half.start
	}
	if st.part.active {
		start = min(start, st.part.start)
	}
	if st.open.active {
		start = min(start, st.open.start)
	}
	return start
}

func (s *Stream) writeLine(b *Batch, raw string) {
	start := s.read
	s.read += int64(len(raw))
	text, ended := strings.CutSuffix(raw, "\n")
	if start == 0 {
		text = strings.TrimPrefix(text, "\uFEFF")
	}
	if ended && !s.half.goesOn() && s.writeJSON(b, text, start) {
		return
	}
	isLine := true
	for {
		at, n := nulRun(text)
		if n == 0 {
			break
		}
		b.NULs += int64(n)
		if at > 0 || s.half.goesOn() {
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

// writeJSON reads a line that is one of Mina's own JSON records, which nearly all
// lines are: its strings become parts of the block, without a copy.
func (s *Stream) writeJSON(b *Batch, line string, start int64) bool {
	d := s.decoder
	if line == "" || line[0] != '{' || d.format == FormatText || d.format == FormatOTLPJSON || len(line) > s.limit ||
		strings.HasPrefix(line, dockerPrefix) || s.plain.open.format == FormatOfJSON && s.plain.open.active || !utf8.ValidString(line) || !d.json.parse(line) {
		return false
	}
	if start < s.plain.done {
		return true
	}
	s.flushOpen(b, &s.plain)
	s.plain.flushed = nil
	b.Lines[FormatOfJSON]++
	env := envelope{origin: s.origin, place: place{offset: start}}
	if d.original {
		env.original = []byte(line)
	}
	d.decodeObject(b, env)
	return true
}

// line reads a line as it is in the file.
func (s *Stream) line(b *Batch, line []byte, start int64, e *edges) {
	line = bytes.TrimRight(line, "\r")
	if s.decoder.format == FormatAuto {
		if u, ok := s.unwrap(b, line); ok {
			s.writeWrapped(b, &u, start, e)
			return
		}
	}
	s.logical(b, &s.plain, line, start, envelope{origin: s.origin, edges: e})
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
func (s *Stream) writeWrapped(b *Batch, u *unwrapped, start int64, e *edges) {
	st := s.strand(b, []byte(u.iostream), start)
	if start < st.done {
		return
	}
	st.last = start
	p := &st.part
	if p.active && p.isWhole(u) {
		s.finish(b, st, p, nil)
	}
	env := envelope{origin: s.origin, iostream: u.iostream, time: u.time, docker: u.docker, edges: e}
	if !p.goesOn() && !u.partial {
		s.logical(b, st, u.text, start, env)
		return
	}
	s.extend(b, st, p, u.text, start, env)
	if !u.partial {
		s.finish(b, st, p, e)
	}
}
