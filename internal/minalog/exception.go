package minalog

import (
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/xpdata"

	"github.com/mina-observability/otelcol-mina/internal/pyformat"
	"github.com/mina-observability/otelcol-mina/internal/pytrace"
)

// exceptionKey is where Mina's own records have an exception, and where it is moved to
// from other names.
const exceptionKey = "exception"

// exception is what a record says of an exception. Parts of it may be missing.
type exception struct {
	class, message, traceback string
	// module and notes are those of an object that has them apart.
	module, notes string
	// group has the texts of the exceptions that a group holds.
	group []string
	// rebuilt says that the traceback was put together from frames.
	rebuilt bool
}

// attributes is how many attributes the exception may take.
func (e *exception) attributes() int {
	if e.class == "" {
		return 0
	}
	return 3
}

// merge adds what another field says of the same exception. It returns false if that is
// another one, or another text.
func (e *exception) merge(other exception) bool {
	if e.class == "" {
		*e = other
		return true
	}
	if !isSameClass(e.class, other.class) || !strings.HasPrefix(e.message, other.message) && !strings.HasPrefix(other.message, e.message) ||
		e.traceback != "" && other.traceback != "" && !e.rebuilt && !other.rebuilt && e.traceback != other.traceback {
		return false
	}
	e.class, e.message = longer(e.class, other.class), longer(e.message, other.message)
	if e.traceback == "" || e.rebuilt && other.traceback != "" {
		e.traceback, e.rebuilt = other.traceback, other.rebuilt
	}
	return true
}

// isSameClass reports whether two names are those of one class, of which one may have
// its module in front.
func isSameClass(a, b string) bool {
	return a == b || strings.HasSuffix(a, "."+b) || strings.HasSuffix(b, "."+a)
}

func longer(a, b string) string {
	if len(b) > len(a) {
		return b
	}
	return a
}

// isClass reports whether a text is the name of a class as Python's style guide wants it.
func isClass(text string) bool {
	last := text[strings.LastIndexByte(text, '.')+1:]
	if last == "" || last[0] < 'A' || last[0] > 'Z' {
		return false
	}
	for i := range len(text) {
		if c := text[i]; c != '.' && c != '_' && !isDigit(c) && !isLetter(c) && c < 0x80 {
			return false
		}
	}
	return true
}

// takeException gathers the exception that a record has under other names than Mina's
// own records, or in another form. What does not serve stays as it is.
func (d *Decoder) takeException(b *Batch) {
	if d.field(fieldException) == nil {
		return
	}
	for v := d.field(fieldException); v != nil; v = d.next(fieldException) {
		at := d.found[fieldException]
		if d.isOwnException(at) {
			return
		}
		r := exceptionReader{Decoder: d, batch: b}
		e, ok := r.read(int(at.index))
		if !ok || !r.serves(e, d.name(fieldException)) || !d.raised.merge(e) {
			continue
		}
		for _, part := range r.parts {
			d.json.values[part].taken = true
		}
		if !r.rest {
			v.taken = true
			if !at.inside {
				d.attributes--
			}
		}
	}
	if d.raised.class == "" {
		return
	}
	if d.raised.traceback == "" {
		d.raised.traceback = d.tracebackOfLoguru(b)
	}
	d.takeSame(b, fieldExceptionType, d.raised.class)
	d.takeSame(b, fieldExceptionMessage, d.raised.message)
}

// tracebackOfLoguru returns the traceback of the record as loguru prints it, whose
// exception has none.
func (d *Decoder) tracebackOfLoguru(b *Batch) string {
	v := d.json.member("text")
	if v == nil || v.kind != jsonString {
		return ""
	}
	text := d.stringOf(b, v)
	at := pytrace.Index([]byte(text))
	if at < 0 {
		return ""
	}
	return strings.TrimRight(text[at:], "\n")
}

// takeSame takes a value that says again what the exception says.
func (d *Decoder) takeSame(b *Batch, fd field, part string) {
	for v := d.again(fd); v != nil && part != ""; v = d.next(fd) {
		if text := d.textOf(b, v); text == part || fd == fieldExceptionType && text != "" && isSameClass(text, part) {
			d.take(fd)
		}
	}
}

