package alertconnector

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/cespare/xxhash/v2"
	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/pdatautil"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	conventions "go.opentelemetry.io/otel/semconv/v1.40.0"

	"github.com/mina-observability/otelcol-mina/connector/alertconnector/internal/field"
	"github.com/mina-observability/otelcol-mina/connector/alertconnector/internal/rule"
	"github.com/mina-observability/otelcol-mina/connector/alertconnector/internal/window"
	"github.com/mina-observability/otelcol-mina/internal/minaattr"
	"github.com/mina-observability/otelcol-mina/internal/turn"
)

// maxAhead is how far a record's time may be ahead of the clock. One that is further is
// of a clock that is wrong, and must not end the windows of the others.
const maxAhead = 10 * time.Second

// evaluator judges records by rules.
type evaluator struct {
	rules  []*rule.Rule
	maxAge time.Duration
	failed func() // tells of a condition that could not be evaluated
	hits   sync.Pool

	// evaluated are the records that have been judged, and last is when, in nanoseconds
	// since the epoch.
	evaluated, last atomic.Int64

	mu    sync.Mutex
	clock streamClock
	// expecting says that rules wait for records, which begins with the first one that
	// comes where records of any age are judged, and else with the start.
	expecting bool
	// ticked is the time of the last tick, in nanoseconds since the epoch.
	ticked int64
}

func newEvaluator(rules []*rule.Rule, cfg *Config, failed func()) *evaluator {
	return &evaluator{
		rules: rules, maxAge: cfg.MaxAge, failed: failed, clock: streamClock{lateness: cfg.AllowedLateness},
		hits: sync.Pool{New: func() any { return new([]hit) }},
	}
}

// hit is a record that a rule has to judge.
type hit struct {
	rule *rule.Rule
	rule.Hit
}

// begin has time pass, after what was stored has been taken over.
func (e *evaluator) begin(now time.Time) {
	e.clock.begin(now)
	if e.maxAge > 0 {
		e.expect(now.UnixNano())
	}
}

func (e *evaluator) expect(now int64) {
	if e.expecting {
		return
	}
	e.expecting = true
	for _, r := range e.rules {
		r.Expect(now)
	}
}

// judge judges the records of a batch, in the order in which they were read, and reports
// whether a rule had to judge any, and whether that has changed anything. Which records a
// rule has to judge is found out beforehand, by several goroutines at once.
func (e *evaluator) judge(ctx context.Context, logs plog.Logs, now time.Time) (judged, changed bool) {
	pooled := e.hits.Get().(*[]hit)
	hits, oldest, newest := e.find(ctx, logs, now, (*pooled)[:0])
	defer func() {
		clear(hits)
		*pooled = hits
		e.hits.Put(pooled)
	}()
	pass := turn.Await(ctx, e)
	defer pass()
	e.evaluated.Add(int64(logs.LogRecordCount()))
	e.last.Store(now.UnixNano())

	e.mu.Lock()
	defer e.mu.Unlock()
	e.expect(oldest)
	for i := range hits {
		hits[i].rule.Judge(&hits[i].Hit)
	}
	return len(hits) > 0, e.advance(e.clock.come(newest, now))
}

// tick lets time pass without records.
func (e *evaluator) tick(now time.Time) (changed bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	latest := now.Add(maxAhead).UnixNano()
	if latest < e.ticked { // the clock has been set back
		e.clock.begin(now)
		for _, r := range e.rules {
			r.SetBack(now, latest)
		}
	}
	e.ticked = now.UnixNano()
	if e.clock.idle(now) {
		e.expect(now.UnixNano())
	}
	return e.advance(e.clock.now(now))
}

func (e *evaluator) advance(now int64) (changed bool) {
	for _, r := range e.rules {
		r.Advance(now)
		changed = changed || r.Changed()
	}
	return changed
}

// find appends the records that rules have to judge, in the order in which they were
// read, and returns the times of the oldest and the newest record.
func (e *evaluator) find(ctx context.Context, logs plog.Logs, now time.Time, hits []hit) (found []hit, oldest, newest int64) {
	latest, tooOld := now.Add(maxAhead).UnixNano(), int64(0)
	oldest = now.UnixNano()
	if e.maxAge > 0 {
		tooOld = now.Add(-e.maxAge).UnixNano()
	}
	known := identifier{}
	for _, rl := range logs.ResourceLogs().All() {
		for _, sl := range rl.ScopeLogs().All() {
			for _, record := range sl.LogRecords().All() {
				if record.EventName() == minaattr.EventAlert {
					continue // of a collector before this one, whose alert would be one more
				}
				source := field.Source{Resource: rl, Scope: sl, Record: record}
				order := timeOr(record.ObservedTimestamp(), now.UnixNano(), latest)
				at := timeOr(record.Timestamp(), order, latest)
				oldest, newest = min(oldest, at), max(newest, at)
				first := len(hits)
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
					hits = append(hits, hit{rule: r, Hit: rule.Hit{
						Source: source, Group: group, TooOld: at < tooOld,
						Record: window.Record{Time: at, Order: order, Value: r.Value(source), Match: matches},
					}})
				}
				if first < len(hits) {
					identity := known.of(source)
					for i := range hits[first:] {
						hits[first+i].Record.ID = identity
					}
				}
			}
		}
	}
	slices.SortStableFunc(hits, func(a, b hit) int { return cmp.Compare(a.Record.Order, b.Record.Order) })
	return hits, oldest, newest
}

// timeOr returns a time that a record has, or another one if it has none, or one that is of
// a wrong clock.
func timeOr(has pcommon.Timestamp, other, latest int64) int64 {
	if at := int64(has); at > 0 && at <= latest {
		return at
	}
	return other
}

// identifier tells records apart. It is of one batch.
type identifier struct {
	// equal is how many records of the batch have had the same content.
	equal map[uint64]uint64
}

// uid is the attribute that says so itself.
const uid = string(conventions.LogRecordUIDKey)

// of returns the identity of a record, by which it is known when it comes again: what it
// says itself, or what is in it, and which it is of those in its batch that are equal.
func (i *identifier) of(source field.Source) uint64 {
	if id, ok := source.Record.Attributes().Get(uid); ok {
		return xxhash.Sum64String(id.AsString())
	}
	content := contentOf(source)
	if i.equal == nil {
		i.equal = map[uint64]uint64{}
	}
	before := i.equal[content]
	i.equal[content]++
	return content + before*0x9e3779b97f4a7c15 // which keeps the sums apart
}

// contentOf returns a hash of a record's content. Without a time of its own, when it was
// read is what tells it from others.
func contentOf(source field.Source) uint64 {
	digest := xxhash.New()
	sums := [...][16]byte{
		pdatautil.MapHash(source.Resource.Resource().Attributes()),
		pdatautil.MapHash(source.Record.Attributes()),
		pdatautil.ValueHash(source.Record.Body()),
	}
	for i := range sums {
		_, _ = digest.Write(sums[i][:])
	}
	at := source.Record.Timestamp()
	if at == 0 {
		at = source.Record.ObservedTimestamp()
	}
	trace, span := source.Record.TraceID(), source.Record.SpanID()
	_, _ = digest.Write(trace[:])
	_, _ = digest.Write(span[:])
	_, _ = digest.WriteString(source.Scope.Scope().Name())
	return digest.Sum64() ^ uint64(at)*0x9e3779b97f4a7c15 ^ uint64(source.Record.SeverityNumber())
}
