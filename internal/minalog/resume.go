package minalog

import "bytes"

// Cuts is what has to be known of a stream to read on where what is pending begins.
type Cuts struct {
	// at is the offset where what is pending begins.
	at      int64
	half    *cut
	plain   strand
	wrapped []strand
}

// Cuts returns what another stream needs to read what is pending, and what follows.
func (s *Stream) Cuts() Cuts {
	c := Cuts{at: s.read - s.Pending(), half: s.half.cut, plain: s.atPending(&s.plain)}
	for _, st := range s.wrapped {
		c.wrapped = append(c.wrapped, s.atPending(st))
	}
	return c
}

// doneBy returns the offset before which every line of a writer had gone out. Of one
// that had written nothing that is the end.
func (c *Cuts) doneBy(writer string, end int64) int64 {
	if writer == "" {
		return c.plain.done
	}
	for i := range c.wrapped {
		if c.wrapped[i].writer == writer {
			return c.wrapped[i].done
		}
	}
	return end
}

// atPending returns a strand as it was where what is pending begins, except for those
// of its lines that have gone out since.
func (s *Stream) atPending(st *strand) strand {
	at := strand{
		writer: st.writer, part: part{cut: st.part.cut}, flushed: st.flushed, following: st.following,
		since: st.since, last: st.last, done: s.waitsFrom(st),
	}
	if st.open.active && st.open.cut != nil {
		at.open = st.open
		at.open.text, at.open.progress, at.open.start = nil, st.open.atCut, at.done
	}
	return at
}

// Resume lets a new stream read on where another one has been cut.
func (s *Stream) Resume(c Cuts) {
	s.read, s.half.cut, s.plain = c.at, c.half, c.plain
	for _, st := range c.wrapped {
		s.wrapped = append(s.wrapped, &st)
	}
}

// ResumeBehind lets a new stream read on behind a text. If that ends within a line,
// the rest of it is no line of its own, and what is left of a private key is not told
// by itself.
func (s *Stream) ResumeBehind(text []byte) {
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
