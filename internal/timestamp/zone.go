package timestamp

import (
	"bytes"
	"time"
)

// minus is the sign of ISO 8601, for which "-" stands in.
var minus = []byte("−")

// parseZone reads the zone behind a time, also behind a blank, and returns the text
// if there is none.
func (m *moment) parseZone(text []byte) (rest []byte) {
	zone, isBehindBlank := bytes.CutPrefix(text, []byte(" "))
	rest, ok := m.cutZone(zone)
	if !ok || isBehindBlank && isCount(zone, rest) {
		m.zoned, m.offset = false, 0
		rest = text
	}
	return m.cutArea(rest)
}

// cutZone reads an offset from UTC, "Z", "UTC" or "GMT", "UTC+2", or a zone's name.
func (m *moment) cutZone(text []byte) (rest []byte, ok bool) {
	switch {
	case len(text) == 0:
		return nil, false
	case text[0] == '+' || text[0] == '-' || text[0] == minus[0]:
		rest, ok = m.cutOffset(text, 2)
		return m.cutSecondName(rest), ok
	case bytes.HasPrefix(text, []byte("UTC")) || bytes.HasPrefix(text, []byte("GMT")):
		if rest, ok = m.cutOffset(text[3:], 1); ok {
			return rest, true
		}
		m.zoned = endsWord(text[3:])
		return text[3:], m.zoned
	case text[0]|0x20 == 'z':
		m.zoned = endsWord(text[1:])
		return text[1:], m.zoned
	default:
		if rest, ok = cutZoneName(text); ok {
			m.zone = text[:len(text)-len(rest)]
		}
		return rest, ok
	}
}

// isCount reports whether what was taken for an offset is a number of something: -08 rows.
func isCount(zone, rest []byte) bool {
	offset := zone[:len(zone)-len(rest)]
	_, isNumber := digits(offset[1:])
	return isNumber && len(offset) == len("-08") && len(rest) > 1 && rest[0] == ' ' && rest[1]-'a' < 26
}

// cutSecondName cuts what says the same as the offset in front of it: the "Z" of
// datetime.isoformat() + "Z", and %Z behind %z, as in +0200 CEST.
func (m *moment) cutSecondName(text []byte) (rest []byte) {
	name := bytes.TrimPrefix(text, []byte(" "))
	for _, zulu := range [...]string{"Z", "UTC", "GMT"} {
		if rest, found := bytes.CutPrefix(name, []byte(zulu)); found && m.offset == 0 && endsWord(rest) {
			return rest
		}
	}
	if rest, found := cutZoneName(name); found {
		return rest
	}
	return text
}

// cutOffset reads an offset whose hours have so many digits or two: +02:00, +0200, +02.
func (m *moment) cutOffset(text []byte, fewest int) (rest []byte, ok bool) {
	rest, west := bytes.CutPrefix(text, minus)
	if !west {
		if len(text) == 0 || text[0] != '+' && text[0] != '-' {
			return nil, false
		}
		west, rest = text[0] == '-', text[1:]
	}
	hours, rest, ok := cutNumber(rest, fewest, 2)
	if !ok || hours > 23 {
		return nil, false
	}
	minutes := 0
	if n, tail, ok := cutNumber(bytes.TrimPrefix(rest, []byte(":")), 2, 2); ok && n < 60 {
		minutes, rest = n, tail
	}
	if len(rest) > 0 && (isDigit(rest[0]) || isLetter(rest[0]) && rest[0] != 'Z') {
		return nil, false
	}
	m.zoned, m.offset = true, hours*3600+minutes*60
	if west {
		m.offset = -m.offset
	}
	return rest, true
}

// longestArea is the length in bytes of the longest name of an area in brackets.
const longestArea = 40

// cutArea reads what Java writes behind a time: [Europe/Berlin] behind an offset,
// which it does not change, and [UTC] by itself.
func (m *moment) cutArea(text []byte) (rest []byte) {
	if len(text) == 0 || text[0] != '[' {
		return text
	}
	end := bytes.IndexByte(text[:min(len(text), longestArea)], ']')
	if end < 0 {
		return text
	}
	switch name := text[1:end]; {
	case string(name) == "UTC" || string(name) == "GMT" || string(name) == "Z":
		m.zoned = true
	case !m.zoned || !isArea(name):
		return text
	}
	return text[end+1:]
}

// isArea reports whether a name looks like one of the IANA's database.
func isArea(name []byte) bool {
	for _, c := range name {
		if c != '/' && c != '_' && c != '-' && c != '+' && !isLetter(c) && !isDigit(c) {
			return false
		}
	}
	return bytes.IndexByte(name, '/') > 0
}

// cutZoneName cuts the abbreviation of a zone, as %Z prints it.
func cutZoneName(text []byte) (rest []byte, ok bool) {
	end := 0
	for end < len(text) && end < 5 && 'A' <= text[end] && text[end] <= 'Z' {
		end++
	}
	return text[end:], endsWord(text[end:]) && isZoneName(text[:end])
}

// isZoneName knows the abbreviations that are no words of a log line.
func isZoneName(name []byte) bool {
	switch string(name) {
	case "CET", "CEST", "EET", "EEST", "WET", "WEST", "MSK", "BST", "IST", "SAST", "EAT", "WAT",
		"EST", "EDT", "CST", "CDT", "MST", "MDT", "PST", "PDT", "AKST", "AKDT", "HST", "AST", "ADT", "NST", "NDT",
		"JST", "KST", "HKT", "PKT", "AEST", "AEDT", "ACST", "ACDT", "AWST", "NZST", "NZDT":
		return true
	}
	return false
}

// resolveZone finds the offset of a zone's abbreviation. Most have several in the
// world: one counts only if the location has it about then, which also tells the two
// hours apart that a clock shows when it is set back.
func (m *moment) resolveZone(loc *time.Location) {
	const change = 3 * time.Hour
	t := m.in(loc)
	for _, near := range [...]time.Time{t, t.Add(-change), t.Add(change)} {
		if name, offset := near.Zone(); name == string(m.zone) {
			m.zoned, m.offset = true, offset
			return
		}
	}
}

// endsWord reports whether a word may end in front of text.
func endsWord(text []byte) bool {
	return len(text) == 0 || !isLetter(text[0]) && !isDigit(text[0]) && text[0] != '_' && text[0] != '-' && text[0] != '/'
}
