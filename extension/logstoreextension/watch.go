package logstoreextension

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.uber.org/zap"

	"github.com/mina-observability/otelcol-mina/extension/logstoreextension/internal/engine"
	"github.com/mina-observability/otelcol-mina/internal/logstore"
)

// watchInterval is how often is looked how an engine does.
const watchInterval = 10 * time.Second

// answersWithin is how long an engine may take to say how it does.
const answersWithin = 5 * time.Second

// trimsWithin is how long it may take to find the oldest records.
const trimsWithin = time.Minute

// watch looks after one engine: what it says of itself, and what it prints and keeps.
type watch struct {
	*supervisor
	inside *life
	trim   trim
	// tooOld is how many records this engine has dropped.
	tooOld int64
}

func newWatch(s *supervisor, inside *life) *watch {
	return &watch{supervisor: s, inside: inside, trim: trim{supervisor: s, inside: inside}}
}

// run looks at once, and from time to time.
func (w *watch) run(ctx context.Context) {
	tick := time.NewTicker(w.interval)
	defer tick.Stop()
	for {
		w.look(ctx)
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

func (w *watch) look(ctx context.Context) {
	if err := w.directory.Rotate(); err != nil {
		w.status.often.Warn("What the store of the logs prints cannot be kept within its bounds", zap.Error(err))
	}
	begin := time.Now()
	bounded, cancel := context.WithTimeout(ctx, answersWithin)
	defer cancel()
	answer, err := w.ask(bounded, w.inside, "/metrics", nil)
	switch {
	case err == nil:
		w.status.runs()
	case errors.Is(err, context.DeadlineExceeded):
		w.status.hangs(engine.Problem{
			Reason: fmt.Sprintf("the store has not answered for %s", answersWithin),
			Action: "look whether its process is stopped, or its disk or this machine has too much to do",
		})
		return
	default:
		return // it has ended
	}
	now := readVitals(answer)
	w.see(now, begin)
	bounded, cancel = context.WithTimeout(ctx, trimsWithin)
	defer cancel()
	if err := w.trim.to(bounded, now.bytes, w.limit); err != nil && ctx.Err() == nil {
		w.status.often.Warn("The oldest logs cannot be deleted, and take more than retention::bytes", zap.Error(err))
	}
}

// see takes what an engine has said of itself at a time.
func (w *watch) see(v vitals, at time.Time) {
	if w.inside.takes() && v.unwritten == 0 {
		w.ring.Saved(at.Add(-atRisk))
	}
	w.tell(v.tooOld)
	w.status.update(func(now *logstore.Status) {
		now.Bytes, now.FreeBytes, now.ReadOnly = v.bytes, w.directory.Free(), v.readOnly
		now.TooOld += v.tooOld - w.tooOld
		now.Unkept = w.ring.Unkept()
	})
	w.tooOld = v.tooOld
}

// tell says once, when no more come, how many records were too old.
func (w *watch) tell(tooOld int64) {
	if tooOld == 0 || tooOld != w.tooOld || w.told {
		return
	}
	w.told = true
	w.status.logger.Warn("Records are older than retention::days: they were answered for, and are not kept", zap.Int64("records", w.status.get().TooOld))
}
