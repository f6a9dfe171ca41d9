package alertconnector

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/cenkalti/backoff/v5"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.uber.org/zap"
)

// maxWaiting is how many transitions may wait for the pipelines behind the connector.
const maxWaiting = 10_000

// outbox hands on transitions, in their order, each until it is taken. It hands on none
// before it is stored: a kill would else repeat it with another beginning.
type outbox struct {
	next    consumer.Logs
	logger  *zap.Logger
	dropped func(n int)
	// delivered is told when some have been taken, and need not be stored any more.
	delivered func()
	wake      chan struct{}

	mu sync.Mutex
	// waiting are the transitions, of which so many may go, and last is the number of
	// the last one.
	waiting []numbered
	ready   int
	last    uint64
	// taken are the numbers of those that have been taken.
	taken []uint64
}

type numbered struct {
	number uint64
	record plog.Logs
}

func newOutbox(next consumer.Logs, logger *zap.Logger, dropped func(int), delivered func()) *outbox {
	return &outbox{next: next, logger: logger, dropped: dropped, delivered: delivered, wake: make(chan struct{}, 1)}
}

// add enters a transition, and returns its number.
func (o *outbox) add(record plog.Logs) uint64 {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.last++
	o.waiting = append(o.waiting, numbered{o.last, record})
	if over := len(o.waiting) - maxWaiting; over > 0 {
		o.drop(over)
	}
	return o.last
}

func (o *outbox) drop(n int) {
	for _, oldest := range o.waiting[:n] {
		o.taken = append(o.taken, oldest.number)
	}
	o.waiting, o.ready = slices.Delete(o.waiting, 0, n), max(0, o.ready-n)
	o.dropped(n)
}

// restore enters a transition that was stored, in the order of the numbers.
func (o *outbox) restore(number uint64, record plog.Logs) {
	o.waiting = append(o.waiting, numbered{number, record})
	o.last, o.ready = number, len(o.waiting)
}

// release lets go all that have been entered.
func (o *outbox) release() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.ready = len(o.waiting)
	select {
	case o.wake <- struct{}{}:
	default:
	}
}

// forget returns the numbers of those that need not be stored any more.
func (o *outbox) forget() (numbers []uint64) {
	o.mu.Lock()
	defer o.mu.Unlock()
	numbers, o.taken = o.taken, nil
	return numbers
}

// run hands on until the context ends.
func (o *outbox) run(ctx context.Context) {
	for {
		select {
		case <-o.wake:
			o.handOn(ctx)
		case <-ctx.Done():
			return
		}
	}
}

// handOn hands on what is ready, until it is taken.
func (o *outbox) handOn(ctx context.Context) {
	pause := backoff.NewExponentialBackOff()
	pause.InitialInterval, pause.MaxInterval = 100*time.Millisecond, 5*time.Second
	for failing := false; ; {
		records, last := o.readyRecords()
		if records.LogRecordCount() == 0 {
			return
		}
		err := o.next.ConsumeLogs(ctx, records)
		if err == nil {
			o.take(last)
			failing = false
			pause.Reset()
			continue
		}
		if ctx.Err() != nil {
			return
		}
		if !failing {
			failing = true
			o.logger.Warn("The pipelines behind the connector do not take the transitions of alerts; they are handed on until they do", zap.Error(err))
		}
		select {
		case <-time.After(pause.NextBackOff()):
		case <-ctx.Done():
			return
		}
	}
}

// readyRecords returns a copy of what is ready, and the number of the last of it.
func (o *outbox) readyRecords() (records plog.Logs, last uint64) {
	o.mu.Lock()
	defer o.mu.Unlock()
	records = plog.NewLogs()
	for _, transition := range o.waiting[:o.ready] {
		last = transition.number
		appendTo(records.ResourceLogs(), transition.record)
	}
	return records, last
}

// appendTo appends a transition, to the last ones if they are of the same resource.
func appendTo(records plog.ResourceLogsSlice, transition plog.Logs) {
	rl := transition.ResourceLogs().At(0)
	if n := records.Len(); n > 0 && records.At(n-1).Resource().Attributes().Equal(rl.Resource().Attributes()) {
		rl.ScopeLogs().At(0).LogRecords().At(0).CopyTo(records.At(n - 1).ScopeLogs().At(0).LogRecords().AppendEmpty())
		return
	}
	rl.CopyTo(records.AppendEmpty())
}

// take notes that all up to a number have been taken.
func (o *outbox) take(last uint64) {
	o.mu.Lock()
	n := 0
	for n < len(o.waiting) && o.waiting[n].number <= last {
		o.taken = append(o.taken, o.waiting[n].number)
		n++
	}
	o.waiting, o.ready = slices.Delete(o.waiting, 0, n), max(0, o.ready-n)
	o.mu.Unlock()
	o.delivered()
}

// empty reports whether nothing waits.
func (o *outbox) empty() bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return len(o.waiting) == 0
}
