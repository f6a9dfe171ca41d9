package minalog

import "bytes"

// Cuts is what has to be known of a stream to read on where what is pending begins.
type Cuts struct {
	begun   bool
	half    *cut
	plain   strand
	wrapped []strand
}

// Cuts returns what another stream needs to read what is pending, and what follows.
func (s *Stream) Cuts() Cuts {
	pending := s.Pending()
	c := Cuts{half: s.half.cut, begun: s.begun || s.read > pending, plain: s.atPending(&s.plain, pending)}
	for _, st := range s.wrapped {
		c.wrapped = append(c.wrapped, s.atPending(st, pending))
	}
	return c
}

// doneBy returns how much of n bytes that were pending had gone out of a writer's.
func (c *Cuts) doneBy(writer string, n int64) int64 {
	if writer == "" {
		return c.plain.done
	}
	for i := range c.wrapped {
		if c.wrapped[i].writer == writer {
			return c.wrapped[i].done
		}
	}
	return n
}

// atPending returns a strand as it was where what is pending begins, except for those
// of its lines that have gone out since.
func (s *Stream) atPending(st *strand, pending int64) strand {
	at := strand{writer: st.writer, part: part{cut: st.part.cut}, flushed: st.flushed, following: st.following}
	base := s.read - pending
	at.since, at.last, at.done = st.since-base, st.last-base, s.waitsFrom(st)-base
	if st.open.active && st.open.cut != nil {
		at.open = st.open
		at.open.text, at.open.progress = nil, st.open.atCut
	}
	return at
}

// Resume lets a new stream read on where another one has been cut.
func (s *Stream) Resume(c Cuts) {
	s.begun, s.half.cut = c.begun, c.half
	s.plain = s.resumed(&c.plain)
	for i := range c.wrapped {
		st := s.resumed(&c.wrapped[i])
		s.wrapped = append(s.wrapped, &st)
	}
}

func (s *Stream) resumed(at *strand) strand {
	st := *at
	st.since, st.last, st.done = st.since+s.read, st.last+s.read, st.done+s.read
	st.open.start = st.done
	return st
}

// ResumeBehind lets a new stream read on behind a text. If that ends within a line,
// the rest of it is no line of its own, and what is left of a private key is not told
// by itself.
func (s *Stream) ResumeBehind(text []byte) {
	s.begun = len(text) > 0
	line := text[bytes.LastIndexByte(text, '\n')+1:]
	switch inKey := inPrivateKey(text); {
	case inKey && len(line) > 0:
		s.half.cut = (&cut{failure: TooLong}).behind(text)
	case inKey:
		s.plain.flushed = (&cut{}).behindLine(text)
	case len(line) > 0:
		s.half.cut = (&cut{failure: TooLong}).behind(line)
	}
}
