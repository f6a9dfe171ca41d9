package pyformat

import (
	"bytes"
	"strings"
)

// Reader reads what a layout cannot tell by itself.
type Reader interface {
	// Time reads a date and time at the head of a text: in nanoseconds since the epoch, 0
	// if its zone is not known, and how many bytes it is long, 0 if there is none.
	Time(text []byte) (nanos int64, length int)
	// Level returns how many bytes the level at the head of a text is long, 0 if there
	// is none of the given kind.
	Level(text []byte, kind Levels) (length int)
}

// Levels is a kind of levels, of which the reader alone knows what it means.
type Levels uint8

// Values are what a layout has found in a line. They are parts of the line.
type Values struct {
	// Text has the texts of the layout's fields, nil for those that are not there.
	Text [maxFields][]byte
	// Message is what the format has for the message.
	Message []byte
	// Start is where in the line the message begins.
	Start int
	// Time is in nanoseconds since the epoch, if HasTime says that there is one.
	Time    int64
	HasTime bool
	// HasTail says that what the format has behind the message has been found.
	HasTail bool

	// nanos is the time that has been read at the head.
	nanos int64
	// left has how much of the line was left in front of each part of a head: the text
	// that it begins with, and its segments. The parts up to failed have been read, of
	// which those up to known can be taken as they are.
	left          [maxFields + 2]int
	failed, known int
}

// Match reads a line that the layout has printed, the first one if the message has
// several. What the format has behind the message may be missing then.
func (l *Layout) Match(line []byte, r Reader, v *Values) bool {
	return l.match(line, 0, r, v)
}

// match reads a line from a part of the head on.
func (l *Layout) match(line []byte, part int, r Reader, v *Values) (ok bool) {
	v.left[0], v.known = len(line), maxFields+1
	if v.Message, ok = l.matchHead(line[len(line)-v.left[part]:], part, r, v); !ok {
		return false
	}
	v.Start = len(line) - len(v.Message)
	if message, ok := l.CutTail(v.Message, r, v); ok {
		v.Message = message
	} else if !l.anchored {
		return false
	}
	l.setTime(v)
	return true
}

func (l *Layout) matchHead(text []byte, part int, r Reader, v *Values) (message []byte, ok bool) {
	for ; part <= len(l.head); part++ {
		v.failed, v.left[part] = part, len(text)
		if part == 0 {
			if text, ok = l.begin.cut(text); !ok {
				return nil, false
			}
			continue
		}
		s := &l.head[part-1]
		n := s.read(text, r, v)
		if n < 0 {
			if s.term == Asctime {
				return l.matchUnreadTime(text, part, r, v)
			}
			return nil, false
		}
		if text, ok = s.cut(text, n, v); !ok {
			return nil, false
		}
	}
	v.failed = part
	return text, true
}

// setTime puts the parts of the time together.
func (l *Layout) setTime(v *Values) {
	v.HasTime = false
	for i := range l.Fields {
		switch value := v.Text[i]; l.Fields[i].Term {
		case Asctime:
			v.Time, v.HasTime = v.nanos, v.nanos != 0
		case Created:
			v.Time, v.HasTime = epoch(value)
		case Msecs:
			if v.HasTime && v.Time%1e9 == 0 {
				v.Time += int64(number(value)) * 1e6
			}
		}
	}
}

// longestTime is how long in bytes a time may be that cannot be read.
const longestTime = 40

// matchUnreadTime reads on behind a time without a date, or with one that is not read:
// wherever in it the rest of the layout fits.
func (l *Layout) matchUnreadTime(text []byte, part int, r Reader, v *Values) (message []byte, ok bool) {
	s := &l.head[part-1]
	v.nanos = 0
	for n := 0; n < min(len(text), longestTime); n++ {
		rest, found := s.behind.cut(text[n:])
		if !found || !isTime(text[:n]) {
			continue
		}
		v.Text[s.field] = text[:n]
		if message, ok = l.matchHead(rest, part+1, r, v); ok {
			break
		}
	}
	// Another layout may fit behind another part of the text.
	v.known = part
	return message, ok
}

