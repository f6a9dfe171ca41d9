package alertconnector

import (
	"cmp"
	"context"
	"slices"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/mina-observability/otelcol-mina/connector/alertconnector/internal/field"
	"github.com/mina-observability/otelcol-mina/connector/alertconnector/internal/rule"
	"github.com/mina-observability/otelcol-mina/connector/alertconnector/internal/window"
	"github.com/mina-observability/otelcol-mina/internal/minaattr"
)

// hit is a record that a rule has to judge.
type hit struct {
	rule *rule.Rule
	rule.Hit
}

// finding is what rules have to judge of a batch. Its times are in nanoseconds since the
// epoch.
type finding struct {
	hits []hit
	// oldest and newest are the times of the oldest and the newest record.
	oldest, newest int64

	// now is what time it is, latest what a record may say, and tooOld what is not judged.
	now, latest, tooOld int64
	known               identifier
}

// find finds the records that rules have to judge, in the order in which they were read.
func (e *evaluator) find(ctx context.Context, logs plog.Logs, now time.Time, hits []hit) finding {
	f := finding{hits: hits, oldest: now.UnixNano(), now: now.UnixNano(), latest: now.Add(maxAhead).UnixNano()}
	if e.maxAge > 0 {
		f.tooOld = now.Add(-e.maxAge).UnixNano()
	}
	for source := range field.All(logs) {
		if source.Record.EventName() != minaattr.EventAlert { // of a collector before this one, whose alert would be one more
			e.consider(ctx, source, &f)
		}
	}
	slices.SortStableFunc(f.hits, func(a, b hit) int { return cmp.Compare(a.Record.Order, b.Record.Order) })
	return f
}

// consider finds the rules that have to judge a record.
func (e *evaluator) consider(ctx context.Context, source field.Source, f *finding) {
	order := timeOr(source.Record.ObservedTimestamp(), f.now, f.latest)
	at := timeOr(source.Record.Timestamp(), order, f.latest)
	f.oldest, f.newest = min(f.oldest, at), max(f.newest, at)
	first := len(f.hits)
	for _, r := range e.rules {
		counts, matches, err := r.Considers(ctx, source)
		if err != nil {
			e.failed()
		}
		if !counts {
			continue
		}
		group, ok := r.Fingerprint(source)
		if !ok {
			continue
		}
		f.hits = append(f.hits, hit{rule: r, Hit: rule.Hit{
			Source: source, Group: group, TooOld: at < f.tooOld,
			Record: window.Record{Time: at, Order: order, Value: r.Value(source), Match: matches},
		}})
	}
	if first == len(f.hits) {
		return
	}
	identity := f.known.of(source)
	for i := range f.hits[first:] {
		f.hits[first+i].Record.ID = identity
	}
}

// timeOr returns a time that a record has, or another one if it has none, or one that is of
// a wrong clock.
func timeOr(has pcommon.Timestamp, other, latest int64) int64 {
	if at := int64(has); at > 0 && at <= latest {
		return at
	}
	return other
}
