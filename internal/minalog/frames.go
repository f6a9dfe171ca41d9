package minalog

import (
	"strings"

	"github.com/mina-observability/otelcol-mina/internal/pytrace"
)

const (
	tracebackHead = "Traceback (most recent call last):\n"
	framesHead    = `  File "`
	asCause       = "The above exception was the direct cause of the following exception:"
	asContext     = "During handling of the above exception, another exception occurred:"
)

// complete makes a traceback of frames alone what Python prints.
func (e *exception) complete() {
	if e.class == "" || !strings.HasPrefix(e.traceback, framesHead) {
		return
	}
	e.traceback = tracebackHead + strings.TrimRight(e.traceback, "\n")
	if _, _, ok := pytrace.Raised([]byte(e.traceback)); !ok {
		e.traceback += "\n" + e.lastLine()
	}
}

// lastLine is the last line of a traceback, which may be several.
func (e *exception) lastLine() string {
	if e.message == "" {
		return e.class
	}
	return e.class + ": " + e.message
}

// text is what Python prints of an exception.
func (e *exception) text() string {
	if e.traceback == "" {
		return e.lastLine()
	}
	return e.traceback
}

// frames prints the calls of a traceback as Python does. It is not whole if they have
// more than that, as the values of variables.
func (r *exceptionReader) frames(index int) (text string, whole, ok bool) {
	values := r.json.values
	if values[index].kind != jsonArray {
		return "", false, false
	}
	var all strings.Builder
	whole = true
	for i := index + 1; i < values[index].next; i = values[i].next {
		if values[i].kind != jsonObject {
			return "", false, false
		}
		f := r.frameOf(i)
		if f.path == "" || f.line == "" {
			return "", false, false
		}
		f.print(&all)
		whole = whole && !f.more
	}
	return all.String(), whole, true
}

// frame is one call of a traceback.
type frame struct {
	path, line, function, source string
	// more says that there is more in the object.
	more bool
}

func (r *exceptionReader) frameOf(object int) (f frame) {
	values := r.json.values
	for i := object + 1; i < values[object].next; i = values[i].next {
		v := &values[i]
		text := r.textOf(r.batch, v)
		switch values[i].key.name {
		case "filename", "file", "path":
			f.path = text
		case "lineno":
			f.line = text
		case "line":
			if v.kind == jsonNumber {
				f.line = text
			} else {
				f.source = text
			}
		case "name", "function":
			f.function = text
		case "statement":
			f.source = text
		default:
			f.more = f.more || !r.isEmpty(v)
		}
	}
	return f
}

func (f *frame) print(to *strings.Builder) {
	to.WriteString(framesHead + f.path + `", line ` + f.line)
	if f.function != "" {
		to.WriteString(", in " + f.function)
	}
	to.WriteByte('\n')
	if f.source != "" {
		to.WriteString("    " + strings.TrimSpace(f.source) + "\n")
	}
}
