package minalog

import (
	"bytes"
	"slices"
	"strings"
	"unicode/utf8"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/mina-observability/otelcol-mina/internal/minaattr"
)

// ContextSize is how much text in bytes a piece of a record is given from the other
// side of a cut, so that a secret which lies across it can be told.
const ContextSize = 16 << 10

// cut is what is known of a line or record whose beginning has gone out, where its
// next piece begins. It never changes.
type cut struct {
	// window is the text before the cut, and open what of the text before the
	// window is still open in it.
	window []byte
	open   openText
	head   head
	// failure is why the pieces are no records.
	failure Failure
	// keyLines is how many lines of a private key have been read.
	keyLines int
}

// newCut returns the cut in front of the first piece.
func (d *Decoder) newCut(b *Batch, text []byte, failure Failure) *cut {
	return &cut{head: d.headOf(b, text), failure: failure}
}

// behind returns the cut behind one more piece.
func (c *cut) behind(text []byte) *cut {
	next := *c
	next.window = slices.Concat(c.window, text)
	if gone := len(next.window) - ContextSize; gone > 0 {
		gone = runeStart(next.window, gone)
		next.open.advance(next.window[:gone])
		next.window = slices.Clone(next.window[gone:])
	}
	return &next
}

// maxKeyLines is how many lines of a private key there may be: a large one has 100.
const maxKeyLines = 400

// behindLine returns the cut behind one more line. In a private key that is the line
// which begins it, so that reading a line costs the same wherever it is.
func (c *cut) behindLine(line []byte) *cut {
	next := c.behind(append([]byte("\n"), line...))
	if !inPrivateKey(next.window) {
		next.keyLines = 0
		return next
	}
	begin, _, _ := bytes.Cut(next.window[bytes.LastIndex(next.window, keyBegin):], []byte("\n"))
	return &cut{window: slices.Concat(begin[:min(len(begin), maxKeyBegin)], []byte("\n")), keyLines: c.keyLines + 1}
}

var keyBegin, keyEnd = []byte("-----BEGIN "), []byte("-----END ")

// maxKeyBegin is the length in bytes of the longest text that begins a private key.
const maxKeyBegin = 64

// inPrivateKey reports whether a text ends within a block as of RFC 7468.
func inPrivateKey(text []byte) bool {
	if !bytes.Contains(text, keyBegin) { // which is faster than to look from the end
		return false
	}
	return !bytes.Contains(text[bytes.LastIndex(text, keyBegin):], keyEnd)
}

// before returns the text before the cut, as far as it matters.
func (c *cut) before() []byte { return append(c.open.text(), c.window...) }

// head is what the beginning of a record says of all its pieces.
type head struct {
	timestamp pcommon.Timestamp
	severity  plog.SeverityNumber
	level     string
}

// headOf reads the head of a record that may have no end.
func (d *Decoder) headOf(b *Batch, text []byte) (h head) {
	if len(text) > 0 && text[0] == '{' && d.format != FormatText {
		return d.headOfJSON(b, text)
	}
	header, _ := d.parseHeader(text)
	h.timestamp = header.timestamp
	h.severity, h.level = severityOfText(header.level), string(validUTF8(header.level))
	return h
}

// apply gives a record what it does not say itself.
func (h *head) apply(record plog.LogRecord) {
	if record.Timestamp() == 0 {
		record.SetTimestamp(h.timestamp)
	}
	if record.SeverityNumber() == plog.SeverityNumberUnspecified && record.SeverityText() == "" {
		record.SetSeverityNumber(h.severity)
		record.SetSeverityText(h.level)
	}
}

// headOfJSON reads the members that are whole.
func (d *Decoder) headOfJSON(b *Batch, text []byte) (h head) {
	d.parseJSON(b, text)
	if len(d.json.values) == 0 {
		return h
	}
	d.collect()
	h.timestamp = d.takeTimestamp()
	level, severity := d.takeLevel(b)
	h.level, h.severity = strings.Clone(level), severity
	return h
}

// edges are the sides of a record at which the collector has cut.
type edges struct {
	before, after []byte
	// open says that there may be more behind the record, which nobody has seen.
	open bool
	head head
}

func (e *edges) apply(b *Batch, record plog.LogRecord) {
	b.Cut++
	e.head.apply(record)
	sides := record.Attributes().PutEmptyMap(minaattr.Cut)
	if len(e.before) > 0 {
		sides.PutStr(minaattr.CutBefore, b.text.keep(validUTF8(e.before)))
	}
	if len(e.after) > 0 || e.open {
		sides.PutStr(minaattr.CutAfter, b.text.keep(validUTF8(e.after)))
	}
}

// contextOf returns the head of a text, up to the end of the word that is there.
func contextOf(text []byte) []byte {
	if len(text) <= ContextSize {
		return text
	}
	if end := bytes.IndexAny(text[ContextSize:], " \t\n"); end >= 0 {
		return text[:ContextSize+end]
	}
	return text
}

// runeStart returns the start of the character that a place is in.
func runeStart(text []byte, at int) int {
	for start := at; start > max(0, at-utf8.UTFMax); start-- {
		if utf8.RuneStart(text[start]) {
			return start
		}
	}
	return at
}
