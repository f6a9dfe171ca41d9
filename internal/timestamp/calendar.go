package timestamp

import "bytes"

// parseOther reads the date and time in a form other than ISO 8601's extended one.
func (m *moment) parseOther(text []byte) (rest []byte, ok bool) {
	const shortest = len("20251001T1612")
	if len(text) < shortest {
		return nil, false
	}
	if _, isYear := digits(text[:4]); isYear {
		return m.parseBasic(text)
	}
	date, named := cutWeekday(text)
	switch {
	case len(date) == 0:
		return nil, false
	case isDigit(date[0]):
		rest, ok = m.parseDayFirst(date)
	default:
		rest, ok = m.parseMonthFirst(date)
	}
	if ok && named {
		rest = cutComment(rest)
	}
	return rest, ok
}

// parseBasic reads ISO 8601's basic form, 20251001T161205Z, and a date without
// separators in front of a time that has some.
func (m *moment) parseBasic(text []byte) (rest []byte, ok bool) {
	date, rest, ok := cutNumber(text, 8, 8)
	if !ok || len(rest) == 0 {
		return nil, false
	}
	m.year, m.month, m.day = date/10_000, date/100%100, date%100
	if rest[0] == ' ' {
		if rest, ok = m.parseClock(rest[1:]); !ok {
			return nil, false
		}
		return m.parseZone(rest), true
	}
	if rest[0]|0x20 != 't' {
		return nil, false
	}
	clock, behind, long := cutNumber(rest[1:], 6, 6)
	if !long {
		if clock, behind, ok = cutNumber(rest[1:], 4, 4); !ok {
			return nil, false
		}
		clock *= 100
	}
	m.hour, m.minute, m.second = clock/10_000, clock/100%100, clock%100
	if long {
		m.nanos, behind = parseFraction(behind)
	}
	if len(behind) > 0 && isDigit(behind[0]) {
		return nil, false
	}
	return m.parseZone(behind), true
}

// parseDayFirst reads 01/Oct/2025:16:12:05 +0000, 1 Oct 2025 16:12:05 GMT and
// 01.10.2025 16:12:05; and 10/01/2025 04:12:05 PM, which is American if it has the
// American clock. Without it no one knows whether its day is the first or the tenth.
func (m *moment) parseDayFirst(text []byte) (rest []byte, ok bool) {
	if m.day, rest, ok = cutNumber(text, 1, 2); !ok || len(rest) < 2 {
		return nil, false
	}
	separator := rest[0]
	if separator != '/' && separator != '-' && separator != '.' && separator != ' ' {
		return nil, false
	}
	american := false
	if isDigit(rest[1]) {
		american = separator == '/'
		if m.month, rest, ok = cutNumber(rest[1:], 1, 2); separator != '/' && separator != '.' {
			return nil, false
		}
	} else {
		m.month, rest, ok = cutMonth(rest[1:])
	}
	if !ok || len(rest) == 0 || rest[0] != separator {
		return nil, false
	}
	if american {
		m.day, m.month = m.month, m.day
	}
	if m.year, rest, ok = cutNumber(rest[1:], 4, 4); !ok {
		return nil, false
	}
	rest, ok = m.parseClock(behindDate(rest))
	if !ok || american && !m.halves {
		return nil, false
	}
	return m.parseZone(rest), true
}

// parseMonthFirst reads Oct  1 16:12:05 2025, as ctime writes it, with a zone in
// front of the year as date(1) does, and Oct 1, 2025 16:12:05. Without a year, as in
// syslog, it is no date.
func (m *moment) parseMonthFirst(text []byte) (rest []byte, ok bool) {
	if m.month, rest, ok = cutMonth(text); !ok {
		return nil, false
	}
	if m.day, rest, ok = cutNumber(bytes.TrimLeft(rest, " "), 1, 2); !ok {
		return nil, false
	}
	rest = bytes.TrimPrefix(bytes.TrimPrefix(rest, []byte(",")), []byte(" "))
	if year, clock, ok := cutNumber(rest, 4, 4); ok {
		m.year = year
		if rest, ok = m.parseClock(behindDate(clock)); !ok {
			return nil, false
		}
		return m.parseZone(rest), true
	}
	if rest, ok = m.parseClock(rest); !ok {
		return nil, false
	}
	m.year, rest, ok = cutNumber(bytes.TrimPrefix(m.parseZone(rest), []byte(" ")), 4, 4)
	return rest, ok && endsWord(rest)
}

// behindDate cuts what stands between a date and its time. What remains is no clock
// if that is something else.
func behindDate(text []byte) []byte {
	if rest, found := bytes.CutPrefix(text, []byte(", ")); found {
		return rest
	}
	if len(text) > 0 && (text[0] == ' ' || text[0] == ':') {
		return text[1:]
	}
	return nil
}

// monthNames and weekdayNames are those of the C locale, in lower case.
var (
	monthNames = [...]string{
		"january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december",
	}
	weekdayNames = [...]string{"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"}
)

func cutMonth(text []byte) (month int, rest []byte, ok bool) {
	index, rest := cutName(text, monthNames[:])
	return index + 1, rest, index >= 0
}

// cutWeekday cuts the name of a day and the comma and blank behind it.
func cutWeekday(text []byte) (rest []byte, ok bool) {
	index, rest := cutName(text, weekdayNames[:])
	if index < 0 {
		return text, false
	}
	return bytes.TrimPrefix(bytes.TrimPrefix(rest, []byte(",")), []byte(" ")), true
}

// cutName reads one of the names, or its first three letters, and returns its index,
// or -1.
func cutName(text []byte, names []string) (index int, rest []byte) {
	const short = 3
	length := 0
	for length < len(text) && isLetter(text[length]) {
		length++
	}
	if length < short {
		return -1, nil
	}
	for i, name := range names {
		if (length == short || length == len(name)) && equalLower(text[:length], name[:length]) {
			return i, text[length:]
		}
	}
	return -1, nil
}

// equalLower compares letters with those of a name in lower case.
func equalLower(text []byte, name string) bool {
	for i, c := range text {
		if c|0x20 != name[i] {
			return false
		}
	}
	return true
}

// cutComment cuts what RFC 5322 and JavaScript write behind an offset: (UTC).
func cutComment(text []byte) (rest []byte) {
	comment, found := bytes.CutPrefix(text, []byte(" ("))
	end := bytes.IndexByte(comment, ')')
	if !found || end < 0 {
		return text
	}
	return comment[end+1:]
}
