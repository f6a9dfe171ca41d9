package minalog

import (
	"bytes"

	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/mina-observability/otelcol-mina/internal/truncate"
)

var (
	tracebackHead      = []byte("Traceback (most recent call last):")
	groupTracebackHead = []byte("  + Exception Group Traceback (most recent call last):")
	groupMargin        = []byte("  | ")
	causeLine          = []byte("The above exception was the direct cause of the following exception:")
	contextLine        = []byte("During handling of the above exception, another exception occurred:")
)

// longestHeadline is the length in bytes of the longest body of a bare traceback.
const longestHeadline = 4 << 10

func isTracebackHead(line []byte) bool {
	return bytes.HasPrefix(line, tracebackHead) || bytes.HasPrefix(line, groupTracebackHead)
}

// tracebackStart returns where the first line of a traceback begins, or -1.
func tracebackStart(text []byte) int {
	for start := 0; start < len(text); {
		if isTracebackHead(text[start:]) {
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

// setException adds the exception of a traceback in the form of Mina's JSON
// records: an object with type, message and traceback. It does nothing, and
// returns false, if the traceback is cut off before its last line.
func setException(b *Batch, record plog.LogRecord, traceback []byte) bool {
	kind, message, ok := raisedException(traceback)
	if !ok {
		return false
	}
	exception := record.Attributes().PutEmptyMap("exception")
	exception.EnsureCapacity(3)
	exception.PutStr("type", b.text.keep(kind))
	exception.PutStr("message", b.text.keep(message))
	exception.PutStr("traceback", b.text.keep(traceback))
	return true
}

// raisedException finds the exception that a traceback ends in. Python prints
// the cause before the effect, so it is the one below the last head.
func raisedException(traceback []byte) (kind, message []byte, ok bool) {
	group := bytes.HasPrefix(traceback, groupTracebackHead)
	head := bytes.LastIndex(traceback, append([]byte("\n"), tracebackHead...)) + 1
	if group {
		head = 0
	}
	for line := range bytes.Lines(traceback[head:]) {
		start := head
		head += len(line)
		if group {
			if !bytes.HasPrefix(line, groupMargin) {
				continue
			}
			start += len(groupMargin)
			line = line[len(groupMargin):]
		}
		if isTracebackHead(line) || len(line) == 0 || line[0] == ' ' || line[0] == '\n' {
			continue
		}
		rest := traceback[start:]
		if group {
			rest = line
		}
		kind, message, _ = bytes.Cut(bytes.TrimRight(rest, "\n"), []byte(":"))
		if first, _, several := bytes.Cut(kind, []byte("\n")); several {
			kind, message = first, rest[len(first)+1:]
		}
		return kind, bytes.TrimSpace(message), isDottedName(kind)
	}
	return nil, nil, false
}

func isDottedName(text []byte) bool {
	for _, c := range text {
		if c != '.' && c != '_' && !isDigit(c) && (c|0x20 < 'a' || c|0x20 > 'z') && c < 0x80 {
			return false
		}
	}
	return len(text) > 0
}

// traceback follows the lines of a bare traceback, to find where it ends.
type traceback struct {
	// raised says that the line which names the exception has been read.
	raised bool
	group  bool
}

func startTraceback(head []byte) traceback {
	return traceback{group: bytes.HasPrefix(head, groupTracebackHead)}
}

// continues reports whether the line belongs to the traceback.
func (t *traceback) continues(line []byte) bool {
	switch {
	case len(line) == 0 || bytes.Equal(line, causeLine) || bytes.Equal(line, contextLine):
		return true
	case isTracebackHead(line):
		t.raised = false
		return true
	case line[0] == ' ' || line[0] == '\t':
		return !t.raised || t.group
	case t.raised || t.group:
		return false
	}
	t.raised = true
	return true
}

// decodeTraceback appends a bare traceback, as a crash leaves it: an error whose
// body is the first line of the exception.
func (d *Decoder) decodeTraceback(b *Batch, text []byte, envelope envelope) {
	record := b.add("", "", "")
	record.SetSeverityNumber(plog.SeverityNumberError)
	body := text
	if envelope.edges == nil && setException(b, record, text) {
		kind, message, _ := raisedException(text)
		message, _, _ = bytes.Cut(message, []byte("\n"))
		body = kind
		if len(message) > 0 {
			body = append(append(append([]byte{}, kind...), ": "...), message...)
		}
		// The exception has its message whole: no record is its text three times.
		body = []byte(truncate.Text(string(body), longestHeadline))
	}
	record.Body().SetStr(b.text.keep(body))
	envelope.apply(b, record)
}
