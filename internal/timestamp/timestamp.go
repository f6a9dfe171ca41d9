package timestamp

import (
	"bytes"
	"math"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
)

// Parse reads a text that is a date and time, in one of the forms that
// [Cut] knows, also in brackets, or a number that is the time since the
// epoch. Without a zone the time is in loc.
func Parse(text []byte, loc *time.Location) (pcommon.Timestamp, bool) {
	if t, ok := parseTime(text, loc); ok {
		return t, true
	}
	inner := bytes.TrimSpace(text)
	if n := len(inner); n > 2 && inner[0] == '[' && inner[n-1] == ']' {
		inner = bytes.TrimSpace(inner[1 : n-1])
	}
	if len(inner) == len(text) {
		return 0, false
	}
	return parseTime(inner, loc)
}

// parseTime is Parse without blanks and brackets.
func parseTime(text []byte, loc *time.Location) (pcommon.Timestamp, bool) {
	if t, rest, ok := Cut(text, loc); ok && len(rest) == 0 {
		return t, t != 0
	}
	return parseEpoch(text)
}

// Cut reads a date and time at the head of text and returns what follows
// it. A date is written as in ISO 8601 (also with slashes, or without separators
// and with a T behind it), with the month's name (01/Oct/2025, RFC 5322, ctime), or
// as %m/%d/%Y with AM or PM; the order of other numbers would be a guess.
//
// The timestamp is 0 where the zone is one whose offset is not known.
func Cut(text []byte, loc *time.Location) (_ pcommon.Timestamp, rest []byte, ok bool) {
	var m moment
	if rest, ok = m.parseISO(text); !ok {
		if rest, ok = m.parseOther(text); !ok {
			return 0, nil, false
		}
	}
	return m.timestamp(loc, rest)
}

// moment is a date and time as it is written.
type moment struct {
	year, month, day, hour, minute, second, nanos int
	// halves says that it is written with AM or PM.
	halves bool
	// zoned says that there is an offset from UTC in seconds, and zone is the
	// abbreviation of a zone, which may not tell one.
	zoned  bool
	offset int
	zone   []byte
}

// parseISO reads a year, month and day with "-" (or "/", or ".") between them, "T"
// or a blank, the time and the zone.
func (m *moment) parseISO(text []byte) (rest []byte, ok bool) {
	const date = "2006-01-02T"
	if len(text) < len(date) || text[4] != text[7] || (text[4] != '-' && text[4] != '/' && text[4] != '.') ||
		(text[10] != 'T' && text[10] != ' ' && text[10] != 't') {
		return nil, false
	}
	century, ok1 := pair(text)
	year, ok2 := pair(text[2:])
	month, ok3 := pair(text[5:])
	day, ok4 := pair(text[8:])
	if !ok1 || !ok2 || !ok3 || !ok4 {
		return nil, false
	}
	m.year, m.month, m.day = century*100+year, month, day
	if rest, ok = m.parseClock(text[len(date):]); !ok {
		return nil, false
	}
	return m.parseZone(rest), true
}

// parseClock reads hours and minutes, seconds and their fraction where they are
// there, and AM or PM.
func (m *moment) parseClock(text []byte) (rest []byte, ok bool) {
	colon := 2
	if len(text) > 1 && text[1] == ':' {
		colon = 1
	}
	if len(text) < colon+3 || text[colon] != ':' {
		return nil, false
	}
	var ok1, ok2 bool
	m.hour, ok1 = digits(text[:colon])
	m.minute, ok2 = pair(text[colon+1:])
	if !ok1 || !ok2 {
		return nil, false
	}
	rest = text[colon+3:]
	if len(rest) > 2 && rest[0] == ':' {
		if second, ok := pair(rest[1:]); ok {
			m.second = second
			m.nanos, rest = parseFraction(rest[3:])
		}
	}
	if len(rest) > 0 && isDigit(rest[0]) {
		return nil, false
	}
	return m.parseMeridiem(rest), true
}

// parseMeridiem reads AM or PM behind an hour from 1 to 12.
func (m *moment) parseMeridiem(text []byte) (rest []byte) {
	half := bytes.TrimPrefix(text, []byte(" "))
	if len(half) < 2 || half[1]|0x20 != 'm' || !endsWord(half[2:]) || m.hour < 1 || m.hour > 12 {
		return text
	}
	switch half[0] | 0x20 {
	case 'a':
		m.hour %= 12
	case 'p':
		m.hour = m.hour%12 + 12
	default:
		return text
	}
	m.halves = true
	return half[2:]
}

// parseFraction reads the fraction of a second behind "." or ",", or three, six or
// nine digits of it behind ":".
func parseFraction(text []byte) (nanos int, rest []byte) {
	if len(text) < 2 || (text[0] != '.' && text[0] != ',' && text[0] != ':') || !isDigit(text[1]) {
		return 0, text
	}
	i, scale := 1, int(time.Second)
	for ; i < len(text) && isDigit(text[i]); i++ {
		scale /= 10
		nanos += int(text[i]-'0') * scale
	}
	if text[0] == ':' && i != 4 && i != 7 && i != 10 {
		return 0, text
	}
	return nanos, text[i:]
}

// timestamp is the moment in its own zone, or in loc. Its 60th second is the next
// minute's first, and the 24th hour is midnight.
func (m *moment) timestamp(loc *time.Location, rest []byte) (pcommon.Timestamp, []byte, bool) {
	if m.month < 1 || m.month > 12 || m.day < 1 || m.day > m.daysOfMonth() || m.minute > 59 || m.second > 60 ||
		m.hour > 24 || m.hour == 24 && m.minute+m.second+m.nanos > 0 {
		return 0, nil, false
	}
	if m.zone != nil {
		m.resolveZone(loc)
	}
	seconds := m.seconds() - int64(m.offset)
	if !m.zoned && loc != time.UTC {
		seconds = m.in(loc).Unix()
	}
	if seconds < 0 || seconds > math.MaxInt64/int64(time.Second)-1 {
		return 0, nil, false
	}
	if m.zone != nil && !m.zoned {
		return 0, rest, true
	}
	return pcommon.Timestamp(seconds*int64(time.Second) + int64(m.nanos)), rest, true
}

func (m *moment) in(loc *time.Location) time.Time {
	return time.Date(m.year, time.Month(m.month), m.day, m.hour, m.minute, m.second, 0, loc)
}

// daysBefore has the days of a year before each month, without 29 February.
var daysBefore = [...]int{0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365}

func (m *moment) isLeapYear() bool { return m.year%4 == 0 && (m.year%100 != 0 || m.year%400 == 0) }

func (m *moment) daysOfMonth() int {
	if m.month == 2 && m.isLeapYear() {
		return 29
	}
	return daysBefore[m.month] - daysBefore[m.month-1]
}

// seconds is the time since the epoch if the moment is one of UTC. time.Date
// tells the same and takes twice as long.
func (m *moment) seconds() int64 {
	const daysTo1970 = 719_162
	years := m.year - 1
	days := years*365 + years/4 - years/100 + years/400 - daysTo1970 + daysBefore[m.month-1] + m.day - 1
	if m.month > 2 && m.isLeapYear() {
		days++
	}
	return int64(days)*86_400 + int64(m.hour*3600+m.minute*60+m.second)
}