// isTime reports whether a text has a time of day in it, and no words but those of
// dates.
func isTime(text []byte) bool {
	clock := false
	for i := 0; i < len(text); i++ {
		if isLetter(text[i]) {
			n := 1
			for i+n < len(text) && isLetter(text[i+n]) {
				n++
			}
			if !isDateWord(text[i : i+n]) {
				return false
			}
			i += n - 1
		}
		if text[i] == ':' && i > 0 && isDigit(text[i-1]) && i+1 < len(text) && isDigit(text[i+1]) {
			clock = true
		}
	}
	return clock
}

// dateWords are the beginnings of the names of months and days.
const dateWords = "jan feb mar apr may jun jul aug sep oct nov dec mon tue wed thu fri sat sun"

// isDateWord knows the names of months and days, AM and PM, and those of zones.
func isDateWord(word []byte) bool {
	if len(word) >= 3 && strings.Contains(dateWords, string(bytes.ToLower(word[:3]))) {
		return true
	}
	return len(word) <= 5 && bytes.Equal(word, bytes.ToUpper(word))
}

// maxTails is at how many places a tail is looked for.
const maxTails = 8

// CutTail takes off the end of a text what the format has behind the message.
func (l *Layout) CutTail(text []byte, r Reader, v *Values) (message []byte, ok bool) {
	end := l.tailIndex(text, r, v)
	v.HasTail = end >= 0
	if !v.HasTail {
		for i := range l.tail {
			v.Text[l.tail[i].field] = nil
		}
		return nil, false
	}
	if l.padded {
		return bytes.TrimRight(text[:end], " "), true
	}
	return text[:end], true
}

// tailIndex returns where what stands behind the message begins, or -1.
func (l *Layout) tailIndex(text []byte, r Reader, v *Values) int {
	if len(l.tail) == 0 {
		if !bytes.HasSuffix(text, []byte(l.behind.text)) {
			return -1
		}
		return len(text) - len(l.behind.text)
	}
	at := len(text)
	for range maxTails {
		if at = l.behind.lastIndex(text[:at]); at < 0 {
			return -1
		}
		if rest, ok := l.behind.cut(text[at:]); ok && l.matchFields(rest, r, v) {
			return at
		}
	}
	return -1
}

// matchFields reports whether a text is the fields behind the message.
func (l *Layout) matchFields(text []byte, r Reader, v *Values) (ok bool) {
	for i := range l.tail {
		s := &l.tail[i]
		n := s.read(text, r, v)
		if n < 0 {
			return false
		}
		if text, ok = s.cut(text, n, v); !ok {
			return false
		}
	}
	return len(text) == 0
}

// cut takes a value of n bytes and what follows it off a text.
func (s *segment) cut(text []byte, n int, v *Values) (rest []byte, ok bool) {
	value := text[:n]
	if s.column > 0 {
		value = bytes.Trim(value, " ")
	}
	v.Text[s.field] = value
	if s.last {
		return s.behind.cutLast(text[n:])
	}
	return s.behind.cut(text[n:])
}

// read returns how many bytes long the value at the head of text is, or -1.
func (s *segment) read(text []byte, r Reader, v *Values) int {
	if s.column > 0 {
		return s.readColumn(text, r)
	}
	switch s.shape {
	case dateTime:
		return s.readTime(text, r, v)
	case word:
		return s.readWord(text)
	case anyText:
		return s.readText(text)
	}
	return s.lengthOf(text, r)
}

func (s *segment) readTime(text []byte, r Reader, v *Values) int {
	nanos, n := r.Time(text)
	if n == 0 {
		return -1
	}
	v.nanos = nanos
	if s.fraction == 0 {
		return n
	}
	// The milliseconds may have no zeros in front of them.
	at := bytes.LastIndexByte(text[:n], s.fraction)
	if at < 0 {
		if at = n; at == len(text) || text[at] != s.fraction {
			return -1
		}
		n = at + 1 + max(0, readNumber(text[at+1:], true))
	}
	if n-at-1 <= 3 {
		v.nanos = nanos - nanos%1e9 + int64(number(text[at+1:n]))*1e6
	}
	return n
}

