package destination

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/cenkalti/backoff/v5"
	"go.opentelemetry.io/collector/consumer/consumererror"
	"go.opentelemetry.io/collector/pdata/plog"
)

// Pauses are those between two offers of what is refused.
type Pauses struct {
	// First is the first of them; they grow to Last.
	First, Last time.Duration
	// Alone is how long what is refused waits for others to be taken, where no others
	// come. Default: 5m.
	Alone time.Duration
}

// waitsAlone is the default of Pauses.Alone.
const waitsAlone = 5 * time.Minute

// Judge delivers records, and finds those that a destination refuses for what they are:
// what is refused beside others that are taken, time and again. Where nothing is taken,
// it is the sender that is refused, by a proxy, for a header that is missing, or for a
// token that has expired, whatever the status says; then everything waits.
type Judge struct {
	// Send offers records to the destination, which must not change them. OfError
	// judges its errors; what a Partial or a consumererror.Logs does not hold is taken.
	Send func(context.Context, plog.Logs) error
	// Bury keeps records that are refused for what they are.
	Bury func(context.Context, plog.Logs, Cause) error
	// Waits is told why records wait.
	Waits  func(error)
	Pauses Pauses

	history *history
	// dividing is held by the one batch that is being divided.
	dividing chan struct{}
}

// NewJudge returns a judge that knows nothing of its destination yet.
func NewJudge(j Judge) *Judge {
	j.history, j.dividing = newHistory(), make(chan struct{}, 1)
	if j.Pauses.First <= 0 {
		j.Pauses.First = time.Second
	}
	j.Pauses.Last = max(j.Pauses.First, j.Pauses.Last)
	if j.Pauses.Alone <= 0 {
		j.Pauses.Alone = waitsAlone
	}
	return &j
}

// Partial says that a destination has taken a request, and which of its records it has not.
type Partial struct {
	Refused plog.Logs
	Cause   Cause
}

func (p *Partial) Error() string {
	return fmt.Sprintf("%d records were refused: %s", p.Refused.LogRecordCount(), p.Cause.Answer)
}

// Deliver offers records until each is taken, or refused for what it is and buried. When
// something else is wrong, the error holds what is left, so that nothing is sent twice.
func (j *Judge) Deliver(ctx context.Context, logs plog.Logs) error {
	p := part{logs: logs}
	if err := j.offer(ctx, &p); err != nil {
		return consumererror.NewLogs(withoutLogs(err), p.logs)
	}
	if p.refusal == nil {
		return nil
	}
	j.history.wait(1)
	defer j.history.wait(-1)
	v := &division{Judge: j, divisible: []part{p}, since: time.Now()}
	if sendingAgain.Load() {
		return v.putBack(ctx)
	}
	if err := v.divide(ctx, false); err != nil {
		return v.left(err)
	}
	pause := backoff.NewExponentialBackOff()
	pause.InitialInterval, pause.MaxInterval = j.Pauses.First, j.Pauses.Last
	pause.Reset()
	for {
		if err := v.judge(ctx); err != nil {
			return v.left(err)
		}
		if v.empty() {
			return nil
		}
		if time.Since(v.since) >= j.Pauses.First {
			j.Waits(v.waiting())
		}
		if err := v.await(ctx, pause.NextBackOff()); err != nil {
			return v.left(err)
		}
		if err := v.again(ctx); err != nil {
			return v.left(err)
		}
	}
}

// offer sends a part, notes when and why it is refused, and returns the errors that do
// not come from what the part is.
func (j *Judge) offer(ctx context.Context, p *part) error {
	begun := j.history.begin()
	err := j.Send(ctx, p.logs)
	if partial := (*Partial)(nil); errors.As(err, &partial) {
		j.history.take(begun)
		*p = part{logs: partial.Refused}
		if p.logs.LogRecordCount() == 0 {
			return nil
		}
		return j.Bury(ctx, p.logs, partial.Cause)
	}
	if err == nil {
		j.history.take(begun)
		p.refusal = nil
		return nil
	}
	if left := (consumererror.Logs{}); errors.As(err, &left) {
		if left.Data().LogRecordCount() < p.logs.LogRecordCount() {
			j.history.take(begun)
			p.partly = true
		}
		p.logs = left.Data()
	}
	if !OfError(err).OfContent() {
		return err
	}
	p.refusal, p.refused = err, j.history.begin()
	return nil
}
