package minalog

import (
	"bytes"
	"unicode/utf8"

	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/mina-observability/otelcol-mina/internal/minaattr"
)

func failureOf(line []byte) Failure {
	if len(line) > 0 && line[0] == '{' {
		return InvalidJSON
	}
	return UnknownFormat
}

// decodeRaw appends a line as it is, with the reason why it is no record. What is whole
// of a JSON record tells its time and severity.
func (d *Decoder) decodeRaw(b *Batch, line []byte, env envelope, failure Failure) plog.LogRecord {
	b.Failures[failure]++
	record := b.add("", "", "")
	if failure == InvalidJSON {
		h := d.headOf(b, line)
		h.apply(record)
	}
	record.Body().SetStr(b.text.keep(validUTF8(line)))
	record.Attributes().PutStr(minaattr.ParseError, failure.String())
	env.apply(b, record)
	return record
}

var replacement = []byte("\uFFFD")

func validUTF8(text []byte) []byte {
	if utf8.Valid(text) {
		return text
	}
	return bytes.ToValidUTF8(text, replacement)
}
