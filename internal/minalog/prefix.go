package minalog

import (
	"bytes"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/mina-observability/otelcol-mina/internal/timestamp"
)

// prefix is what a supervisor or a system's log has put in front of a line.
type prefix struct {
	// writer tells the lines of one process from those of others.
	writer []byte
	time   pcommon.Timestamp
	length int
	// sure says that nothing else looks like it. Any other is one if a record begins
	// behind it, and from then on.
	sure bool
}

// writePrefixed reads a line behind its prefix.
func (s *Stream) writePrefixed(b *Batch, p *prefix, text []byte, start int64, env envelope) {
	env.prefix, env.time = bytes.TrimRight(text[:p.length], " "), p.time
	s.logical(b, s.strand(b, p.writer, start), text[p.length:], start, env)
}

// begins reports whether a record begins at the head of a text.
func (d *Decoder) begins(b *Batch, text []byte) bool {
	line := text
	text = withoutLeading(text)
	if len(text) == 0 {
		return false
	}
	r := d.read(b, line, text, true)
	return r.at == 0 && (r.begins() || r.format == FormatOfTraceback)
}

// parsePrefix reads the prefix at the head of a text. Without one its length is 0.
//
//	web-1  |                                          docker compose
//	[pod/mina-7f9c/web]                               kubectl logs --prefix
//	2025-10-01T16:12:05.785000000Z                    kubectl logs --timestamps
//	Oct  1 16:12:05 mina-prod-01 gunicorn[10177]:     syslog, RFC 3164
//	2025-10-01T16:12:05.785+00:00 mina gunicorn[7]:   rsyslog, journalctl -o short-iso
func (d *Decoder) parsePrefix(b *Batch, text []byte) prefix {
	p, ok := d.prefixOf(b, text)
	if !ok {
		return prefix{}
	}
	p.sure = p.sure || bytes.HasPrefix(text[p.length:], objectBegin)
	return p
}

func (d *Decoder) prefixOf(b *Batch, text []byte) (p prefix, ok bool) {
	switch c := text[0]; {
	case c == '{' || c == '"':
		return p, false
	case c == '[':
		return bracketPrefix(text)
	case isDigit(c):
		if p, ok = d.timePrefix(text); ok {
			return p, true
		}
	case c == '<':
		priority := bytes.IndexByte(text[:min(len(text), len("<191>"))], '>')
		if priority < 0 {
			return p, false
		}
		p, ok = d.syslogPrefix(b, text[priority+1:])
		p.length += priority + 1
		return p, ok
	}
	if p, ok = d.syslogPrefix(b, text); ok {
		return p, true
	}
	return barPrefix(text)
}

// maxWriter is the length in bytes of the longest name of a writer.
const maxWriter = 128

// barPrefix reads a service's name and a bar.
func barPrefix(text []byte) (p prefix, ok bool) {
	name := 0
	for name < min(len(text), maxWriter) && isNameByte(text[name]) {
		name++
	}
	rest := bytes.TrimLeft(text[name:], " ")
	if name == 0 || len(rest) == len(text)-name || !isBar(rest) {
		return p, false
	}
	p = prefix{writer: text[:name], length: len(text) - len(rest) + 1}
	if len(rest) > 1 {
		p.length++
	}
	return p, true
}

func isBar(text []byte) bool {
	return len(text) > 0 && text[0] == '|' && (len(text) == 1 || text[1] == ' ')
}

func bracketPrefix(text []byte) (p prefix, ok bool) {
	end := bytes.IndexByte(text[:min(len(text), maxWriter)], ']')
	if end < 0 || !bytes.HasPrefix(text, []byte("[pod/")) || bytes.IndexByte(text[:end], ' ') >= 0 {
		return p, false
	}
	return prefix{writer: text[1:end], length: min(end+2, len(text)), sure: true}, true
}

// timestamped is the writer of lines that have a time in front of them, and no name.
var timestamped = []byte("timestamped")

// timePrefix reads a time, and the name of a host and a process behind it.
func (d *Decoder) timePrefix(text []byte) (p prefix, ok bool) {
	if len(text) < len(time.DateTime) || text[len(time.DateOnly)] != 'T' {
		return p, false
	}
	when, rest, ok := timestamp.Cut(text, time.UTC)
	if !ok || len(rest) == 0 || rest[0] != ' ' {
		return p, false
	}
	if writer, length, ok := cutTag(rest[1:]); ok { // without a process id it may be a level and a logger
		return prefix{writer: writer, time: when, length: len(text) - len(rest) + 1 + length, sure: writer[len(writer)-1] == ']'}, true
	}
	return prefix{writer: timestamped, time: when, length: len(text) - len(rest) + 1}, true
}

// syslogPrefix reads the time without a year of RFC 3164, section 4.1.2, a host and a
// process.
func (d *Decoder) syslogPrefix(b *Batch, text []byte) (p prefix, ok bool) {
	const layout = time.Stamp
	if len(text) <= len(layout) || text[3] != ' ' || text[9] != ':' || text[len(layout)] != ' ' {
		return p, false
	}
	when, err := time.ParseInLocation(layout, string(text[:len(layout)]), d.location)
	if err != nil {
		return p, false
	}
	writer, length, ok := cutTag(text[len(layout)+1:])
	return prefix{writer: writer, time: d.inYear(b, when), length: len(layout) + 1 + length, sure: true}, ok
}

// inYear returns a time whose year is not known as the latest that has been.
func (d *Decoder) inYear(b *Batch, when time.Time) pcommon.Timestamp {
	now := b.observed.AsTime().In(d.location)
	for year := now.Year(); year > now.Year()-9; year-- { // 29 February has eight years to come back, at most
		in := time.Date(year, when.Month(), when.Day(), when.Hour(), when.Minute(), when.Second(), 0, d.location)
		if in.Day() == when.Day() && in.Before(now.Add(24*time.Hour)) {
			return pcommon.NewTimestampFromTime(in)
		}
	}
	return 0
}

// cutTag reads a host's name and a process, "mina-prod-01 gunicorn[10177]: ", and
// returns them and their length.
func cutTag(text []byte) (writer []byte, length int, ok bool) {
	host := bytes.IndexByte(text[:min(len(text), maxWriter)], ' ')
	if host < 1 {
		return nil, 0, false
	}
	tag := bytes.Index(text[host:min(len(text), 2*maxWriter)], []byte(": "))
	end := host + tag + 2
	if tag < 0 {
		if tag, end = len(text)-host-1, len(text); text[end-1] != ':' || end > 2*maxWriter {
			return nil, 0, false
		}
	}
	name, pid, hasPID := bytes.Cut(text[host+1:host+tag], []byte("["))
	if hasPID {
		number, closed := bytes.CutSuffix(pid, []byte("]"))
		if !closed || !isDecimal(number) {
			return nil, 0, false
		}
	}
	if !isName(text[:host]) || !isName(name) {
		return nil, 0, false
	}
	return text[:host+tag], end, true
}

func isName(text []byte) bool {
	for _, c := range text {
		if !isNameByte(c) {
			return false
		}
	}
	return len(text) > 0
}

func isNameByte(c byte) bool {
	return isDigit(c) || isLetter(c) || c == '-' || c == '_' || c == '.' || c == '/'
}
