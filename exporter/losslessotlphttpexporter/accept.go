package losslessotlphttpexporter

import (
	"context"
	"errors"
	"time"

	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/mina-observability/otelcol-mina/internal/destination"
)

// errAged ends a try, and the next one buries the records that it is about.
var errAged = errors.New("records have become too old while they waited")

// accept buries the records that are outside of the times that the destination takes,
// and returns the others. It is asked at each try: what waits gets older.
func (e *losslessExporter) accept(ctx context.Context, logs plog.Logs) (plog.Logs, error) {
	for _, bound := range e.cfg.Accept.Bounds(time.Now()) {
		within, beyond, divided := bound.Divide(logs)
		if !divided {
			continue
		}
		if err := e.bury(ctx, beyond, destination.Cause{Reason: bound.Reason}); err != nil {
			e.unkept.Store(true)
			return logs, err
		}
		logs = within
	}
	return logs, nil
}

// aged reports whether records have become too old within a try, which waits where a
// destination refuses everything.
func (e *losslessExporter) aged(logs plog.Logs) bool {
	return !e.cfg.Accept.Bounds(time.Now())[0].Holds(logs)
}

// eachRequest offers records in as many requests as their times need. Its error holds
// what is left.
func (e *losslessExporter) eachRequest(ctx context.Context, logs plog.Logs) error {
	for {
		next, later, divided := e.cfg.Accept.NextRequest(logs)
		err := e.judge.Deliver(ctx, next)
		switch {
		case !divided:
			return destination.Holding(err, logs)
		case err != nil:
			return destination.Holding(err, next, later)
		}
		logs = later
	}
}