// isOwnException reports whether a value is an exception in the form of Mina's own records.
func (d *Decoder) isOwnException(at candidate) bool {
	values, hasType, hasMessage := d.json.values, false, false
	object := &values[at.index]
	if at.inside || object.kind != jsonObject || object.key.name != exceptionKey {
		return false
	}
	for i := int(at.index) + 1; i < object.next; i = values[i].next {
		switch values[i].key.name {
		case "type":
			hasType = values[i].kind == jsonString && values[i].end > values[i].start
		case "message":
			hasMessage = values[i].kind == jsonString
		case "traceback":
			if values[i].kind != jsonString && values[i].kind != jsonNull {
				return false
			}
		}
	}
	return hasType && hasMessage
}

// putException adds the exception as an attribute: an object as Mina's own records have
// it, or its parts one by one where something else has that name.
func (d *Decoder) putException(builder *xpdata.MapBuilder) {
	if d.raised.class == "" {
		return
	}
	e := d.raised
	d.raised = exception{}
	free := func(name string) bool {
		v := d.json.member(name)
		return v == nil || v.taken
	}
	if free(exceptionKey) {
		e.put(builder.AppendEmpty(exceptionKey).SetEmptyMap())
		return
	}
	for _, part := range [...]struct{ name, text string }{
		{"exception.type", e.class}, {"exception.message", e.message}, {"exception.traceback", e.traceback},
	} {
		if part.text != "" && free(part.name) {
			builder.AppendEmpty(part.name).SetStr(part.text)
		}
	}
}

// put adds the parts of the exception to an object as Mina's own records have it.
func (e *exception) put(object pcommon.Map) {
	object.EnsureCapacity(3)
	object.PutStr("type", e.class)
	object.PutStr("message", e.message)
	if e.traceback != "" {
		object.PutStr("traceback", e.traceback)
	}
}

// exceptionOfText reads a traceback, or the printed tuple of sys.exc_info.
func exceptionOfText(text string) (e exception, ok bool) {
	if at := pytrace.Index([]byte(text)); at >= 0 {
		class, message, ok := pytrace.Raised([]byte(text[at:]))
		return exception{class: string(class), message: string(message), traceback: strings.TrimRight(text, "\n")}, ok
	}
	if strings.HasPrefix(text, framesHead) {
		class, message, _ := pytrace.Raised([]byte(tracebackHead + text))
		return exception{class: string(class), message: string(message), traceback: text}, true
	}
	return exceptionOfExcInfo(text)
}

// exceptionOfLine reads the last line of a traceback alone: a class that is plainly one
// of an exception, and its message.
func exceptionOfLine(text string) (e exception, ok bool) {
	e.class, e.message, ok = strings.Cut(text, ": ")
	return e, ok && isClass(e.class) && (strings.Contains(e.class, ".") || strings.HasSuffix(e.class, "Error") || strings.HasSuffix(e.class, "Exception"))
}

// exceptionOfExcInfo reads what is printed of sys.exc_info where no formatter has
// printed the traceback:
//
//	(<class 'ValueError'>, ValueError('bad id'), <traceback object at 0x7f…>)
func exceptionOfExcInfo(text string) (e exception, ok bool) {
	rest, ok := strings.CutPrefix(text, "(<class '")
	if !ok {
		return e, false
	}
	if e.class, rest, ok = strings.Cut(rest, "'>, "); !ok {
		return e, false
	}
	if value, _, found := strings.Cut(rest, ", <traceback object"); found {
		e.message = messageOfRepr(value)
	}
	return e, true
}

// messageOfRepr returns the message in the printed form of an exception with one text,
// and else the printed form.
func messageOfRepr(repr string) string {
	_, args, found := strings.Cut(repr, "(")
	if !found {
		return repr
	}
	if items, ok := pyformat.ParseTuple("(" + args); ok && len(items) == 1 {
		return items[0].Str()
	}
	return repr
}