// longestNumber is how long in bytes a number may be.
const longestNumber = 24

// readNumber reads a number, which may have a fraction.
func readNumber(text []byte, decimal bool) int {
	text = text[:min(len(text), longestNumber)]
	n := 0
	if len(text) > 0 && text[0] == '-' {
		n = 1
	}
	for n < len(text) && (isDigit(text[n]) || decimal && n > 0 && text[n] == '.') {
		if text[n] == '.' {
			decimal = false
		}
		n++
	}
	if n == 0 || !isDigit(text[n-1]) {
		return -1
	}
	return n
}

// longestWord and longestText are how long in bytes values may be.
const (
	longestWord = 256
	longestText = 1024
)

func (s *segment) readWord(text []byte) int {
	text = text[:min(len(text), longestWord)]
	end := bytes.IndexByte(text, ' ')
	if end < 0 {
		end = len(text)
	}
	if sought := s.behind.text; sought != "" && sought[0] != ' ' && s.behind.lead != 1 {
		if sought == "." {
			end = bytes.LastIndexByte(text[:end], '.')
		} else if at := bytes.IndexByte(text[:end], sought[0]); at >= 0 {
			end = at
		}
	}
	if end < 1 {
		return -1
	}
	return end
}

func (s *segment) readText(text []byte) int {
	if s.behind.text == "" && s.behind.lead < 1 {
		return len(text)
	}
	text = text[:min(len(text), longestText)]
	n := s.behind.index(text)
	// A thread's name has its function's behind a blank: "Thread-1 (worker)".
	if s.term == ThreadName && n >= 0 && bytes.HasPrefix(text[n:], []byte(" (")) {
		if end := bytes.IndexByte(text[n:], ')'); end >= 0 {
			n += end + 1
			more := s.behind.index(text[n:])
			if more < 0 {
				return -1
			}
			n += more
		}
	}
	return n
}

// readColumn reads a value of which only the padding tells the end.
func (s *segment) readColumn(text []byte, r Reader) int {
	n := 0
	for range s.column {
		if n == len(text) {
			return -1
		}
		n += runeLen(text[n:])
	}
	if !s.truncated && text[n-1] != ' ' {
		return -1
	}
	value := bytes.TrimRight(text[:n], " ")
	if len(value) == 0 || s.lengthOf(value, r) != len(value) {
		return -1
	}
	return n
}

// lengthOf returns how much of a text is a value of the field's shape, or -1.
func (s *segment) lengthOf(text []byte, r Reader) int {
	switch s.shape {
	case levelName:
		if n := r.Level(text, s.levels); n > 0 {
			return n
		}
		return -1
	case integer:
		return readNumber(text, false)
	case decimal:
		return readNumber(text, true)
	}
	return len(text)
}

// runeLen returns how many bytes long the character at the head of text is.
func runeLen(text []byte) (n int) {
	for n = 1; n < len(text) && text[n]&0xC0 == 0x80; n++ {
	}
	return n
}

func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

// number reads the digits that a text begins with.
func number(text []byte) (n int) {
	for _, c := range text {
		if !isDigit(c) || n >= 1e10 {
			break
		}
		n = n*10 + int(c-'0')
	}
	return n
}

// secondsDigits is how many digits a time in seconds since the epoch has, in this
// century.
const secondsDigits = 10

// epoch reads a number of seconds with a fraction, in nanoseconds.
func epoch(text []byte) (nanos int64, ok bool) {
	whole, fraction, _ := bytes.Cut(text, []byte("."))
	if len(whole) != secondsDigits || whole[0] == '-' {
		return 0, false
	}
	unit := int64(1e9)
	nanos = int64(number(whole)) * unit
	for _, c := range fraction {
		unit /= 10
		nanos += int64(c-'0') * unit
	}
	return nanos, true
}
