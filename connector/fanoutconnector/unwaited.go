package fanoutconnector

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.opentelemetry.io/collector/pdata/plog"
	"go.uber.org/zap"
)

// shortPatience is how long an unwaited pipeline may keep the others waiting. It is more
// than an exporter takes to make a batch, and passes once: what comes then waits no more.
const shortPatience = 500 * time.Millisecond

var errNoQueue = errors.New("there is no queue on disk: the connector has no storage")

// always is a channel that is ready.
var always = func() <-chan struct{} {
	c := make(chan struct{})
	close(c)
	return c
}()

// letGo makes a lane that nobody waits for.
func (l *lane) letGo() {
	l.unwaited, l.spillAfter = true, min(l.spillAfter, shortPatience)
	l.count(l.counters.FanoutDroppedRecords, 0)
}

// setAside has a batch wait in the queue on disk, or drops it. An attempt to deliver it
// goes on, and takes it out again.
func (l *lane) setAside(batch plog.Logs, a *attempt) {
	records := batch.LogRecordCount()
	sequence, err := l.keep(batch, a != nil)
	switch {
	case err == nil:
		l.count(l.counters.FanoutSpilledRecords, records)
		if a != nil {
			l.follow(a, func() { l.settle(sequence, a.err) })
		}
	case a == nil:
		l.drop(records, err)
	default:
		l.late.Add(1)
		l.follow(a, func() {
			l.late.Add(-1)
			if a.err != nil {
				l.drop(records, err)
			}
		})
	}
}

// keep puts a batch into the queue, without waiting for room.
func (l *lane) keep(batch plog.Logs, out bool) (uint64, error) {
	if l.queue == nil {
		return 0, errNoQueue
	}
	value, err := encoder.MarshalLogs(batch)
	if err != nil {
		return 0, fmt.Errorf("cannot encode records: %w", err)
	}
	return l.queue.Offer(context.Background(), value, out)
}

// drop says once that records are, and counts them.
func (l *lane) drop(records int, cause error) {
	l.count(l.counters.FanoutDroppedRecords, records)
	if !l.dropping.Swap(true) {
		l.logger.Warn("The pipeline, which is unwaited, takes nothing, and its copies of records have no room to wait: they are dropped, and counted in "+
			"otelcol_fanout_dropped_records. The other pipelines get every record", zap.Error(cause))
	}
}
