package minalog

import (
	"bytes"
	"strconv"
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/mina-observability/otelcol-mina/internal/pyformat"
)

// paddedEvent is how many characters wide structlog makes an event that something
// follows.
const paddedEvent = 30

// pair is what structlog prints behind an event: an attribute, or the logger in
// brackets. It begins at start of the message.
type pair struct {
	start int
	text  string
}

func (p *pair) isLogger() bool { return p.text[0] == '[' }

// cutPairs cuts what structlog prints behind an event, the logger and attributes, and
// appends that to pairs:
//
//	meeting ended                  [app] meeting_id=7 title='stand-up'
func cutPairs(message string, pairs []pair) (event string, _ []pair) {
	start, behindLogger, goesOn := -1, false, false
	for i := 0; i < len(message); {
		if message[i] == ' ' {
			i++
			continue
		}
		n := pairLength(message[i:])
		switch {
		case n > 0:
			if start < 0 && (i > paddedEvent || i > 1 && message[i-2] == ' ') {
				start = i
			}
			p := pair{i, message[i : i+n]}
			behindLogger = behindLogger || p.isLogger()
			if goesOn = start >= 0 && behindLogger && !p.isLogger(); start >= 0 {
				pairs = append(pairs, p)
			}
		case goesOn: // a value of several words, which structlog prints bare
			n = wordLength(message[i:])
			last := &pairs[len(pairs)-1]
			last.text = message[last.start : i+n]
		default:
			start, behindLogger, pairs = -1, false, pairs[:0]
			n = wordLength(message[i:])
		}
		i += n
	}
	if start < 0 {
		start = len(message)
	}
	return strings.TrimRight(message[:start], " "), pairs
}

// pairLength returns how many bytes the pair or the logger at the head of a text is
// long, 0 if there is none.
func pairLength(text string) int {
	if name := loggerOf(text); name != "" {
		return len("[]") + len(name)
	}
	key := keyLength(text)
	if key == 0 || key == len(text) || text[key] != '=' {
		return 0
	}
	n := key + 1 + valueLength(text[key+1:])
	if n < len(text) && text[n] != ' ' {
		return 0
	}
	return n
}

// loggerOf returns the name of the logger in brackets that a text begins with.
func loggerOf(text string) string {
	if text == "" || text[0] != '[' {
		return ""
	}
	name, closed := strings.CutSuffix(text[1:wordLength(text)], "]")
	if !closed || !isLogger([]byte(name)) {
		return ""
	}
	return name
}

func wordLength(text string) int {
	if end := strings.IndexByte(text, ' '); end >= 0 {
		return end
	}
	return len(text)
}

// keyLength returns how many bytes the key at the head of a text is long.
func keyLength(text string) (n int) {
	for n < len(text) && (isLetter(text[n]) || text[n] == '_' || text[n] >= 0x80 || n > 0 && (isDigit(text[n]) || text[n] == '.' || text[n] == '-')) {
		n++
	}
	return n
}

// longestObject is how long in bytes the printed form of an object may be that is no
// literal: <Meeting 7>, datetime.date(2025, 10, 1).
const longestObject = 256

// valueLength returns how many bytes the value at the head of a text is long, which repr
// has printed, or which is a text of one word.
func valueLength(text string) (n int) {
	if text != "" && strings.IndexByte(`'"([{b`, text[0]) >= 0 {
		if _, rest, ok := pyformat.Cut(text); ok && (rest == "" || rest[0] == ' ') {
			return len(text) - len(rest)
		}
	}
	n = wordLength(text)
	if closing := closingOf(text[:n]); closing != "" {
		if end := strings.Index(text[n:min(len(text), n+longestObject)], closing); end >= 0 {
			n += end + len(closing)
		}
	}
	return n
}

// closingOf returns what closes the printed form of an object, of which a text is the
// first word.
func closingOf(word string) string {
	switch {
	case strings.HasPrefix(word, "<") && !strings.HasSuffix(word, ">"):
		return ">"
	case strings.Contains(word, "(") && !strings.HasSuffix(word, ")"):
		return ")"
	}
	return ""
}

// takePairs takes off the message, and returns, what stands behind the event. The
// logger is the header's.
func (d *Decoder) takePairs(h *header) []pair {
	if bytes.IndexByte(h.message, '=') < 0 && bytes.IndexByte(h.message, ']') < 0 {
		h.message = bytes.TrimRight(h.message, " ")
		return nil
	}
	var event string
	event, d.pairs = cutPairs(string(h.message), d.pairs[:0])
	h.message = h.message[:len(event)]
	for _, p := range d.pairs {
		if p.isLogger() {
			h.logger = []byte(p.text[1 : len(p.text)-1])
		}
	}
	return d.pairs
}

// valueOf returns the value of a pair that is all of a text.
func valueOf(text string) pyformat.Literal {
	if value, rest, ok := pyformat.Cut(text); ok && rest == "" {
		return value
	}
	return pyformat.Literal{Kind: pyformat.String, Text: text}
}

// putPairs adds the attributes that are among the pairs.
func putPairs(record plog.LogRecord, pairs []pair) {
	for _, p := range pairs {
		if p.isLogger() {
			continue
		}
		key := keyLength(p.text)
		value := valueOf(p.text[key+1:])
		if value.Kind != pyformat.String || !putTrace(record, p.text[:key], []byte(value.Text)) {
			putLiteral(record.Attributes().PutEmpty(p.text[:key]), &value)
		}
	}
}

// putLiteral sets a value to what a literal says, where OpenTelemetry has such values.
func putLiteral(value pcommon.Value, l *pyformat.Literal) {
	switch l.Kind {
	case pyformat.None:
	case pyformat.Bool:
		value.SetBool(l.Repr == "True")
	case pyformat.Int:
		if n, ok := parseInt(l.Repr); ok {
			value.SetInt(n)
			return
		}
		value.SetStr(l.Repr)
	case pyformat.Float:
		number, _ := strconv.ParseFloat(l.Repr, 64)
		value.SetDouble(number)
	case pyformat.List, pyformat.Tuple, pyformat.Set:
		items := value.SetEmptySlice()
		for i := range l.Items {
			putLiteral(items.AppendEmpty(), &l.Items[i])
		}
	case pyformat.Dict:
		object := value.SetEmptyMap()
		for i := 0; i < len(l.Items); i += 2 {
			putLiteral(object.PutEmpty(l.Items[i].Str()), &l.Items[i+1])
		}
	default:
		value.SetStr(l.Str())
	}
}
