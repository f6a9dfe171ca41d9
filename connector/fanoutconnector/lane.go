package fanoutconnector

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/cenkalti/backoff/v5"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/connector"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/consumer/consumererror"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pipeline"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
	"go.uber.org/zap"

	"github.com/mina-observability/otelcol-mina/connector/fanoutconnector/internal/metadata"
	"github.com/mina-observability/otelcol-mina/connector/fanoutconnector/internal/queue"
	"github.com/mina-observability/otelcol-mina/internal/destination"
	"github.com/mina-observability/otelcol-mina/internal/ending"
)

const (
	// careFor is how long a lane keeps a copy of each batch after a refusal: for longer
	// than a source pauses between two tries.
	careFor = 5 * time.Minute
	// stopGrace is how long a stop waits for the answers of a pipeline that gives some.
	stopGrace = 2 * time.Second
)

// firstPause is the pause after the first try; it grows to lastPause. Tests have none.
var firstPause = time.Second

const lastPause = 30 * time.Second

// lane is the way to one pipeline.
type lane struct {
	pipeline    pipeline.ID
	next        consumer.Logs
	logger      *zap.Logger
	health      *health
	counters    *metadata.TelemetryBuilder
	labels      metric.MeasurementOption
	deadLetters *destination.DeadLetters
	spillAfter  time.Duration
	// event is the one that the pipeline is for, or empty.
	event string

	// queue is what waits on disk, or nil without a storage.
	queue    *queue.Queue
	spilling atomic.Bool

	// unwaited says that nobody waits for the pipeline. Of an attempt that is late, the
	// queue has no copy.
	unwaited bool
	late     atomic.Int64
	dropping atomic.Bool

	// judge finds the records that are refused for what they are.
	judge *destination.Judge
	// carefulUntil is in nanoseconds since 1970.
	carefulUntil atomic.Int64

	accepting, offering         context.Context
	stopAccepting, stopOffering context.CancelFunc
	work                        sync.WaitGroup
}

func newLane(cfg *Config, set connector.Settings, id pipeline.ID, next consumer.Logs, counters *metadata.TelemetryBuilder) *lane {
	logger := set.Logger.With(zap.String("pipeline", id.String()))
	l := &lane{
		pipeline:    id,
		next:        next,
		logger:      logger,
		health:      &health{logger: logger},
		counters:    counters,
		labels:      metric.WithAttributeSet(attribute.NewSet(attribute.String("pipeline", id.String()))),
		deadLetters: destination.NewDeadLetters(cfg.DeadLetter, component.NewIDWithName(set.ID.Type(), id.String())),
		spillAfter:  cfg.SpillAfter,
		event:       cfg.Events[id.String()],
	}
	l.judge = destination.NewJudge(destination.Judge{
		Send: l.offerCopy, Bury: l.bury, Waits: l.health.refused,
		Pauses: destination.Pauses{First: firstPause, Last: lastPause},
	})
	l.accepting, l.stopAccepting = context.WithCancel(context.Background())
	l.offering, l.stopOffering = context.WithCancel(context.Background())
	l.count(l.counters.FanoutDeadLetterRecords, 0)
	l.count(l.counters.FanoutSpilledRecords, 0)
	l.count(l.counters.FanoutUnreadableItems, 0)
	return l
}

func (l *lane) count(counter metric.Int64Counter, n int) {
	counter.Add(context.Background(), int64(n), l.labels)
}

// start drains the queue, if there is one.
func (l *lane) start(q *queue.Queue) {
	if q == nil {
		return
	}
	l.queue = q
	if n := q.Len(); n > 0 {
		l.spilling.Store(true)
		l.logger.Info("Sending what waits in the queue on disk", zap.Int("batches", n), zap.Int64("bytes", q.Bytes()))
	}
	l.work.Go(l.drain)
}

// stop waits for the answers of a pipeline that gives some, and gives up the others.
func (l *lane) stop(ctx context.Context) error {
	l.stopAccepting()
	grace := stopGrace
	if _, waited := l.health.measure(time.Now()); waited > stopGrace {
		grace = 0
	}
	if !ending.Of(&l.work, grace, l.stopOffering) {
		l.logger.Warn("The pipeline does not let go of its records; they are sent again at the next start")
	}
	if l.queue == nil {
		return nil
	}
	return l.queue.Close(ctx)
}

// concerns reports whether a batch has something for the pipeline.
func (l *lane) concerns(batch plog.Logs) bool {
	if l.event == "" {
		return true
	}
	for _, rl := range batch.ResourceLogs().All() {
		for _, sl := range rl.ScopeLogs().All() {
			for _, record := range sl.LogRecords().All() {
				if record.EventName() == l.event {
					return true
				}
			}
		}
	}
	return false
}

// watch notices how long records wait.
func (l *lane) watch(now time.Time) {
	queued, _ := l.queueBytes()
	l.health.check(now, queued)
}

// handOn gives the source the pipeline's own answer. That costs nothing, and the batch
// itself is handed on. A pipeline that refuses a batch may have changed it or taken it
// apart; so the source offers it again, to a lane that is careful.
func (l *lane) handOn(ctx context.Context, batch plog.Logs) error {
	records := batch.LogRecordCount()
	l.health.offered(records)
	if l.carefulUntil.Load() > time.Now().UnixNano() {
		batch.MarkReadOnly()
		err := l.deliver(ctx, batch)
		l.health.answered(records, err)
		return err
	}
	err := l.next.ConsumeLogs(ctx, batch)
	if isRefusal(err) {
		l.carefulUntil.Store(time.Now().Add(careFor).UnixNano())
		err = errors.New("the batch is refused, and divided at the next try: " + err.Error()) // no longer permanent
	}
	if ctx.Err() != nil {
		err = ctx.Err()
	}
	l.health.answered(records, err)
	return err
}

