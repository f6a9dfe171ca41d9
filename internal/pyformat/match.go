package pyformat

import "bytes"

// Reader reads what a layout cannot tell by itself.
type Reader interface {
	// Time reads a date and time at the head of a text: in nanoseconds since the epoch,
	// and how many bytes it is long, 0 if there is none.
	Time(text []byte) (nanos int64, length int)
	// Level reports whether a word is a level.
	Level(word []byte) bool
}

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

	millis int
}

// Match reads a line that the layout has printed, the first one if the message has
// several. What the format has behind the message may be missing then.
func (l *Layout) Match(line []byte, r Reader, v *Values) bool {
	rest, ok := l.begin.cut(line)
	if !ok {
		return false
	}
	v.HasTime, v.millis = false, 0
	if v.Message, ok = l.matchHead(0, rest, r, v); !ok {
		return false
	}
	v.Start = len(line) - len(v.Message)
	if message, ok := l.CutTail(v.Message, r, v); ok {
		v.Message = message
	} else if !l.anchored {
		return false
	}
	if v.HasTime && v.Time%1e9 == 0 {
		v.Time += int64(v.millis) * 1e6
	}
	return true
}

func (l *Layout) matchHead(from int, text []byte, r Reader, v *Values) (message []byte, ok bool) {
	for i := from; i < len(l.head); i++ {
		s := &l.head[i]
		n := s.read(text, r, v)
		if n < 0 {
			if s.term == Asctime {
				return l.matchUnreadTime(i, text, r, v)
			}
			return nil, false
		}
		if text, ok = s.cut(text, n, i+1 == len(l.head), v); !ok {
			return nil, false
		}
	}
	return text, true
}

// longestTime is how long in bytes a time may be that cannot be read.
const longestTime = 40

// matchUnreadTime reads on behind a time without a date, or with one that is not read:
// wherever in it the rest of the layout fits.
func (l *Layout) matchUnreadTime(at int, text []byte, r Reader, v *Values) (message []byte, ok bool) {
	s := &l.head[at]
	for n := 0; n < min(len(text), longestTime); n++ {
		rest, found := s.behind.cut(text[n:])
		if !found || !isTimeOfDay(text[:n]) {
			continue
		}
		v.Text[s.field] = text[:n]
		if message, ok = l.matchHead(at+1, rest, r, v); ok {
			return message, true
		}
	}
	return nil, false
}

// isTimeOfDay reports whether there are digits with a colon between them.
func isTimeOfDay(text []byte) bool {
	for i := 1; i+1 < len(text); i++ {
		if text[i] == ':' && isDigit(text[i-1]) && isDigit(text[i+1]) {
			return true
		}
	}
	return false
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
		if text, ok = s.cut(text, n, false, v); !ok {
			return false
		}
	}
	return len(text) == 0
}

// cut takes a value of n bytes and what follows it off a text.
func (s *segment) cut(text []byte, n int, last bool, v *Values) (rest []byte, ok bool) {
	value := text[:n]
	if s.column > 0 {
		value = bytes.Trim(value, " ")
	}
	v.Text[s.field] = value
	switch s.term {
	case Msecs:
		v.millis = number(value)
	case Created:
		v.Time, v.HasTime = epoch(value)
	}
	if last {
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
	v.Time, v.HasTime = nanos, true
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
		v.Time = v.Time - v.Time%1e9 + int64(number(text[at+1:n]))*1e6
	}
	return n
}

// longestLevel is how long in bytes a level's name may be.
const longestLevel = 32

func readLevel(text []byte, r Reader) int {
	n := 0
	for n < min(len(text), longestLevel) && (isLetter(text[n]) || isDigit(text[n]) || text[n] == '_') {
		n++
	}
	// logging.getLevelName names a level that has no name "Level 35".
	if string(text[:n]) == "Level" && n < len(text) && text[n] == ' ' {
		if digits := readNumber(text[n+1:], false); digits > 0 {
			return n + 1 + digits
		}
	}
	if n == 0 || !r.Level(text[:n]) {
		return -1
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
		return readLevel(text, r)
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
