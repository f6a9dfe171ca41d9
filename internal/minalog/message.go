package minalog

import (
	"strings"

	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/mina-observability/otelcol-mina/internal/pyformat"
	"github.com/mina-observability/otelcol-mina/internal/pytrace"
)

// setBody sets the first message that is not empty, or one that is, if there is no other.
func (d *Decoder) setBody(b *Batch, record plog.LogRecord) {
	v := d.field(fieldMessage)
	for v != nil && d.isEmpty(v) {
		v = d.next(fieldMessage)
	}
	if v == nil && d.found[fieldMessage].above > 0 {
		v = d.again(fieldMessage)
	}
	switch {
	case v == nil:
		return
	case v.kind == jsonString:
		record.Body().SetStr(d.message(b, v))
	case v.kind == jsonArray && d.name(fieldMessage) == journalMessage:
		d.setJournalBody(b, record)
	default:
		d.setValue(b, record.Body(), int(d.found[fieldMessage].index), 1)
	}
	d.take(fieldMessage)
}

// message returns the text of a message. A traceback in it, as logging's QueueHandler
// leaves it there, becomes the record's exception.
func (d *Decoder) message(b *Batch, v *jsonValue) string {
	text := d.plainString(b, v)
	if d.name(fieldMessage) == "msg" {
		text = d.formatted(b, text)
	}
	if !v.escaped || d.raised.class != "" || d.field(fieldException) != nil {
		return text
	}
	at := pytrace.Index([]byte(text))
	if at < 0 {
		return text
	}
	e, ok := exceptionOfText(text[at:])
	if !ok {
		return text
	}
	d.raised = e
	if text = strings.TrimRight(text[:at], " \t\r\n"); text == "" {
		text = string(headline([]byte(e.class), []byte(e.message)))
	}
	return text
}

// formatted puts a message and its arguments together as Python does, where a record
// has them apart.
func (d *Decoder) formatted(b *Batch, msg string) string {
	args := d.found[fieldArguments].index
	if args == 0 {
		return msg
	}
	text, ok := pyformat.Format(msg, d.argsOf(b, int(args)))
	if !ok {
		return msg
	}
	d.take(fieldArguments)
	return plain(text)
}

// argsOf returns the arguments of a message as Python prints them. A list is a tuple,
// which JSON does not have.
func (d *Decoder) argsOf(b *Batch, index int) string {
	switch v := &d.json.values[index]; v.kind {
	case jsonArray:
		return string(d.appendItems(b, []byte{'('}, index, ",)"))
	case jsonString:
		return d.stringOf(b, v)
	default:
		return string(d.appendLiteral(b, nil, index))
	}
}

// appendLiteral appends a JSON value as Python prints it.
func (d *Decoder) appendLiteral(b *Batch, text []byte, index int) []byte {
	switch v := &d.json.values[index]; v.kind {
	case jsonTrue:
		return append(text, "True"...)
	case jsonFalse:
		return append(text, "False"...)
	case jsonNumber:
		return appendNumber(text, d.json.of(v))
	case jsonString:
		return pyformat.AppendString(text, d.stringOf(b, v))
	case jsonObject:
		return d.appendItems(b, append(text, '{'), index, "}")
	case jsonArray:
		return d.appendItems(b, append(text, '['), index, "]")
	case jsonDeep:
		return append(text, d.json.of(v)...)
	default:
		return append(text, "None"...)
	}
}

func (d *Decoder) appendItems(b *Batch, text []byte, container int, end string) []byte {
	values := d.json.values
	for i := container + 1; i < values[container].next; i = values[i].next {
		if i > container+1 {
			text = append(text, ", "...)
		}
		if k := values[i].key; k != nil {
			text = append(pyformat.AppendString(text, k.name), ": "...)
		}
		text = d.appendLiteral(b, text, i)
	}
	if values[container].next == container+1 && end == ",)" {
		end = ")"
	}
	return append(text, end...)
}

// appendNumber appends a number, of which Python prints those that are none in its own words.
func appendNumber(text []byte, number string) []byte {
	switch number {
	case "NaN":
		number = "nan"
	case "Infinity":
		number = "inf"
	case "-Infinity":
		number = "-inf"
	}
	return append(text, number...)
}
