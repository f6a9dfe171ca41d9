package minalog

import (
	"bytes"
	"slices"
)

// part is the beginning of a line.
type part struct {
	active   bool
	text     []byte
	start    int64
	envelope envelope
	// last is the length of the last part that was joined.
	last int
	// cut is the one before the text, if its beginning has gone out.
	cut *cut
}

func (p *part) goesOn() bool { return p.active || p.cut != nil }

// flushPart lets go of the beginning of a line of a strand.
func (s *Stream) flushPart(b *Batch, st *strand, p *part, ended bool) {
	if !p.active {
		return
	}
	p.active = false
	switch {
	case p.cut != nil:
		s.writePiece(b, st, p, nil, !ended)
		if !ended {
			p.cut = p.cut.behind(p.text)
		}
	case ended:
		s.finish(b, st, p, nil)
	default:
		s.finish(b, st, p, &edges{open: true})
		p.cut = s.behindHalf(b, st, p.text)
		s.flushOpen(b, st)
	}
	if ended {
		p.cut = nil
	}
}

// behindHalf returns the cut behind a half line that has been read, or nil if it was
// a whole one.
func (s *Stream) behindHalf(b *Batch, st *strand, line []byte) *cut {
	switch {
	case st.open.active:
		return st.open.cutBehind(s.decoder, b, "", UnknownFormat)
	case st.flushed != nil:
		return st.flushed
	case isObject(line):
		return nil
	}
	return s.decoder.newCut(b, line, failureOf(line)).behind(line)
}

// writePart reads a part of a line, or what is left of it.
func (s *Stream) writePart(b *Batch, text string, start int64, ended bool) {
	first := !s.half.goesOn()
	s.decoder.line = append(s.decoder.line[:0], text...)
	if first && ended && len(text) <= s.limit {
		s.line(b, s.decoder.line, start, nil)
		return
	}
	s.extend(b, &s.plain, &s.half, s.decoder.line, start, envelope{origin: s.origin})
	if ended {
		s.finish(b, &s.plain, &s.half, nil)
	}
}

// extend joins a part to those before it. Of a line that becomes longer than the limit
// the pieces go out as soon as it is known what comes behind them.
func (s *Stream) extend(b *Batch, st *strand, p *part, text []byte, start int64, env envelope) {
	if !p.active {
		p.active, p.start, p.text = true, start, p.text[:0]
	}
	p.envelope, p.last = env, len(text)
	// The parts of a container's line stay whole, as their offsets are those of lines.
	isPlain := p == &s.half
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
			if isPlain { // what is pending begins in this line then
				s.flushWrapped(b)
			}
		}
		s.writePiece(b, st, p, contextOf(text), false)
		p.cut = p.cut.behind(p.text)
		p.text, p.start = p.text[:0], start
	}
	p.text = append(p.text, text...)
}

// writePiece appends a piece of a line.
func (s *Stream) writePiece(b *Batch, st *strand, p *part, after []byte, open bool) {
	s.flushOpen(b, st)
	env := p.envelope
	env.place = place{offset: p.start}
	env.edges = &edges{before: p.cut.before(), after: after, open: open, head: p.cut.head}
	b.Lines[FormatOfUnknown]++
	s.decoder.decodeRaw(b, p.text, env, p.cut.failure)
}

// finish reads a line whose parts are all there.
func (s *Stream) finish(b *Batch, st *strand, p *part, e *edges) {
	p.active = false
	switch {
	case p.cut != nil:
		if len(p.text) > 0 {
			s.writePiece(b, st, p, nil, false)
		}
		st.flushed, st.following = p.cut.behind(append(p.text, '\n')), maxFollowing
		p.cut, p.text = nil, nil
	case p == &s.half:
		s.line(b, p.text, p.start, e)
	default:
		p.envelope.edges = e
		s.logical(b, st, p.text, p.start, p.envelope)
	}
}
