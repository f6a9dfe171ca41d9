package minalog

import (
	"bytes"

	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/mina-observability/otelcol-mina/internal/pytrace"
	"github.com/mina-observability/otelcol-mina/internal/truncate"
)

// longestHeadline is the length in bytes of the longest body of a bare traceback.
const longestHeadline = 4 << 10

// setException adds the exception of a traceback in the form of Mina's JSON
// records: an object with type, message and traceback. It does nothing, and
// returns false, if the traceback is cut off before its last line.
func setException(b *Batch, record plog.LogRecord, traceback []byte) bool {
	class, message, ok := pytrace.Raised(traceback)
	if !ok {
		return false
	}
	exception := record.Attributes().PutEmptyMap("exception")
	exception.EnsureCapacity(3)
	exception.PutStr("type", b.text.keep(class))
	exception.PutStr("message", b.text.keep(message))
	exception.PutStr("traceback", b.text.keep(traceback))
	return true
}

// decodeTraceback appends a bare traceback, as a crash leaves it: an error whose
// body is the first line of the exception.
func (d *Decoder) decodeTraceback(b *Batch, text []byte, envelope envelope) {
	record := b.add("", "", "")
	record.SetSeverityNumber(plog.SeverityNumberError)
	body := text
	if envelope.edges == nil && setException(b, record, text) {
		class, message, _ := pytrace.Raised(text)
		message, _, _ = bytes.Cut(message, []byte("\n"))
		body = class
		if len(message) > 0 {
			body = append(append(append([]byte{}, class...), ": "...), message...)
		}
		// The exception has its message whole: no record is its text three times.
		body = []byte(truncate.Text(string(body), longestHeadline))
	}
	record.Body().SetStr(b.text.keep(body))
	envelope.apply(b, record)
}
