package minalog

import (
	"bytes"

	"go.opentelemetry.io/collector/pdata/pcommon"
)

// header is the head of a text record. Its parts are parts of the line.
type header struct {
	format    Format
	timestamp pcommon.Timestamp
	level     []byte
	logger    []byte
	pid       []byte
	message   []byte
}

// parseHeader reads the head of a text record.
func (d *Decoder) parseHeader(line []byte) (h header, ok bool) {
	switch {
	case len(line) == 0:
		return h, false
	case line[0] == '[':
		return d.parseGunicornHeader(line)
	case isDigit(line[0]):
		return d.parseTextHeader(line)
	}
	return h, false
}

// parseTextHeader reads what "%(asctime)s %(levelname)s %(name)s: %(message)s" prints.
func (d *Decoder) parseTextHeader(line []byte) (h header, ok bool) {
	h.format = FormatOfText
	h.timestamp, line, ok = parseDateTime(line, d.location)
	if !ok || len(line) < 2 || line[0] != ' ' {
		return h, false
	}
	if h.level, line, ok = cutLevel(line[1:]); !ok {
		return h, false
	}
	colon := bytes.IndexByte(line, ':')
	if colon < 1 || bytes.IndexByte(line[:colon], ' ') >= 0 {
		return h, false
	}
	h.logger = line[:colon]
	h.message = bytes.TrimPrefix(line[colon+1:], []byte(" "))
	return h, true
}

// gunicornLogger is the logger that gunicorn writes its own lines with.
var gunicornLogger = []byte("gunicorn.error")

// parseGunicornHeader reads the head of one of gunicorn's own lines:
//
//	[2025-10-01 16:12:05 +0000] [10177] [INFO] Booting worker with pid: 10177
func (d *Decoder) parseGunicornHeader(line []byte) (h header, ok bool) {
	h.format, h.logger = FormatOfGunicorn, gunicornLogger
	h.timestamp, line, ok = parseDateTime(line[1:], d.location)
	if !ok {
		return h, false
	}
	line, ok = bytes.CutPrefix(line, []byte("] ["))
	if !ok {
		return h, false
	}
	if h.pid, line, ok = bytes.Cut(line, []byte("] [")); !ok || len(h.pid) > 19 {
		return h, false
	}
	if _, isNumber := digits(h.pid); !isNumber {
		return h, false
	}
	if h.level, line, ok = bytes.Cut(line, []byte("]")); !ok || len(h.level) > 32 {
		return h, false
	}
	h.message = bytes.TrimPrefix(line, []byte(" "))
	return h, true
}

// cutLevel reads a level's name and the blank after it. A level without a name
// is printed as "Level 35".
func cutLevel(text []byte) (level, rest []byte, ok bool) {
	end := bytes.IndexByte(text, ' ')
	if end < 1 || end > 32 {
		return nil, nil, false
	}
	if string(text[:end]) == "Level" {
		if number := bytes.IndexByte(text[end+1:], ' '); number > 0 {
			if _, isNumber := digits(text[end+1 : end+1+number]); isNumber {
				end += 1 + number
			}
		}
	}
	for _, c := range text[:end] {
		if c < ' ' || c == ':' {
			return nil, nil, false
		}
	}
	return text[:end], text[end+1:], true
}

// decodeText appends a text record or one of gunicorn's lines, whose text may have
// several lines.
func (d *Decoder) decodeText(b *Batch, text []byte, envelope envelope) {
	h, _ := d.parseHeader(text)
	record := b.add("", b.text.keep(h.pid), b.text.keep(h.logger))
	record.SetTimestamp(h.timestamp)
	record.SetSeverityNumber(severityOfText(h.level))
	record.SetSeverityText(b.text.keep(h.level))
	if pid, ok := parseInt(h.pid); ok {
		record.Attributes().EnsureCapacity(1 + envelope.attributes())
		record.Attributes().PutInt("process_id", pid)
	}
	d.setMessage(b, record, h.message, envelope.edges == nil)
	envelope.apply(b, record)
}
