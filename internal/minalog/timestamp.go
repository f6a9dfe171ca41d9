package minalog

import (
	"bytes"
	"math"
	"strconv"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
)

// parseTimestamp reads an ISO 8601 date and time, with "T" or a blank between
// them, a fraction after "." or ",", and an offset ("Z", "+00:00", "+0000",
// "+00", also after a blank). Without an offset the time is in loc. A number is
// taken for the time since the epoch.
func parseTimestamp(text []byte, loc *time.Location) (pcommon.Timestamp, bool) {
	t, rest, ok := parseDateTime(text, loc)
	if ok && len(rest) == 0 {
		return t, true
	}
	return parseEpoch(text)
}

// parseDateTime reads a date and time at the head of text and returns what
// follows it.
func parseDateTime(text []byte, loc *time.Location) (_ pcommon.Timestamp, rest []byte, ok bool) {
	const layout = "2006-01-02T15:04:05"
	if len(text) < len(layout) || text[4] != '-' || text[7] != '-' || text[13] != ':' || text[16] != ':' ||
		(text[10] != 'T' && text[10] != ' ' && text[10] != 't') {
		return 0, nil, false
	}
	year, ok1 := digits(text[0:4])
	month, ok2 := digits(text[5:7])
	day, ok3 := digits(text[8:10])
	hour, ok4 := digits(text[11:13])
	minute, ok5 := digits(text[14:16])
	second, ok6 := digits(text[17:19])
	if !ok1 || !ok2 || !ok3 || !ok4 || !ok5 || !ok6 {
		return 0, nil, false
	}
	rest = text[len(layout):]
	nanos, rest := parseFraction(rest)
	offset, hasOffset, rest := parseOffset(rest)
	if hasOffset {
		loc = time.UTC
	}
	return timestampOf(year, month, day, hour, minute, second, nanos, offset, loc, rest)
}

func timestampOf(year, month, day, hour, minute, second, nanos, offset int, loc *time.Location, rest []byte) (pcommon.Timestamp, []byte, bool) {
	if month < 1 || month > 12 || day < 1 || day > 31 || hour > 23 || minute > 59 || second > 60 {
		return 0, nil, false
	}
	t := time.Date(year, time.Month(month), day, hour, minute, second, nanos, loc)
	// time.Date turns 30 February into 2 March; a clock change moves the hour only.
	if day > 28 && time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC).Day() != day {
		return 0, nil, false
	}
	return fromUnix(t.Unix()-int64(offset), int64(t.Nanosecond()), rest)
}

func fromUnix(seconds, nanos int64, rest []byte) (pcommon.Timestamp, []byte, bool) {
	if seconds < 0 || seconds > math.MaxInt64/int64(time.Second)-1 {
		return 0, nil, false
	}
	return pcommon.Timestamp(seconds*int64(time.Second) + nanos), rest, true
}

func parseFraction(text []byte) (nanos int, rest []byte) {
	if len(text) < 2 || (text[0] != '.' && text[0] != ',') || !isDigit(text[1]) {
		return 0, text
	}
	i, scale := 1, int(time.Second)
	for ; i < len(text) && isDigit(text[i]); i++ {
		scale /= 10
		nanos += int(text[i]-'0') * scale
	}
	return nanos, text[i:]
}

func parseOffset(text []byte) (seconds int, found bool, rest []byte) {
	zone := bytes.TrimPrefix(text, []byte(" "))
	if len(zone) == 0 {
		return 0, false, text
	}
	switch {
	case zone[0] == 'Z' || zone[0] == 'z':
		return 0, true, zone[1:]
	case bytes.HasPrefix(zone, []byte("UTC")):
		return 0, true, zone[3:]
	case zone[0] != '+' && zone[0] != '-' || len(zone) < 3:
		return 0, false, text
	}
	hours, ok := digits(zone[1:3])
	if !ok || hours > 23 {
		return 0, false, text
	}
	rest = zone[3:]
	seconds = hours * 3600
	tail := bytes.TrimPrefix(rest, []byte(":"))
	if len(tail) >= 2 {
		if minutes, ok := digits(tail[:2]); ok && minutes < 60 {
			seconds += minutes * 60
			rest = tail[2:]
		}
	}
	if zone[0] == '-' {
		seconds = -seconds
	}
	return seconds, true, rest
}

// parseEpoch reads a time since the epoch. Its magnitude tells the unit: a
// number of seconds has up to 11 digits before the point, milliseconds 14,
// microseconds 17, nanoseconds more.
func parseEpoch(text []byte) (pcommon.Timestamp, bool) {
	whole, fraction, _ := bytes.Cut(text, []byte("."))
	n, ok := parseInt(whole)
	if !ok || n <= 0 {
		return parseEpochFloat(text)
	}
	unit := int64(1)
	switch {
	case n < 1e11:
		unit = int64(time.Second)
	case n < 1e14:
		unit = int64(time.Millisecond)
	case n < 1e17:
		unit = int64(time.Microsecond)
	}
	if unit == int64(time.Second) && n > math.MaxInt64/int64(time.Second)-1 {
		return 0, false
	}
	nanos := n * unit
	for _, c := range fraction {
		if !isDigit(c) {
			return parseEpochFloat(text)
		}
		unit /= 10
		nanos += int64(c-'0') * unit
	}
	return pcommon.Timestamp(nanos), true
}

func parseEpochFloat(text []byte) (pcommon.Timestamp, bool) {
	seconds, err := strconv.ParseFloat(string(text), 64)
	if err != nil || seconds <= 0 || seconds >= 9e9 || math.IsNaN(seconds) {
		return 0, false
	}
	return pcommon.Timestamp(seconds * float64(time.Second)), true
}

// parseAccessTime reads the time of an access line: 01/Oct/2025:16:12:05 +0000.
func parseAccessTime(text []byte) (pcommon.Timestamp, bool) {
	const layout = "02/Jan/2006:15:04:05 -0700"
	if len(text) != len(layout) {
		return 0, false
	}
	t, err := time.Parse(layout, string(text))
	if err != nil {
		return 0, false
	}
	ts, _, ok := fromUnix(t.Unix(), 0, nil)
	return ts, ok
}

func isDigit(c byte) bool { return c-'0' < 10 }

// digits reads a number that consists of digits only.
func digits(text []byte) (n int, ok bool) {
	for _, c := range text {
		if !isDigit(c) {
			return 0, false
		}
		n = n*10 + int(c-'0')
	}
	return n, len(text) > 0
}

// parseInt reads a decimal integer of 64 bits.
func parseInt[T string | []byte](text T) (int64, bool) {
	start := 0
	if len(text) > 0 && text[0] == '-' {
		start = 1
	}
	if len(text) == start || len(text)-start > 19 {
		return 0, false
	}
	var n uint64
	for i := start; i < len(text); i++ {
		if !isDigit(text[i]) {
			return 0, false
		}
		n = n*10 + uint64(text[i]-'0')
	}
	if start > 0 {
		return -int64(n), n <= 1<<63
	}
	return int64(n), n <= math.MaxInt64
}
