package pytrace

import "bytes"

var (
	tracebackHead      = []byte(header)
	groupTracebackHead = []byte("  + " + groupHeader)
	groupMargin        = []byte("  | ")
	causeLine          = []byte(asCause)
	contextLine        = []byte(asContext)
)

// Begins reports whether a line begins what the interpreter prints of an exception.
func Begins(line []byte) bool {
	return bytes.HasPrefix(line, tracebackHead) || bytes.HasPrefix(line, groupTracebackHead)
}

// Index returns where in a text such a line begins, or -1.
func Index(text []byte) int {
	for start := 0; start < len(text); {
		if Begins(text[start:]) {
			return start
		}
		next := bytes.IndexByte(text[start:], '\n')
		if next < 0 {
			return -1
		}
		start += next + 1
	}
	return -1
}

// Lines follows the lines of a bare traceback, to find where it ends. The zero value
// follows none.
type Lines struct {
	// raised says that the line which names the exception has been read.
	raised bool
	group  bool
}

// Begin follows the traceback that a line begins.
func Begin(line []byte) Lines { return Lines{group: bytes.HasPrefix(line, groupTracebackHead)} }

// Continues reports whether the line behind those belongs to the traceback too.
func (l *Lines) Continues(line []byte) bool {
	switch {
	case len(line) == 0 || bytes.Equal(line, causeLine) || bytes.Equal(line, contextLine):
		return true
	case Begins(line):
		l.raised = false
		return true
	case line[0] == ' ' || line[0] == '\t':
		return !l.raised || l.group
	case l.raised || l.group:
		return false
	}
	l.raised = true
	return true
}
