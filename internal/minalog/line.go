package minalog

import "bytes"

// maxRecordsOfALine is how many records are read of a line.
const maxRecordsOfALine = 64

// logical reads a line as the application wrote it.
func (s *Stream) logical(b *Batch, st *strand, line []byte, start int64, env envelope) {
	env.place.offset = start
	line = validUTF8(line)
	if s.decoder.original {
		env.original = line
	}
	if s.decoder.format == FormatOTLPJSON {
		if isBlank(line) {
			b.Lines[FormatOfBlank]++
		} else {
			s.decoder.decodeOTLP(b, line, env)
		}
		return
	}
	line = bytes.TrimRight(withoutANSI(line), "\r")
	length := len(line)
	for n := 1; len(line) > 0 || n == 1; n++ {
		env.place.within = length - len(line)
		text := withoutLeading(line)
		if isBlank(text) {
			if n == 1 && start >= st.done {
				s.blank(b, st, start)
			}
			return
		}
		var r reading
		isPrefixed := false
		if n == 1 {
			r, isPrefixed = s.readBeginning(b, st, line, text, start, env)
		} else {
			r = s.decoder.read(b, line, text, n < maxRecordsOfALine)
		}
		if isPrefixed || start < st.done {
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
		text = text[:r.end]
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

// readBeginning tells what a line begins with. One that has a prefix is read behind it,
// as a line of its writer.
func (s *Stream) readBeginning(b *Batch, st *strand, line, text []byte, start int64, env envelope) (r reading, isPrefixed bool) {
	var p prefix
	if st == &s.plain && s.decoder.format == FormatAuto && !isIndented(line) {
		p = s.decoder.parsePrefix(b, text)
	}
	if p.sure {
		s.writePrefixed(b, &p, text, start, env)
		return r, true
	}
	r = s.decoder.read(b, line, text, true)
	switch {
	case r.begins() && st.open.isInTraceback(line, &r):
		return reading{format: FormatOfUnknown, end: len(text)}, false
	case p.length == 0 || r.format != FormatOfUnknown && r.at == 0:
		return r, false
	case s.knows(p.writer, start) || s.decoder.begins(b, text[p.length:]):
		s.writePrefixed(b, &p, text, start, env)
		return r, true
	case r.at > 0: // another object may have been parsed since
		r = s.decoder.read(b, line, text, true)
	}
	return r, false
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

// write appends a record, or opens it if it may go on in the next line.
func (s *Stream) write(b *Batch, st *strand, r *reading, text []byte, start int64, env envelope) {
	before := bytes.TrimSpace(text[:r.at])
	switch {
	case len(before) == 0:
	case before[0] == '{': // the beginning of a record whose end is gone
		b.Lines[FormatOfUnknown]++
		s.decoder.decodeRaw(b, before, envelope{origin: env.origin, place: env.place, iostream: env.iostream, time: env.time}, InvalidJSON)
		env.place.within += r.at
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
		s.decoder.decodeAccess(b, text[r.at:], env)
	case r.format == FormatOfUnknown && !r.dated:
		s.writeUnknown(b, st, text, start, env)
		return
	case r.format == FormatOfUnknown && inPrivateKey(text):
		s.writeUnknown(b, st, text, start, env)
		return
	default:
		b.Lines[r.format]++
		st.begin(r.format, text[r.at:], start, env)
		st.open.layout = r.layout
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
