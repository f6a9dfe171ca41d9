package forwardconnector

import (
	"context"
	"errors"
	"sync"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/connector"
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
	consumer.Logs // the only pipeline, or all of them
	all           []consumer.Logs
}

func newLogs(router connector.LogsRouterAndConsumer) (*logs, error) {
	l := &logs{Logs: router}
	for _, id := range router.PipelineIDs() {
		next, err := router.Consumer(id)
		if err != nil {
			return nil, err
		}
		l.all = append(l.all, next)
	}
	return l, nil
}

// Capabilities says that what is handed over is not changed: pipelines that change it
// get a copy.
func (l *logs) Capabilities() consumer.Capabilities {
	if len(l.all) > 1 {
		return consumer.Capabilities{}
	}
	return l.Logs.Capabilities()
}

// ConsumeLogs returns when every pipeline has answered. The collector's own fan-out
// calls them one after the other: the first that waits would hold up the rest.
func (l *logs) ConsumeLogs(ctx context.Context, batch plog.Logs) error {
	if len(l.all) < 2 {
		return l.Logs.ConsumeLogs(ctx, batch)
	}
	batches := make([]plog.Logs, len(l.all))
	for i, next := range l.all {
		batches[i] = batch
		if next.Capabilities().MutatesData {
			batches[i] = plog.NewLogs()
			batch.CopyTo(batches[i])
		}
	}
	batch.MarkReadOnly()
	answers := make([]error, len(l.all))
	var waiting sync.WaitGroup
	for i, next := range l.all {
		waiting.Go(func() { answers[i] = next.ConsumeLogs(ctx, batches[i]) })
	}
	waiting.Wait()
	return errors.Join(answers...)
}
