package minalog

import (
	"slices"
	"strings"

	"github.com/mina-observability/otelcol-mina/internal/pytrace"
)

// exceptionReader reads an exception from a JSON value, and knows what of it has moved.
type exceptionReader struct {
	*Decoder
	batch *Batch
	// parts are the members of an object that have moved.
	parts []int
	// rest says that there is more in the value than that.
	rest bool
}

// exceptionPart is what a member of an object says of an exception.
type exceptionPart uint8

const (
	partOther exceptionPart = iota
	partClass
	partModule
	partMessage
	partTraceback
	partFrames
	partNotes
	partGroup
	partNothing // what the text says that is put together
)

// partNames are those of Mina, ECS, Datadog, loguru, structlog and Powertools.
var partNames = map[string]exceptionPart{
	"type": partClass, "exc_type": partClass, "kind": partClass, "class": partClass,
	"module":  partModule,
	"message": partMessage, "value": partMessage, "exc_value": partMessage,
	"traceback": partTraceback, "stack_trace": partTraceback, "stacktrace": partTraceback, "stack": partTraceback,
	"frames":     partFrames,
	"exc_notes":  partNotes,
	"exceptions": partGroup,
	"is_cause":   partNothing, "is_group": partNothing,
}

// read reads a traceback as a text or as a list of lines, an object, or structlog's list
// of objects.
func (r *exceptionReader) read(index int) (e exception, ok bool) {
	switch v := &r.json.values[index]; v.kind {
	case jsonString:
		text := r.plainString(r.batch, v)
		if e, ok = exceptionOfText(text); !ok && strings.HasPrefix(v.key.name, "exc") {
			e, ok = exceptionOfLine(text)
		}
	case jsonArray:
		e, ok = r.readList(index)
		r.parts = nil // a list goes as a whole, or not at all
	case jsonObject:
		e, ok = r.readObject(index)
	default:
		return e, false
	}
	if ok && e.class == "" {
		e.class, e.message = r.firstText(r.batch, fieldExceptionType), longer(e.message, r.firstText(r.batch, fieldExceptionMessage))
	}
	e.complete()
	return e, ok && e.class != ""
}

// serves reports whether a value is an exception under a name that may mean something
// else, as error does.
func (r *exceptionReader) serves(e exception, name string) bool {
	return e.traceback != "" || strings.HasSuffix(name, exceptionKey) || strings.HasPrefix(name, "exc_") ||
		isClass(e.class) && e.message != "" && !r.rest
}

// readObject reads {type, message, traceback}, or what is in their place.
func (r *exceptionReader) readObject(index int) (e exception, ok bool) {
	values := r.json.values
	for i := index + 1; i < values[index].next; i = values[i].next {
		switch v := &values[i]; {
		case r.readPart(i, &e):
			r.parts = append(r.parts, i)
		case !r.isEmpty(v) && v.kind != jsonFalse:
			r.rest = true
		}
	}
	if e.notes != "" {
		e.message = strings.TrimPrefix(e.message+"\n"+e.notes, "\n")
	}
	if e.class != "" && e.module != "" && e.module != "builtins" && e.module != "__main__" {
		e.class = e.module + "." + e.class
	}
	return e, e.class != "" || e.traceback != ""
}

// readPart reads a member of an object, and reports whether all of it has moved.
func (r *exceptionReader) readPart(index int, e *exception) (moved bool) {
	switch v := &r.json.values[index]; partNames[v.key.name] {
	case partClass:
		return v.kind == jsonString && r.readText(v, &e.class)
	case partModule:
		return v.kind == jsonString && r.readText(v, &e.module)
	case partMessage:
		return r.readText(v, &e.message)
	case partNotes:
		e.notes, moved = r.lines(index)
		return moved
	case partTraceback:
		return v.kind == jsonTrue || r.readTraceback(index, e)
	case partFrames:
		return r.readFrames(index, e)
	case partGroup:
		return r.readGroup(index, e)
	case partNothing:
		return v.kind == jsonTrue
	default:
		return false
	}
}

