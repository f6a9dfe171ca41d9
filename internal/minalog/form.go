package minalog

import (
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/mina-observability/otelcol-mina/internal/pyformat"
)

// formNames maps the fields of a Python LogRecord to those of Mina's JSON
// records. An empty name drops a field whose content the record has already.
var formNames = map[string]string{
	"process":     "process_id",
	"processName": "process_name",
	"thread":      "thread_id",
	"threadName":  "thread_name",
	"funcName":    "function",
	"lineno":      "line",
	"levelno":     "",
	"msecs":       "",
	"filename":    "",
}

// formIntegers are the fields that are numbers in Mina's JSON records.
var formIntegers = []string{"process", "thread", "lineno"}

// maxFormFields bounds the fields of a form. A LogRecord has about 25, and what
// the application adds.
const maxFormFields = 1000

// DecodeForm appends the record that Python's logging.handlers.HTTPHandler posts
// as a form: the fields of a LogRecord, printed. The message is put together
// from msg and args as Python does; where that cannot be done without evaluating
// something, both stay as they are. A form needs a msg, a message or a level.
func (d *Decoder) DecodeForm(b *Batch, form url.Values) error {
	if !HoldsRecord(form) {
		return &RecordError{0, "the form has none of msg, message and levelname"}
	}
	if len(form) > maxFormFields {
		return &RecordError{0, fmt.Sprintf("the form has %d fields, and a record at most %d", len(form), maxFormFields)}
	}
	b.Lines[FormatOfJSON]++
	record := b.add("", form.Get("process"), valid(form.Get("name")))
	attributes := record.Attributes()
	attributes.EnsureCapacity(len(form))

	if ts, ok := parseTimestamp([]byte(form.Get("created")), d.location); ok {
		record.SetTimestamp(ts)
		form.Del("created")
	}
	setFormLevel(record, form)
	setFormMessage(record, form)
	setFormException(record, form)
	setFormTrace(record, form)
	form.Del("name")

	for _, name := range slices.Sorted(maps.Keys(form)) {
		value := valid(form.Get(name))
		if value == "None" && isLogRecordField(name) {
			continue
		}
		to, renamed := formNames[name]
		if renamed && to == "" {
			continue
		}
		if !renamed {
			to = attributeName(valid(name))
		}
		if _, exists := attributes.Get(to); exists {
			to = attributeName(valid(name))
		}
		if n, ok := parseInt([]byte(value)); ok && slices.Contains(formIntegers, name) {
			attributes.PutInt(to, n)
			continue
		}
		attributes.PutStr(to, value)
	}
	return nil
}

// HoldsRecord reports whether a form is a record: there is a message or a level in it.
func HoldsRecord(form url.Values) bool {
	return form.Has("msg") || form.Has("message") || form.Has("levelname")
}

// setFormLevel reads the level. Its number is the application's own, and tells more
// than a name that Python does not have.
func setFormLevel(record plog.LogRecord, form url.Values) {
	level := valid(form.Get("levelname"))
	record.SetSeverityText(level)
	record.SetSeverityNumber(severityOfText([]byte(level)))
	if n, ok := parseInt([]byte(form.Get("levelno"))); ok && n >= 10 {
		record.SetSeverityNumber(severityOfLevel(n))
	}
	form.Del("levelname")
}

func setFormMessage(record plog.LogRecord, form url.Values) {
	if form.Has("message") {
		record.Body().SetStr(valid(form.Get("message")))
		form.Del("message")
		form.Del("msg")
		form.Del("args")
		return
	}
	msg := valid(form.Get("msg"))
	if message, ok := pyformat.Format(msg, valid(form.Get("args"))); ok {
		msg = message
		form.Del("args")
	}
	record.Body().SetStr(msg)
	form.Del("msg")
}

// setFormException reads the printed traceback, or, where no formatter has
// printed one, the class from the printed exc_info:
//
//	(<class 'ValueError'>, ValueError('bad id'), <traceback object at 0x7f…>)
func setFormException(record plog.LogRecord, form url.Values) {
	if text := valid(form.Get("exc_text")); text != "" && text != "None" {
		var b Batch
		if setException(&b, record, []byte(text)) {
			form.Del("exc_text")
			form.Del("exc_info")
		}
		return
	}
	_, rest, found := strings.Cut(valid(form.Get("exc_info")), "(<class '")
	if !found {
		return
	}
	class, rest, found := strings.Cut(rest, "'>, ")
	if !found {
		return
	}
	exception := record.Attributes().PutEmptyMap("exception")
	exception.PutStr("type", class)
	if value, _, found := strings.Cut(rest, ", <traceback object"); found {
		exception.PutStr("message", exceptionMessage(value))
	}
	form.Del("exc_info")
}

// exceptionMessage returns the message in the printed form of an exception with
// one text, and else the printed form.
func exceptionMessage(repr string) string {
	_, args, found := strings.Cut(repr, "(")
	if !found {
		return repr
	}
	if items, ok := pyformat.ParseTuple("(" + args); ok && len(items) == 1 {
		return items[0].Str()
	}
	return repr
}

// setFormTrace reads what OpenTelemetry's instrumentation of logging adds.
func setFormTrace(record plog.LogRecord, form url.Values) {
	var traceID pcommon.TraceID
	if set, absent := parseID(traceID[:], []byte(form.Get("otelTraceID")), hexadecimal); set || absent {
		record.SetTraceID(traceID)
		form.Del("otelTraceID")
	}
	var spanID pcommon.SpanID
	if set, absent := parseID(spanID[:], []byte(form.Get("otelSpanID")), hexadecimal); set || absent {
		record.SetSpanID(spanID)
		form.Del("otelSpanID")
	}
	switch form.Get("otelTraceSampled") {
	case "True":
		record.SetFlags(1)
		form.Del("otelTraceSampled")
	case "False":
		form.Del("otelTraceSampled")
	}
}

// isLogRecordField reports whether None under this name means that there is nothing.
func isLogRecordField(name string) bool {
	switch name {
	case "args", "exc_info", "exc_text", "stack_info", "taskName", "process", "processName", "thread", "threadName", "funcName":
		return true
	}
	return false
}

func valid(text string) string {
	if utf8.ValidString(text) {
		return text
	}
	return strings.ToValidUTF8(text, string(replacement))
}
