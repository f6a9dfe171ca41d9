package minalog

import (
	"bytes"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/mina-observability/otelcol-mina/internal/pytrace"
	"github.com/mina-observability/otelcol-mina/internal/timestamp"
)

// parseDate reads the time that a text begins with, which may stand in brackets, and
// returns what follows it. One whose zone is not known is 0.
func (d *Decoder) parseDate(text []byte) (_ pcommon.Timestamp, rest []byte, ok bool) {
	at, rest, ok := timestamp.Cut(bytes.TrimPrefix(text, []byte("[")), d.location)
	if !ok || len(rest) > 0 && (isDigit(rest[0]) || isLetter(rest[0])) {
		return 0, nil, false
	}
	return at, rest, true
}

func (d *Decoder) isDated(text []byte) bool {
	_, _, ok := d.parseDate(text)
	return ok
}

// isRow reports whether a line that begins with a time is none of the log's but data
// in a message, as a row of a table: it says no level, and its time is not near that
// of the record above it.
func (d *Decoder) isRow(o *openRecord, line []byte) bool {
	at, rest, ok := d.parseDate(line)
	if !ok || at == 0 || line[0] == '[' || saysLevel(rest) {
		return false
	}
	h := o.header(d)
	apart := time.Duration(int64(at) - int64(h.timestamp))
	return h.timestamp != 0 && (apart < -time.Minute || apart > 24*time.Hour)
}

// header returns the head of a text record, of which only the time and the severity are
// left if its beginning has gone out.
func (o *openRecord) header(d *Decoder) head {
	if o.cut != nil {
		return o.cut.head
	}
	h, _ := d.headerIn(o.layout, o.text)
	return head{timestamp: h.timestamp, severity: severityOfText(h.level)}
}

// saysLevel reports whether one of the first words of a text is a level's name.
func saysLevel(text []byte) bool {
	const words = 6
	for range words {
		var word []byte
		word, text, _ = bytes.Cut(bytes.TrimLeft(text, " \t|-"), []byte(" "))
		word = bytes.Trim(word, "[]()<>:|,-")
		if len(word) > 2 && severityOfText(word) != plog.SeverityNumberUnspecified && !isDigit(word[0]) {
			return true
		}
	}
	return false
}

// decodeDated appends a line that begins with a time, of which nothing else is known,
// and the traceback below it.
func (d *Decoder) decodeDated(b *Batch, text []byte, env envelope) {
	at, _, _ := d.parseDate(text)
	body, below := text, []byte(nil)
	if at := pytrace.Index(text); at > 0 && env.edges == nil {
		body, below = bytes.TrimRight(text[:at], "\n"), text[at:]
	}
	record := d.decodeRaw(b, body, env, failureOf(text))
	if at != 0 {
		record.SetTimestamp(at)
	}
	if below == nil {
		return
	}
	if setException(b, record, below) {
		record.SetSeverityNumber(plog.SeverityNumberError)
		return
	}
	record.Body().SetStr(b.text.keep(text))
}
