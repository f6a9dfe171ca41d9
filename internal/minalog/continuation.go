package minalog

import (
	"bytes"

	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/mina-observability/otelcol-mina/internal/pytrace"
)

// isInTraceback reports whether a line shows source in the traceback that is open, or
// names its exception, though it may look like a record, or hold one.
func (o *openRecord) isInTraceback(line []byte, r *reading) bool {
	above := o.text
	if len(above) == 0 && o.cut != nil {
		above = bytes.TrimSuffix(o.cut.window, []byte("\n"))
	}
	return o.active && o.format != FormatOfJSON && (pytrace.IsSource(line, above) || r.at > 0 && pytrace.IsException(line, above))
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
		return p.braces.depth > 0 && o.isMember(r, line, text) || p.braces.depth == 0 && isIndented(line) && !s.decoder.isRecord()
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
