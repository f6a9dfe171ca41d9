package destination

import (
	"errors"
	"fmt"
	"math"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
)

// AcceptConfig says which times a destination is known to take. What is outside of them
// would be refused, or dropped with a friendly answer, beside records that are taken.
type AcceptConfig struct {
	// Past is how old a record may be. Older ones are dead letters and not sent.
	// Default: 0, any age.
	Past time.Duration `mapstructure:"past"`
	// Future is how far ahead of this host's clock a record may be. Those further
	// ahead are dead letters and not sent. Default: 0, any time.
	Future time.Duration `mapstructure:"future"`
	// Span is how far apart the records of one request may be. A batch that is longer
	// is sent in several requests. Default: 0, any span.
	Span time.Duration `mapstructure:"span"`
	_    struct{}
}

// Validate reports what cannot be used.
func (c *AcceptConfig) Validate() error {
	var errs []error
	for _, bound := range []struct {
		key   string
		value time.Duration
	}{{"past", c.Past}, {"future", c.Future}, {"span", c.Span}} {
		if bound.value < 0 {
			errs = append(errs, fmt.Errorf("%s must not be negative (got %s); 0 is no bound", bound.key, bound.value))
		}
	}
	return errors.Join(errs...)
}

// TimeBound is one end of the times that a destination takes.
type TimeBound struct {
	// Reason is that of the dead letters that are beyond it.
	Reason   string
	from, to pcommon.Timestamp
}

// Bounds returns both ends as of now.
func (c *AcceptConfig) Bounds(now time.Time) [2]TimeBound {
	bounds := [2]TimeBound{{Reason: tooOld, to: math.MaxUint64}, {Reason: tooNew, to: math.MaxUint64}}
	at := pcommon.NewTimestampFromTime(now)
	if past := pcommon.Timestamp(c.Past); past > 0 && past < at {
		bounds[0].from, bounds[0].to = at-past, math.MaxInt64 // what is above is before 1970 for most
	}
	if c.Future > 0 {
		bounds[1].to = at + pcommon.Timestamp(c.Future)
	}
	return bounds
}

// Holds reports whether all records are within the bound.
func (b TimeBound) Holds(logs plog.Logs) bool {
	if b.from == 0 && b.to == math.MaxUint64 {
		return true
	}
	first, last := times(logs)
	return last == 0 || b.from <= first && last <= b.to
}

// Divide returns the records that are within the bound, the same batch if there are no
// others, and those that are beyond it, if there are any.
func (b TimeBound) Divide(logs plog.Logs) (within, beyond plog.Logs, divided bool) {
	if b.Holds(logs) {
		return logs, plog.Logs{}, false
	}
	within, beyond = partition(logs, func(at pcommon.Timestamp) bool { return at == 0 || b.from <= at && at <= b.to })
	return within, beyond, true
}

// NextRequest returns the records that can be sent in one request, the oldest first, and
// the others, if there are any.
func (c *AcceptConfig) NextRequest(logs plog.Logs) (next, later plog.Logs, divided bool) {
	span := pcommon.Timestamp(c.Span)
	if span == 0 {
		return logs, plog.Logs{}, false
	}
	first, last := times(logs)
	if last-first <= span {
		return logs, plog.Logs{}, false
	}
	next, later = partition(logs, func(at pcommon.Timestamp) bool { return at == 0 || at-first <= span })
	return next, later, true
}

// partition copies records into those whose time is chosen, and the others.
func partition(logs plog.Logs, chosen func(pcommon.Timestamp) bool) (those, others plog.Logs) {
	those = where(logs, func(_ int, p place) bool { return chosen(timeOf(p.record)) })
	others = where(logs, func(_ int, p place) bool { return !chosen(timeOf(p.record)) })
	return those, others
}

// times returns the first and the last time of records that have one, or 0.
func times(logs plog.Logs) (first, last pcommon.Timestamp) {
	for _, rl := range logs.ResourceLogs().All() {
		for _, sl := range rl.ScopeLogs().All() {
			for _, record := range sl.LogRecords().All() {
				at := timeOf(record)
				last = max(last, at)
				if at != 0 && (at < first || first == 0) {
					first = at
				}
			}
		}
	}
	return first, last
}

// timeOf returns the time that counts for a destination, or 0.
func timeOf(record plog.LogRecord) pcommon.Timestamp {
	if at := record.Timestamp(); at != 0 {
		return at
	}
	return record.ObservedTimestamp()
}
