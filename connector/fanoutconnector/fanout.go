package fanoutconnector

import (
	"context"
	"errors"
	"sync"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/pdata/plog"
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

// logs go to all pipelines at once.
type logs struct {
	nothing
	all []consumer.Logs
	// shared says that a pipeline leaves records as they are, and can have those that
	// others get a copy of.
	shared bool
}

func newLogs(all ...consumer.Logs) *logs {
	l := &logs{all: all}
	for _, next := range all {
		l.shared = l.shared || !next.Capabilities().MutatesData
	}
	return l
}

// Capabilities says that records are changed if every pipeline changes them.
func (l *logs) Capabilities() consumer.Capabilities {
	return consumer.Capabilities{MutatesData: !l.shared}
}

// ConsumeLogs returns when every pipeline has answered. The collector's own fan-out
// calls them one after the other: the first that waits would hold up the rest.
func (l *logs) ConsumeLogs(ctx context.Context, batch plog.Logs) error {
	batches := make([]plog.Logs, len(l.all))
	for i, next := range l.all {
		batches[i] = batch
		if next.Capabilities().MutatesData && (l.shared || i < len(l.all)-1) {
			batches[i] = plog.NewLogs()
			batch.CopyTo(batches[i])
		}
	}
	if l.shared {
		batch.MarkReadOnly()
	}
	answers := make([]error, len(l.all))
	var waiting sync.WaitGroup
	for i, next := range l.all {
		waiting.Go(func() { answers[i] = next.ConsumeLogs(ctx, batches[i]) })
	}
	waiting.Wait()
	return errors.Join(answers...)
}
