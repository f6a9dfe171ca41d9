package alertconnector

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/mina-observability/otelcol-mina/connector/alertconnector/internal/rule"
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
	found := e.find(ctx, logs, now, (*pooled)[:0])
	defer func() {
		clear(found.hits)
		*pooled = found.hits
		e.hits.Put(pooled)
	}()
	pass := turn.Await(ctx, e)
	defer pass()
	e.evaluated.Add(int64(logs.LogRecordCount()))
	e.last.Store(now.UnixNano())

	e.mu.Lock()
	defer e.mu.Unlock()
	e.expect(found.oldest)
	for i := range found.hits {
		found.hits[i].rule.Judge(&found.hits[i].Hit)
	}
	return len(found.hits) > 0, e.advance(e.clock.come(found.newest, now))
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
