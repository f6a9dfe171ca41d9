package minalog

import (
	"bytes"
	"slices"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/mina-observability/otelcol-mina/internal/pyformat"
)

// header is the head of a text record. Its parts are parts of the text.
type header struct {
	format    Format
	timestamp pcommon.Timestamp
	level     []byte
	logger    []byte
	// message is that of the first line, which begins at start, and below what follows
	// the line.
	message []byte
	start   int
	below   []byte
	// hasTail says that the line has what the layout has behind the message.
	hasTail bool
	// layout is the one that the line is printed in. The decoder has the values of its
	// fields.
	layout *layout
}

// parseHeader reads the head of a text record, which may have several lines.
func (d *Decoder) parseHeader(text []byte) (h header, ok bool) {
	line, _, _ := bytes.Cut(text, newline)
	d.heads.start()
	if h, ok = d.parseLayouts(&d.layouts, line); !ok {
		h, ok = d.parseLayouts(builtins.candidates(line, &d.heads), line)
	}
	h.below = text[len(line):]
	return h, ok
}

// headerIn reads the head of a text record that is printed in a layout.
func (d *Decoder) headerIn(l *layout, text []byte) (h header, ok bool) {
	line, _, _ := bytes.Cut(text, newline)
	d.heads.start()
	if !l.Match(line, &d.heads, &d.values) {
		return h, false
	}
	h = d.headerOf(l)
	h.below = text[len(line):]
	return h, true
}

var newline = []byte("\n")

// parseLayouts reads the head of a line in the first layout that it may have.
func (d *Decoder) parseLayouts(s *layouts, line []byte) (h header, ok bool) {
	for i := 0; i < len(s.list); i++ {
		if i = s.compiled.Match(i, line, &d.heads, &d.values); i < 0 {
			break
		}
		if h = d.headerOf(s.list[i]); !s.list[i].plausible || isLogger(h.logger) {
			return h, true
		}
	}
	return header{}, false
}

func (d *Decoder) headerOf(l *layout) header {
	v := &d.values
	h := header{format: l.format, layout: l, message: v.Message, start: v.Start, hasTail: v.HasTail, logger: l.logger}
	if v.HasTime {
		h.timestamp = pcommon.Timestamp(v.Time)
	}
	for i := range l.Fields {
		switch l.Fields[i].Term {
		case pyformat.LevelName:
			h.level = v.Text[i]
		case pyformat.Name:
			h.logger = v.Text[i]
		}
	}
	return h
}

// wholeMessage returns the message with the lines below its first one. What stands
// behind the message in its line is none of it.
func (h *header) wholeMessage(text []byte) []byte {
	switch {
	case len(h.below) == 0:
		return h.message
	case h.start+len(h.message)+len(h.below) == len(text):
		return text[h.start:]
	}
	return slices.Concat(h.message, h.below)
}

// isLogger reports whether a text is a logger's name rather than a word of the
// message: identifiers with dots between them, a single one not with a capital letter.
func isLogger(name []byte) bool {
	dots := 0
	for i, c := range name {
		first := i == 0 || name[i-1] == '.'
		switch {
		case isLetter(c) || c == '_' || c >= 0x80:
		case c == '.' && !first && i+1 < len(name):
			dots++
		case (isDigit(c) || c == '-') && !first:
		default:
			return false
		}
	}
	return len(name) > 0 && (dots > 0 || name[0] < 'A' || name[0] > 'Z')
}
