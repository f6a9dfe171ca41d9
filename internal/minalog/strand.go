package minalog

import (
	"bytes"
	"slices"

	"github.com/mina-observability/otelcol-mina/internal/pytrace"
)

// strand is what one of the writers of a source has written: the lines that a record
// may go on in are those of the same strand, whoever else writes in between.
type strand struct {
	writer string
	// part is the beginning of a line that the container runtime has cut.
	part part
	open openRecord
	// flushed is the cut behind a record that has been flushed though it may go on, or
	// in a private key, and following is how many lines are read in its light.
	flushed   *cut
	following int
	// since is the offset of the first line, and last that of the last one.
	since, last int64
	// done is the offset before which every line of the strand has gone out already.
	done int64
}

// openRecord is a record that may go on in the next line.
type openRecord struct {
	active bool
	format Format
	// layout is the one of a text record.
	layout   *layout
	text     []byte
	start    int64
	envelope envelope
	// cut is the one before the text, if its beginning has gone out.
	cut *cut
	// progress is how far it is, previous how far it was before the last line, and atCut
	// where the text begins.
	progress, previous, atCut progress
}

// progress is what is known of a record that is open, to tell what belongs to it.
type progress struct {
	// inTraceback says that the lines of a traceback are followed.
	inTraceback bool
	traceback   pytrace.Lines
	// braces follows the JSON over several lines that the record is, or that begins at the
	// place of object in it.
	braces braces
	object int
}

const (
	// maxWrapped is how many writers of a source are told apart.
	maxWrapped = 16
	// maxBehind is after how many bytes of others a record is let go though it may go
	// on, so that what is read again after a restart has a bound.
	maxBehind = 64 << 10
	// maxFollowing is how many lines behind a flushed record are read in its light. In a
	// private key they may be more.
	maxFollowing = 4
)

// strand returns that of the writer of a line, and lets go of what waits for too long in
// others.
func (s *Stream) strand(b *Batch, writer []byte, start int64) *strand {
	var found *strand
	for _, st := range s.wrapped {
		switch {
		case st.writer == string(writer):
			found = st
		case s.read-s.waitsFrom(st) > maxBehind:
			s.flushStrand(b, st, false)
		}
	}
	if found != nil {
		return found
	}
	if len(s.wrapped) == maxWrapped {
		s.flushStrand(b, s.wrapped[0], false)
		s.wrapped = slices.Delete(s.wrapped, 0, 1)
	}
	st := &strand{writer: string(writer), since: start}
	s.wrapped = append(s.wrapped, st)
	return st
}

// knows reports whether a writer has been seen before an offset.
func (s *Stream) knows(writer []byte, before int64) bool {
	return slices.ContainsFunc(s.wrapped, func(st *strand) bool { return st.since < before && st.writer == string(writer) })
}

// flushStrand lets go of what waits for more lines.
func (s *Stream) flushStrand(b *Batch, st *strand, ended bool) {
	s.flushPart(b, st, &st.part, ended)
	if st.open.active && !ended {
		st.flushed, st.following = st.open.cutBehind(s.decoder, b, "\n", UnknownFormat), maxFollowing
	}
	s.flushOpen(b, st)
}

// begin opens a record, which may go on in the next line.
func (st *strand) begin(format Format, line []byte, start int64, env envelope) {
	st.open = openRecord{active: true, format: format, text: append(st.open.text[:0], line...), start: start, envelope: env}
	if env.original != nil {
		st.open.envelope.original = bytes.Clone(env.original)
	}
	if env.prefix != nil {
		st.open.envelope.prefix = bytes.Clone(env.prefix)
	}
	if format == FormatOfTraceback {
		st.open.progress = progress{inTraceback: true, traceback: pytrace.Begin(line)}
	}
}

func (s *Stream) extendOpen(b *Batch, st *strand, line []byte, start int64) {
	o := &st.open
	switch first := len(o.text) == 0 && o.cut != nil; {
	case first:
	case len(o.text)+1+len(line) > s.limit:
		s.cutOpen(b, st, line, start)
		return
	default:
		o.text = append(o.text, '\n')
	}
	o.text = append(o.text, line...)
	if o.envelope.original != nil {
		o.envelope.original = append(append(o.envelope.original, '\n'), line...)
	}
}

// cutOpen lets go of what there is of a record that has become too long.
func (s *Stream) cutOpen(b *Batch, st *strand, line []byte, start int64) {
	rest := st.open
	rest.cut = st.open.cutBehind(s.decoder, b, "\n", TooLong)
	rest.envelope.original, rest.atCut = nil, rest.previous
	st.open.envelope.edges = &edges{after: contextOf(append([]byte("\n"), line...))}
	s.flushOpen(b, st)
	rest.text, rest.start = append(rest.text[:0], line...), start
	st.open = rest
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

func (s *Stream) flushOpen(b *Batch, st *strand) {
	o := &st.open
	if !o.active {
		return
	}
	o.active = false
	text := bytes.TrimRight(o.text, "\n")
	if o.cut != nil {
		s.decodePiece(b, o, text)
		return
	}
	switch o.format {
	case FormatOfText, FormatOfGunicorn:
		s.decoder.decodeText(b, o.layout, text, o.envelope)
	case FormatOfTraceback:
		s.decoder.decodeTraceback(b, text, o.envelope)
	case FormatOfJSON:
		s.decodeLines(b, text, o.envelope)
	default:
		s.decoder.decodeDated(b, text, o.envelope)
	}
}

// decodePiece appends what follows the first piece of a record.
func (s *Stream) decodePiece(b *Batch, o *openRecord, text []byte) {
	if len(text) == 0 {
		return
	}
	env := o.envelope
	env.place = place{offset: o.start}
	sides := edges{before: o.cut.before(), head: o.cut.head}
	if env.edges != nil {
		sides.after, sides.open = env.edges.after, env.edges.open
	}
	env.edges = &sides
	if o.format == FormatOfJSON {
		b.Lines[FormatOfUnknown]++
	}
	s.decoder.decodeRaw(b, text, env, o.cut.failure)
	o.cut = nil
}
