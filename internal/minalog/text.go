package minalog

import (
	"strconv"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/mina-observability/otelcol-mina/internal/pyformat"
)

// decodeText appends a text record or one of gunicorn's lines, whose text may have
// several lines and begins in the given layout.
func (d *Decoder) decodeText(b *Batch, l *layout, text []byte, envelope envelope) {
	h, ok := d.headerIn(l, text)
	if !ok {
		d.decodeRaw(b, text, envelope, failureOf(text))
		return
	}
	var pairs []pair
	if h.layout.pairs {
		pairs = d.takePairs(&h)
	}
	logger := b.text.keep(h.logger)
	access, isAccess := d.parseAccessLine(h.message)
	if isAccess && logger == "" {
		logger = access.logger
	}
	record := b.add("", b.text.keep(d.valueOf(h.layout, pyformat.Process)), logger)
	record.SetTimestamp(h.timestamp)
	record.Attributes().EnsureCapacity(h.layout.attributes + envelope.attributes())
	putPairs(record, pairs)
	record.Body().SetStr(b.text.keep(d.takeMessage(b, record, &h, text, envelope.edges == nil)))
	d.putLevel(b, record, &h)
	d.putFields(b, record, h.layout)
	if isAccess {
		access.put(b, record.Attributes())
	}
	envelope.apply(b, record)
}

// takeMessage returns the message, and adds the exception whose traceback stands below
// it. A text that has been cut stays in one piece.
func (d *Decoder) takeMessage(b *Batch, record plog.LogRecord, h *header, text []byte, whole bool) []byte {
	message := h.wholeMessage(text)
	if whole {
		message = takeTraceback(b, record, message)
	}
	if !h.hasTail {
		if above, ok := h.layout.CutTail(message, &d.heads, &d.values); ok {
			return above
		}
	}
	return message
}

// valueOf returns what is printed of a term, nil if the layout does not have it.
func (d *Decoder) valueOf(l *layout, term pyformat.Term) []byte {
	for i := range l.Fields {
		if l.Fields[i].Term == term {
			return d.values.Text[i]
		}
	}
	return nil
}

func (d *Decoder) putLevel(b *Batch, record plog.LogRecord, h *header) {
	record.SetSeverityText(b.text.keep(h.level))
	record.SetSeverityNumber(severityOfText(h.level))
	if record.SeverityNumber() != plog.SeverityNumberUnspecified {
		return
	}
	if level, ok := parseInt(d.valueOf(h.layout, pyformat.LevelNo)); ok {
		record.SetSeverityNumber(severityOfLevel(level))
	}
}

// attributeNames are those of Mina's JSON records, as far as these have the term.
var attributeNames = [pyformat.FileName + 1]string{
	pyformat.RelativeCreated: "relativeCreated",
	pyformat.Process:         "process_id",
	pyformat.ProcessName:     "process_name",
	pyformat.Thread:          "thread_id",
	pyformat.ThreadName:      "thread_name",
	pyformat.TaskName:        "taskName",
	pyformat.FuncName:        "function",
	pyformat.Module:          "module",
	pyformat.LineNo:          "line",
	pyformat.PathName:        "pathname",
	pyformat.FileName:        "filename",
}

// putFields adds what else a line says of its record.
func (d *Decoder) putFields(b *Batch, record plog.LogRecord, l *layout) {
	for i := range l.Fields {
		field, value := &l.Fields[i], d.values.Text[i]
		name := attributeNames[field.Term]
		switch {
		case value == nil:
			continue
		case field.Term == pyformat.Asctime && !d.values.HasTime, field.Term == pyformat.Extra:
			name = field.Name
		case name == "":
			continue
		}
		if field.Term == pyformat.Extra && putTrace(record, name, value) {
			continue
		}
		putValue(b, record.Attributes(), name, value, field)
	}
}

func putValue(b *Batch, attributes pcommon.Map, name string, value []byte, field *pyformat.Field) {
	if field.Integer {
		if n, ok := parseInt(value); ok {
			attributes.PutInt(name, n)
			return
		}
	}
	if field.Decimal {
		if f, err := strconv.ParseFloat(string(value), 64); err == nil {
			attributes.PutDouble(name, f)
			return
		}
	}
	attributes.PutStr(name, b.text.keep(value))
}

// putTrace sets the trace context that OpenTelemetry's instrumentation of logging
// adds, and reports whether the attribute is one of its.
func putTrace(record plog.LogRecord, name string, value []byte) bool {
	switch name {
	case "otelTraceID", "trace_id":
		var id pcommon.TraceID
		set, absent := parseID(id[:], value, hexadecimal)
		if set {
			record.SetTraceID(id)
		}
		return set || absent
	case "otelSpanID", "span_id":
		var id pcommon.SpanID
		set, absent := parseID(id[:], value, hexadecimal)
		if set {
			record.SetSpanID(id)
		}
		return set || absent
	case "otelTraceSampled":
		if string(value) == "True" {
			record.SetFlags(1)
		}
		return string(value) == "True" || string(value) == "False"
	}
	return false
}