func isRefusal(err error) bool { return err != nil && destination.OfError(err).OfContent() }

// offerCopy hands records to the pipeline once, in a copy if it would change them. What
// its error may hold is of a batch that others have a part in.
func (l *lane) offerCopy(ctx context.Context, records plog.Logs) error {
	if err := handOnCopy(ctx, l.next, records); err != nil {
		return destination.NewRefusal(destination.OfError(err), err.Error())
	}
	return nil
}

// handOnCopy hands records to a pipeline that leaves them as they are: one that would
// change them gets a copy.
func handOnCopy(ctx context.Context, next consumer.Logs, records plog.Logs) error {
	if next.Capabilities().MutatesData {
		again := plog.NewLogs()
		records.CopyTo(again)
		records = again
	} else if !records.IsReadOnly() { // which others may have marked, and read now
		records.MarkReadOnly()
	}
	return next.ConsumeLogs(ctx, records)
}

// deliver offers records until they are taken or buried, or the context ends.
func (l *lane) deliver(ctx context.Context, batch plog.Logs) error {
	pause := backoff.NewExponentialBackOff()
	pause.InitialInterval, pause.MaxInterval = firstPause, lastPause
	pause.Reset()
	for {
		err := l.judge.Deliver(ctx, batch)
		if err == nil {
			return nil
		}
		if left := (consumererror.Logs{}); errors.As(err, &left) {
			batch = left.Data()
		}
		l.health.refused(err)
		select {
		case <-time.After(pause.NextBackOff()):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// bury writes records to the dead-letter file.
func (l *lane) bury(_ context.Context, letters plog.Logs, cause destination.Cause) error {
	if err := l.deadLetters.Write(letters, cause); err != nil {
		return err
	}
	l.count(l.counters.FanoutDeadLetterRecords, letters.LogRecordCount())
	l.logger.Error("The destination refuses records for what they are; they are in the dead-letter file",
		zap.Int("records", letters.LogRecordCount()), zap.String("file", l.deadLetters.Path()), zap.String("answer", cause.Answer))
	return nil
}

// attempt is a delivery that may outlast its source.
type attempt struct {
	// ctx ends with the attempt.
	ctx context.Context
	// detach lets the attempt outlast its source.
	detach func() bool
	done   chan struct{}
	err    error
}

func (l *lane) begin(ctx context.Context, batch plog.Logs) *attempt {
	own, cancel := context.WithCancel(context.WithoutCancel(ctx))
	a := &attempt{ctx: own, detach: context.AfterFunc(ctx, cancel), done: make(chan struct{})}
	stopped := context.AfterFunc(l.offering, cancel)
	records := batch.LogRecordCount()
	l.health.offered(records)
	l.work.Go(func() {
		defer cancel()
		defer stopped()
		a.err = l.deliver(own, batch)
		l.health.answered(records, a.err)
		close(a.done)
	})
	return a
}

// deliverOrSpill returns when the pipeline has the batch, or the queue on disk has it:
// for a pipeline that takes nothing while another one has the batch.
func (l *lane) deliverOrSpill(ctx context.Context, batch plog.Logs, elsewhere <-chan struct{}, take func()) error {
	if l.behind() {
		return l.spill(ctx, batch, nil)
	}
	a := l.begin(ctx, batch)
	stuck := time.NewTimer(l.spillAfter)
	defer stuck.Stop()
	select {
	case <-a.done:
	case <-stuck.C:
		select {
		case <-a.done:
		case <-l.spillable(elsewhere):
			return l.spill(ctx, batch, a)
		}
	}
	if a.err == nil {
		take()
	}
	return a.err
}

// behind reports whether something waits that came before.
func (l *lane) behind() bool {
	return l.queue != nil && l.queue.Len() > 0 || l.late.Load() > 0
}

// spillable never comes for a lane without a queue, and at once for one that nobody
// waits for.
func (l *lane) spillable(elsewhere <-chan struct{}) <-chan struct{} {
	switch {
	case l.unwaited:
		return always
	case l.queue == nil:
		return nil
	default:
		return elsewhere
	}
}

// spill puts a batch into the queue. An attempt to deliver it that succeeds in the end
// takes it out again.
func (l *lane) spill(ctx context.Context, batch plog.Logs, a *attempt) error {
	if l.unwaited {
		l.setAside(batch, a)
		return nil
	}
	value, err := encoder.MarshalLogs(batch)
	if err != nil {
		return fmt.Errorf("cannot encode records: %w", err)
	}
	if !l.spilling.Swap(true) {
		l.logger.Warn("The destination takes nothing while others do; its records go to its queue on disk")
	}
	if a == nil {
		if _, err := l.put(ctx, value, false); err != nil {
			return err
		}
		l.count(l.counters.FanoutSpilledRecords, batch.LogRecordCount())
		return nil
	}
	sequence, err := l.put(a.ctx, value, true)
	if err != nil {
		<-a.done // which is why it was not put
		return a.err
	}
	l.count(l.counters.FanoutSpilledRecords, batch.LogRecordCount())
	l.follow(a, func() { l.settle(sequence, a.err) })
	return nil
}

// follow lets an attempt outlast its source.
func (l *lane) follow(a *attempt, ended func()) {
	a.detach()
	l.work.Go(func() {
		<-a.done
		ended()
	})
}
