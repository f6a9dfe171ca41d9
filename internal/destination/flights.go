package destination

import (
	"context"
	"sync/atomic"
	"time"

	"go.opentelemetry.io/collector/exporter"
	"go.opentelemetry.io/collector/pdata/plog"
)

// grace is how long requests that are on their way may take at a shutdown. The sources
// have stopped by then, and have waited longer for their own. Destinations are shut
// down one after the other.
const grace = 500 * time.Millisecond

// Flights are the requests of an exporter that are on their way, and the records that
// wait for them.
type Flights struct {
	exporter.Logs
	ctx     context.Context
	cancel  context.CancelFunc
	waiting atomic.Int64
}

// NewFlights returns those of an exporter that is about to be made.
func NewFlights() *Flights {
	f := &Flights{}
	f.ctx, f.cancel = context.WithCancel(context.Background())
	return f
}

// Around returns an exporter that cancels its requests when it is shut down, so that
// a destination that hangs does not hold up the end. What is not answered for by then
// is not acknowledged.
func (f *Flights) Around(logs exporter.Logs) exporter.Logs {
	f.Logs = logs
	return f
}

// ConsumeLogs counts the records while they wait.
func (f *Flights) ConsumeLogs(ctx context.Context, logs plog.Logs) error {
	records := int64(logs.LogRecordCount())
	f.waiting.Add(records)
	defer f.waiting.Add(-records)
	return f.Logs.ConsumeLogs(ctx, logs)
}

// Waiting returns how many records wait.
func (f *Flights) Waiting() int64 { return f.waiting.Load() }

// Shutdown cancels what is still on its way after a moment.
func (f *Flights) Shutdown(ctx context.Context) error {
	end := time.AfterFunc(grace, f.cancel)
	defer f.cancel()
	defer end.Stop()
	return f.Logs.Shutdown(ctx)
}

// Bound returns a context that ends with the exporter.
func (f *Flights) Bound(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(ctx)
	stop := context.AfterFunc(f.ctx, cancel)
	return ctx, func() { stop(); cancel() }
}
