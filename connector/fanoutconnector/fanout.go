package fanoutconnector

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componentstatus"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/mina-observability/otelcol-mina/connector/fanoutconnector/internal/metadata"
	"github.com/mina-observability/otelcol-mina/connector/fanoutconnector/internal/queue"
	"github.com/mina-observability/otelcol-mina/internal/storageclient"
)

// nothing to start or to shut down.
type nothing struct{}

func (nothing) Start(context.Context, component.Host) error { return nil }
func (nothing) Shutdown(context.Context) error              { return nil }

// metrics and traces go the collector's own way, one pipeline after the other.
type (
	metrics struct {
		nothing
		consumer.Metrics
	}
	traces struct {
		nothing
		consumer.Traces
	}
)

// logs go down all lanes at once, and then to the observers.
type logs struct {
	cfg       *Config
	id        component.ID
	set       component.TelemetrySettings
	counters  *metadata.TelemetryBuilder
	lanes     []*lane
	observers []*observer

	stopWatching context.CancelFunc
	watching     sync.WaitGroup
}

// direct reports whether there is one lane, whose pipeline answers the source itself.
func (l *logs) direct() bool {
	return len(l.lanes) == 1 && len(l.observers) == 0 && l.cfg.Delivery == Acknowledged
}

// Capabilities says that records are changed where they are handed on themselves.
func (l *logs) Capabilities() consumer.Capabilities {
	if l.direct() {
		return l.lanes[0].next.Capabilities()
	}
	return consumer.Capabilities{MutatesData: false}
}

// Start opens the queues, and watches how the pipelines do.
func (l *logs) Start(ctx context.Context, host component.Host) error {
	watchers := statusWatchers(host)
	for _, lane := range l.lanes {
		lane.health.tell = func(event *componentstatus.Event) {
			source := componentstatus.NewInstanceID(l.id, component.KindConnector, lane.pipeline)
			for _, watcher := range watchers {
				watcher.ComponentStatusChanged(source, event)
			}
		}
		if err := lane.deadLetters.Start(l.set); err != nil {
			return err
		}
		waiting, err := l.openQueue(ctx, host, lane)
		if err != nil {
			return err
		}
		lane.start(waiting)
	}
	if err := l.measure(); err != nil {
		return err
	}
	watch, stop := context.WithCancel(context.Background())
	l.stopWatching = stop
	l.watching.Go(func() { l.watch(watch) })
	return nil
}

func statusWatchers(host component.Host) (watchers []componentstatus.Watcher) {
	for _, extension := range host.GetExtensions() {
		if watcher, ok := extension.(componentstatus.Watcher); ok {
			watchers = append(watchers, watcher)
		}
	}
	return watchers
}

// openQueue returns a lane's queue on disk, or nil without a storage.
func (l *logs) openQueue(ctx context.Context, host component.Host, lane *lane) (*queue.Queue, error) {
	if l.cfg.Storage == nil {
		return nil, nil
	}
	client, err := storageclient.Open(ctx, host, *l.cfg.Storage, storageclient.Owner{Kind: component.KindConnector, ID: l.id, Name: lane.pipeline.String()})
	if err != nil {
		return nil, err
	}
	q, err := queue.Open(ctx, client, queue.Settings{Capacity: l.cfg.QueueBytes, InFlight: maxDraining})
	if err != nil {
		return nil, errors.Join(fmt.Errorf("storage %q: %w", l.cfg.Storage, err), client.Close(ctx))
	}
	return q, nil
}

// watch notices how long records wait.
func (l *logs) watch(ctx context.Context) {
	ticker := time.NewTicker(watchInterval)
	defer ticker.Stop()
	for {
		select {
		case now := <-ticker.C:
			for _, lane := range l.lanes {
				lane.watch(now)
			}
		case <-ctx.Done():
			return
		}
	}
}

// Shutdown lets go of what is not delivered: a queue has it, or the source.
func (l *logs) Shutdown(ctx context.Context) error {
	l.counters.Shutdown()
	if l.stopWatching != nil {
		l.stopWatching()
		l.watching.Wait()
	}
	errs := make([]error, len(l.lanes))
	var stopping sync.WaitGroup
	for i, lane := range l.lanes {
		lane.deadLetters.Shutdown()
		stopping.Go(func() { errs[i] = lane.stop(ctx) })
	}
	stopping.Wait()
	return errors.Join(errs...)
}

// ConsumeLogs returns when every lane has answered.
func (l *logs) ConsumeLogs(ctx context.Context, batch plog.Logs) error {
	if l.direct() {
		if !l.lanes[0].concerns(batch) {
			return nil
		}
		return l.lanes[0].handOn(ctx, batch)
	}
	batch.MarkReadOnly()
	if err := l.deliver(ctx, batch); err != nil {
		return err
	}
	for _, observer := range l.observers {
		observer.observe(ctx, batch)
	}
	return nil
}

// deliver returns when every lane has the batch, or its queue has it.
func (l *logs) deliver(ctx context.Context, batch plog.Logs) error {
	lanes := make([]*lane, 0, len(l.lanes))
	for _, lane := range l.lanes {
		if lane.concerns(batch) {
			lanes = append(lanes, lane)
		}
	}
	if len(lanes) == 0 {
		return nil
	}
	if l.cfg.Delivery == Queued {
		value, err := encoder.MarshalLogs(batch)
		if err != nil {
			return fmt.Errorf("cannot encode records: %w", err)
		}
		return inAll(lanes, func(lane *lane) error { return lane.enqueue(ctx, value, batch.LogRecordCount()) })
	}
	elsewhere, take := make(chan struct{}), sync.Once{}
	taken := func() { take.Do(func() { close(elsewhere) }) }
	if len(lanes) < len(l.lanes) {
		taken()
	}
	return inAll(lanes, func(lane *lane) error { return lane.deliverOrSpill(ctx, batch, elsewhere, taken) })
}

// inAll does something in lanes at once. The collector's own fan-out does one after
// the other: the first that waits would hold up the rest.
func inAll(lanes []*lane, do func(*lane) error) error {
	answers := make([]error, len(lanes))
	var waiting sync.WaitGroup
	for i, lane := range lanes {
		waiting.Go(func() { answers[i] = do(lane) })
	}
	waiting.Wait()
	return errors.Join(answers...)
}