// readText reads a text or number, unless there is one already.
func (r *exceptionReader) readText(v *jsonValue, to *string) bool {
	if *to != "" || v.kind != jsonString && v.kind != jsonNumber {
		return false
	}
	*to = r.textOf(r.batch, v)
	return true
}

// readTraceback reads a text or a list of lines, and what an object does not say otherwise.
func (r *exceptionReader) readTraceback(index int, e *exception) bool {
	text, ok := r.lines(index)
	if v := &r.json.values[index]; v.kind == jsonString {
		text, ok = r.plainString(r.batch, v), true
	}
	if !ok {
		return r.readFrames(index, e)
	}
	if e.traceback != "" && !e.rebuilt {
		return false
	}
	raised, _ := exceptionOfText(text)
	if e.class == "" {
		e.class = raised.class
	}
	if e.message == "" {
		e.message = raised.message
	}
	e.traceback, e.rebuilt = strings.TrimRight(text, "\n"), false
	return true
}

// readFrames puts a traceback together, unless there is one as text.
func (r *exceptionReader) readFrames(index int, e *exception) bool {
	text, whole, ok := r.frames(index)
	if !ok {
		return false
	}
	if e.traceback == "" {
		e.traceback, e.rebuilt = text, true
	}
	return whole
}

// readList reads the lines of a traceback, the three items of sys.exc_info, or
// structlog's exceptions, of which the one that was raised last comes first.
func (r *exceptionReader) readList(index int) (e exception, ok bool) {
	if text, ok := r.lines(index); ok {
		if class, isTuple := strings.CutPrefix(text, "<class '"); isTuple {
			return exceptionOfItems(class)
		}
		return exceptionOfText(text)
	}
	return r.readChain(index)
}

// exceptionOfItems reads the lines <class 'ValueError'>, its message and <traceback object …>.
func exceptionOfItems(text string) (e exception, ok bool) {
	if e.class, text, ok = strings.Cut(text, "'>\n"); !ok {
		return e, false
	}
	e.message, _, ok = strings.Cut(text, "\n<traceback object")
	return e, ok
}

// readChain reads exceptions of which each led to the one before it.
func (r *exceptionReader) readChain(index int) (last exception, ok bool) {
	values := r.json.values
	var texts []string
	for i := index + 1; i < values[index].next; i = values[i].next {
		if values[i].kind != jsonObject {
			return last, false
		}
		e, isOne := r.readObject(i)
		if !isOne || e.class == "" {
			return last, false
		}
		e.complete()
		switch cause := r.json.memberOf(i, "is_cause"); {
		case texts == nil:
			last = e
		case cause != nil && cause.kind == jsonTrue:
			texts = append(texts, pytrace.CauseLine)
		default:
			texts = append(texts, pytrace.ContextLine)
		}
		texts = append(texts, e.text())
	}
	if last.traceback != "" {
		slices.Reverse(texts)
		last.traceback = strings.Join(texts, "\n\n")
	}
	return last, last.class != ""
}

// readGroup reads the exceptions of a group, each with those that led to it.
func (r *exceptionReader) readGroup(index int, e *exception) bool {
	values, ok := r.json.values, r.json.values[index].kind == jsonArray
	for i := index + 1; ok && i < values[index].next; i = values[i].next {
		one, isChain := r.readChain(i)
		e.group, ok = append(e.group, one.text()), isChain
	}
	return ok
}

// lines returns a list of texts as one, each on a line of its own.
func (r *exceptionReader) lines(index int) (text string, ok bool) {
	values := r.json.values
	if values[index].kind != jsonArray {
		return "", false
	}
	var all strings.Builder
	for i := index + 1; i < values[index].next; i = values[i].next {
		if values[i].kind != jsonString {
			return "", false
		}
		if all.Len() > 0 && !strings.HasSuffix(all.String(), "\n") {
			all.WriteByte('\n')
		}
		all.WriteString(r.plainString(r.batch, &values[i]))
	}
	return all.String(), true
}
