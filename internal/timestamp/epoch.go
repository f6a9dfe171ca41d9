package timestamp

import (
	"bytes"
	"math"
	"strconv"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
)

// A number is a time only if it is one between 2000 and 2100: a duration, a count or
// the digits of a date make no record one of 1970 or 2611.
const (
	epochBegin = 946_684_800
	epochEnd   = 4_102_444_800
)

// epochUnit returns the nanoseconds of the unit in which n is a time since the
// epoch, of seconds, milliseconds, microseconds and nanoseconds. No number is one in
// two units.
func epochUnit(n float64) (nanos int64, ok bool) {
	for unit := time.Second; unit > 0; unit /= 1000 {
		if scale := float64(time.Second / unit); epochBegin*scale <= n && n < epochEnd*scale {
			return int64(unit), true
		}
	}
	return 0, false
}

// parseEpoch reads a time since the epoch, also with a fraction of its unit.
func parseEpoch(text []byte) (pcommon.Timestamp, bool) {
	whole, fraction, _ := bytes.Cut(text, []byte("."))
	n, err := strconv.ParseInt(string(whole), 10, 64)
	if _, isNumber := digits(fraction); err != nil || !isNumber && len(fraction) > 0 {
		return parseEpochFloat(text)
	}
	unit, ok := epochUnit(float64(n))
	if !ok {
		return 0, false
	}
	nanos := n * unit
	for _, c := range fraction {
		unit /= 10
		nanos += int64(c-'0') * unit
	}
	return pcommon.Timestamp(nanos), true
}

// parseEpochFloat reads a time with an exponent, to the microsecond that a double has.
func parseEpochFloat(text []byte) (pcommon.Timestamp, bool) {
	if len(text) == 0 || !isDigit(text[0]) || bytes.ContainsAny(text, "xX_") {
		return 0, false
	}
	f, err := strconv.ParseFloat(string(text), 64)
	if err != nil {
		return 0, false
	}
	unit, ok := epochUnit(f)
	if !ok {
		return 0, false
	}
	micros := math.Round(f * float64(unit) / float64(time.Microsecond))
	return pcommon.Timestamp(int64(micros) * int64(time.Microsecond)), true
}
