package minalog

import (
	"fmt"
	"strings"

	"github.com/mina-observability/otelcol-mina/internal/pytrace"
)

const (
	tracebackHead = pytrace.Header + "\n"
	framesHead    = `  File "`
)

// complete makes a traceback of frames alone what Python prints.
func (e *exception) complete() {
	if e.class == "" || e.traceback != "" && !strings.HasPrefix(e.traceback, framesHead) {
		return
	}
	if e.traceback != "" {
		e.traceback = tracebackHead + strings.TrimRight(e.traceback, "\n")
		if _, _, ok := pytrace.Raised([]byte(e.traceback)); !ok {
			e.traceback += "\n" + e.lastLine()
		}
	}
	if len(e.group) > 0 {
		e.traceback = e.groupText()
	}
}

const (
	groupHead = "  + " + pytrace.GroupHeader + "\n"
	groupEnd  = "    +------------------------------------"
)

// groupText prints an exception group with the exceptions that it holds.
func (e *exception) groupText() string {
	var text strings.Builder
	own := e.text()
	if frames, ok := strings.CutPrefix(own, tracebackHead); ok {
		text.WriteString(groupHead)
		own = frames
	}
	writeLines(&text, "  | ", own)
	for i, one := range e.group {
		corner := "    "
		if i == 0 {
			corner = "  +-"
		}
		fmt.Fprintf(&text, "%s+---------------- %d ----------------\n", corner, i+1)
		if frames, ok := strings.CutPrefix(one, groupHead[:3]); ok {
			writeLines(&text, "  ", "  |"+frames)
		} else if strings.HasPrefix(one, "  | ") {
			writeLines(&text, "  ", one)
		} else {
			writeLines(&text, "    | ", one)
		}
	}
	if last := e.group[len(e.group)-1]; strings.HasSuffix(last, groupEnd) {
		return strings.TrimSuffix(text.String(), "\n")
	}
	return text.String() + groupEnd
}

// writeLines writes lines with a margin in front.
func writeLines(to *strings.Builder, margin, lines string) {
	for line := range strings.SplitSeq(lines, "\n") {
		to.WriteString(margin + line + "\n")
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
