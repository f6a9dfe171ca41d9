package minalog

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/mina-observability/otelcol-mina/internal/pyformat"
)

// logRecordFields are the fields of a Python LogRecord.
var logRecordFields = []string{
	"name", "msg", "args", "message", "asctime", "created", "msecs", "relativeCreated", "levelname", "levelno", "pathname", "filename", "module",
	"funcName", "lineno", "exc_info", "exc_text", "stack_info", "process", "processName", "thread", "threadName", "taskName",
}

// formIntegers are the fields that are numbers in a LogRecord.
var formIntegers = []string{"process", "thread", "lineno"}

// maxFormFields bounds the fields of a form. A LogRecord has about 25, and what
// the application adds.
const maxFormFields = 1000

// formNames are the names of fields in a form: those of a LogRecord come first, since
// every form has them, and an application may add others.
func formNames() FieldNames {
	names := DefaultFieldNames()
	for _, list := range []struct {
		names *[]string
		first string
	}{
		{&names.Timestamp, "created"},
		{&names.Level, "levelname"},
		{&names.Logger, "name"},
	} {
		*list.names = append([]string{list.first}, slices.DeleteFunc(*list.names, func(name string) bool { return name == list.first })...)
	}
	return names
}

// DecodeForm appends the record that Python's logging.handlers.HTTPHandler posts
// as a form: the fields of a LogRecord, printed. It is read as a JSON record of these
// fields is. A form needs a msg, a message or a level.
func (d *Decoder) DecodeForm(b *Batch, form url.Values) error {
	if !HoldsRecord(form) {
		return &RecordError{0, "the form has none of msg, message and levelname"}
	}
	if len(form) > maxFormFields {
		return &RecordError{0, fmt.Sprintf("the form has %d fields, and a record at most %d", len(form), maxFormFields)}
	}
	if d.form == nil {
		names := formNames()
		d.form = decoderOf(names.lists(), d.location)
	}
	if !d.form.parseJSON(b, jsonOfForm(form)) {
		return &RecordError{0, "it has no JSON form"}
	}
	d.form.decodeObject(b, envelope{})
	b.Lines[FormatOfJSON]++
	return nil
}

// HoldsRecord reports whether a form is a record: there is a message or a level in it.
func HoldsRecord(form url.Values) bool {
	return form.Has("msg") || form.Has("message") || form.Has("levelname")
}

// jsonOfForm writes a form as a JSON object.
func jsonOfForm(form url.Values) []byte {
	object := []byte{'{'}
	for _, name := range slices.Sorted(maps.Keys(form)) {
		value := valid(form.Get(name))
		if saysNothing(form, name, value) {
			continue
		}
		if len(object) > 1 {
			object = append(object, ',')
		}
		object = append(appendJSONString(object, valid(name)), ':')
		object = appendFormValue(object, name, value)
	}
	return append(object, '}')
}

// saysNothing reports whether a field of a LogRecord has nothing, or nothing that
// another one does not say too.
func saysNothing(form url.Values, name, value string) bool {
	switch name {
	case "msecs", "filename":
		return true
	case "msg", "args":
		if form.Has("message") {
			return true
		}
	}
	return value == "None" && slices.Contains(optional, name)
}

// appendFormValue appends a value as JSON. Everything in a form is text; what an
// application adds may be a printed dict or list.
func appendFormValue(object []byte, name, value string) []byte {
	if _, ok := parseInt(value); ok && slices.Contains(formIntegers, name) {
		return append(object, value...)
	}
	if (strings.HasPrefix(value, "{") || strings.HasPrefix(value, "[")) && !slices.Contains(logRecordFields, name) {
		if literal, ok := pyformat.Parse(value); ok && (literal.Kind == pyformat.Dict || literal.Kind == pyformat.List) {
			return appendJSONLiteral(object, &literal)
		}
	}
	return appendJSONString(object, value)
}

// appendJSONLiteral appends a Python literal as JSON. What JSON does not have, as bytes
// and sets, is a text, as Python prints it.
func appendJSONLiteral(text []byte, l *pyformat.Literal) []byte {
	switch l.Kind {
	case pyformat.None:
		return append(text, "null"...)
	case pyformat.Bool:
		return append(text, strings.ToLower(l.Repr)...)
	case pyformat.Int, pyformat.Float:
		return append(text, jsonNumberOf(l.Repr)...)
	case pyformat.Tuple, pyformat.List:
		text = append(text, '[')
		for i := range l.Items {
			if i > 0 {
				text = append(text, ',')
			}
			text = appendJSONLiteral(text, &l.Items[i])
		}
		return append(text, ']')
	case pyformat.Dict:
		text = append(text, '{')
		for i := 0; i < len(l.Items); i += 2 {
			if i > 0 {
				text = append(text, ',')
			}
			text = append(appendJSONString(text, l.Items[i].Str()), ':')
			text = appendJSONLiteral(text, &l.Items[i+1])
		}
		return append(text, '}')
	default:
		return appendJSONString(text, l.Str())
	}
}

// jsonNumberOf returns a number as Python's json module writes it.
func jsonNumberOf(repr string) string {
	switch repr {
	case "nan":
		return "NaN"
	case "inf":
		return "Infinity"
	case "-inf":
		return "-Infinity"
	}
	return repr
}

func appendJSONString(text []byte, s string) []byte {
	quoted, _ := json.Marshal(s) //nolint:errchkjson // a string has a JSON form
	return append(text, quoted...)
}

func valid(text string) string {
	if utf8.ValidString(text) {
		return text
	}
	return strings.ToValidUTF8(text, string(replacement))
}
