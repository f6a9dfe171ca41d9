package minalog

import (
	"bytes"

	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/mina-observability/otelcol-mina/internal/pytrace"
	"github.com/mina-observability/otelcol-mina/internal/truncate"
)

// longestHeadline is the length in bytes of the longest body that is an exception's line.
const longestHeadline = 4 << 10

// takeTraceback adds the exception whose traceback stands below a message, and returns
// the message, which becomes the body. Where nothing stands above, that is the
// exception's line.
func takeTraceback(b *Batch, record plog.LogRecord, text []byte) (body []byte) {
	start := pytrace.Index(text)
	if start < 0 {
		return text
	}
	class, message, ok := pytrace.Raised(text[start:])
	if !ok {
		return text
	}
	putException(b, record, class, message, text[start:])
	if body = bytes.TrimRight(text[:start], " \t\r\n"); len(body) == 0 {
		return headline(class, message)
	}
	return body
}

// decodeTraceback appends what the interpreter reports by itself: a warning, or a bare
// traceback, as a crash leaves it, which is an error whose body is the exception's line.
func (d *Decoder) decodeTraceback(b *Batch, text []byte, envelope envelope) {
	record := b.add("", "", "")
	record.SetSeverityNumber(plog.SeverityNumberError)
	if first, _, _ := bytes.Cut(text, []byte("\n")); pytrace.IsWarning(first) {
		record.SetSeverityNumber(plog.SeverityNumberWarn)
	}
	body := text
	if class, message, ok := pytrace.Raised(text); ok && envelope.edges == nil {
		putException(b, record, class, message, text)
		body = headline(class, message)
	}
	record.Body().SetStr(b.text.keep(body))
	envelope.apply(b, record)
}

// setException adds the exception of a traceback, and returns false if there is none, or
// its line has been cut off.
func setException(b *Batch, record plog.LogRecord, traceback []byte) bool {
	class, message, ok := pytrace.Raised(traceback)
	if ok {
		putException(b, record, class, message, traceback)
	}
	return ok
}

// putException adds an exception in the form of Mina's JSON records.
func putException(b *Batch, record plog.LogRecord, class, message, traceback []byte) {
	e := exception{class: b.text.keep(class), message: b.text.keep(message), traceback: b.text.keep(traceback)}
	e.put(record.Attributes().PutEmptyMap(exceptionKey))
}

// headline returns the class and the first line of the message, at a length that does
// not make a record its text three times.
func headline(class, message []byte) []byte {
	first, _, _ := bytes.Cut(bytes.TrimSpace(message), []byte("\n"))
	if len(first) == 0 {
		return class
	}
	return []byte(truncate.Text(string(class)+": "+string(first), longestHeadline))
}
