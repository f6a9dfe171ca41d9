package minalog

import (
	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/mina-observability/otelcol-mina/internal/timestamp"
)

// The names of the two halves of a time in Google Cloud's flat form.
const (
	timestampSeconds = "timestampSeconds"
	timestampNanos   = "timestampNanos"
)

// takeTimestamp returns the first time that can be read, or 0.
func (d *Decoder) takeTimestamp() pcommon.Timestamp {
	for v := d.field(fieldTimestamp); v != nil; v = d.next(fieldTimestamp) {
		if ts, ok := d.timestampOf(int(d.found[fieldTimestamp].index)); ok {
			d.take(fieldTimestamp)
			if d.found[fieldTimestamp].rank == d.secondsRank {
				ts += d.takeNanos()
			}
			return ts
		}
	}
	return 0
}

// takeNanos returns the other half of timestampSeconds.
func (d *Decoder) takeNanos() pcommon.Timestamp {
	v := d.json.member(timestampNanos)
	if v == nil || v.taken {
		return 0
	}
	nanos, ok := d.nanosOf(v)
	if ok {
		v.taken = true
		d.attributes--
	}
	return nanos
}

// timestampOf reads a text or a number, protobuf's {"seconds": …, "nanos": …}, or
// MongoDB's {"$date": …}.
func (d *Decoder) timestampOf(index int) (ts pcommon.Timestamp, ok bool) {
	values := d.json.values
	v := &values[index]
	if v.kind != jsonObject {
		return timestamp.Parse(d.bytesOf(v), d.location)
	}
	var nanos pcommon.Timestamp
	for i := index + 1; i < v.next; i = values[i].next {
		switch values[i].key.name {
		case "seconds", "$date", "$numberLong":
			ts, ok = d.timestampOf(i)
		case "nanos", "nanoseconds":
			nanos, _ = d.nanosOf(&values[i])
		}
	}
	return ts + nanos, ok
}

// nanosOf reads a part of a second.
func (d *Decoder) nanosOf(v *jsonValue) (pcommon.Timestamp, bool) {
	n, ok := parseInt(d.bytesOf(v))
	if !ok || n < 0 || n >= 1e9 {
		return 0, false
	}
	return pcommon.Timestamp(n), true
}
