// Package window holds what a rule remembers of the records of one group: enough to tell
// whether its condition holds, in a space that the rule bounds and not the records. It
// knows no clock but the times that it is told.
//
// What a window holds is the same in whatever order its records come, as far as it has
// room to remember them.
package window

import (
	"math"
	"time"
)

// Kind is what is asked of the records of a group.
type Kind int

// The kinds.
const (
	// Count asks whether there are more than Threshold records.
	Count Kind = iota
	// Distinct asks whether they have more than Threshold different values.
	Distinct
	// Consecutive asks whether so many as Records in a row match.
	Consecutive
	// Absence asks whether none has come.
	Absence
)

// MaxExact is the highest threshold up to which records are remembered one by one. Above,
// Count is of sub-windows, and Distinct is not to be had.
const MaxExact = 1024

// never is later than any time.
const never = math.MaxInt64

// Spec is what a rule asks of each of its groups.
type Spec struct {
	Kind Kind
	// Window is how far Count and Distinct look back, and how long nothing comes until
	// Absence holds.
	Window time.Duration
	// Threshold is how many there may be before Count and Distinct hold.
	Threshold int
	// Records is how many records in a row must match for Consecutive to hold.
	Records int
	// Within is how long after a match of Consecutive the next one belongs to its run.
	Within time.Duration
	// Lateness is how much older than its window a record may be without being late.
	Lateness time.Duration
}

// Record is what a window sees of a record. Its times are in nanoseconds since the epoch.
type Record struct {
	// Time is when it happened.
	Time int64
	// Order is when it was read, which tells the order of records also where batches
	// overtake each other.
	Order int64
	// ID is its identity. Only Count knows by it what comes again, up to MaxExact.
	ID uint64
	// Value stands for the value that Distinct tells apart.
	Value uint64
	// Match says for Consecutive whether it satisfies the condition.
	Match bool
}

// Outcome is what a record has done to a window.
type Outcome struct {
	// Changed says that the window has to be stored.
	Changed bool
	// Late says that the record came too late to be judged.
	Late bool
	// Missed is what held, and has ended since, where a record of Consecutive came after
	// the one that ended its run. It holds where there is such a run.
	Missed State
}

// State is what a window says at a time.
type State struct {
	Holds bool
	// Value is how many records there are, in the window or in a row, how many different
	// values, or how many seconds there has been no record. No more are counted than are
	// remembered: one above the threshold up to MaxExact, and of a row roomFor.
	Value float64
	// Until is when Holds turns if nothing comes: the first time at which it is another.
	Until int64
	// First and Last are the times of the first and the last record that Value counts, to
	// the sub-window where there are any; 0 without a record.
	First, Last int64
}

// Window is what is remembered of a group.
type Window interface {
	// Add puts a record into the window.
	Add(Record) Outcome
	// At tells how things stand at a time, which is not before Newest: an earlier one is
	// taken for that.
	At(now int64) State
	// Newest returns the time of the newest record, 0 without one.
	Newest() int64
	// AppendBinary appends what UnmarshalBinary takes.
	AppendBinary([]byte) ([]byte, error)
	// UnmarshalBinary makes the window what another one of its Spec was. Bytes that are
	// damaged, or another kind's, are an error, and leave the window as it is.
	UnmarshalBinary([]byte) error
}

// New returns an empty window. The windows of a rule share its Spec.
func (s *Spec) New() Window {
	switch {
	case s.Kind == Absence:
		return &absence{spec: s}
	case s.Kind == Consecutive:
		return &consecutive{spec: s}
	case s.Kind == Count && s.Threshold > MaxExact:
		return &subWindows{spec: s}
	}
	return &latest{spec: s}
}

// late reports whether a record is too old to be judged beside the newest one.
func (s *Spec) late(at, newest int64) bool { return at < newest-int64(s.Window+s.Lateness) }

// withRoom returns a slice with room for one more, and for no more than there may be: most
// groups never have many.
func withRoom[T any](s []T, most int) []T {
	if len(s) < cap(s) {
		return s
	}
	return append(make([]T, 0, min(max(2*len(s), 1), most)), s...)
}
