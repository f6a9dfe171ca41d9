package destination

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"go.opentelemetry.io/collector/consumer/consumererror"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/mina-observability/otelcol-mina/internal/truncate"
)

// pointless is after how many records that are refused, and none taken, a batch is not
// divided any further for now: the destination is likely to refuse all of it.
const pointless = 16

// confirmations is how many times more a record that is refused alone is offered before it
// is buried. Of several servers behind one address, one may refuse everything.
const confirmations = 3

// part is a part of a batch.
type part struct {
	logs plog.Logs
	// uncut is the record that logs is a shortened copy of, if it is one.
	uncut plog.Logs
	// refusal is why the destination has refused it for its content, and refused when.
	refusal error
	refused int64
	// partly says that others have been taken with it.
	partly bool
}

// letter returns what goes to the dead-letter file.
func (p *part) letter() plog.Logs {
	if p.uncut != (plog.Logs{}) {
		return p.uncut
	}
	return p.logs
}

// division is the work on one batch that is refused. What is in none of its lists is
// taken or buried.
type division struct {
	*Judge
	// divisible are the parts that are refused, and may be divided, the next one last;
	// lone are records that are refused alone.
	divisible, lone []part
	// offered are those that something else has gone wrong with.
	offered []part
	// taken says that the destination has taken a part since it refused the batch, and
	// inARow how many records it has refused since that.
	taken  bool
	inARow int
	// since is when the batch was refused.
	since time.Time
}

func (v *division) empty() bool { return len(v.divisible)+len(v.lone) == 0 }

// divide sends refused parts in halves, and those in halves, until what is refused is
// refused alone. Unless it is thorough, it stops where nothing is taken.
func (v *division) divide(ctx context.Context, thorough bool) error {
	select {
	case v.dividing <- struct{}{}:
		defer func() { <-v.dividing }()
	case <-ctx.Done():
		return ctx.Err()
	}
	v.inARow = 0
	var pointlessParts []part
	defer func() { v.divisible = append(v.divisible, pointlessParts...) }()
	for len(v.divisible) > 0 {
		p := v.divisible[len(v.divisible)-1]
		v.divisible = v.divisible[:len(v.divisible)-1]
		switch {
		case !p.isDivisible():
			v.lone = append(v.lone, p)
			v.inARow++
		case !thorough && v.inARow >= pointless:
			pointlessParts = append(pointlessParts, p)
		default:
			if err := v.offerAll(ctx, p.divided()); err != nil {
				return err
			}
		}
	}
	return nil
}

// isDivisible reports whether a part is more than a single record, or one that can be
// shortened.
func (p *part) isDivisible() bool {
	return p.logs.LogRecordCount() > 1 || OfError(p.refusal) == TooLong && truncate.AnyLong(p.logs)
}

// divided returns what of a divisible part is offered next.
func (p *part) divided() []part {
	if records := p.logs.LogRecordCount(); records > 1 {
		return []part{{logs: Span(p.logs, 0, records/2)}, {logs: Span(p.logs, records/2, records)}}
	}
	return []part{{logs: truncate.Halve(p.logs), uncut: p.letter()}}
}

// offerAll offers parts, and keeps those that are refused.
func (v *division) offerAll(ctx context.Context, parts []part) error {
	for i := range parts {
		if err := v.offer(ctx, &parts[i]); err != nil {
			v.offered = append(v.offered, parts[i:]...)
			return err
		}
		if parts[i].refusal == nil || parts[i].partly {
			v.taken, v.inARow = true, 0
		}
		if parts[i].refusal != nil {
			v.divisible = append(v.divisible, parts[i])
		}
	}
	return nil
}

// judge buries what is refused once more after something else has been taken: an
// operator, or a proxy, may have been the cause before that.
func (v *division) judge(ctx context.Context) error {
	for {
		if err := v.retry(ctx, v.isProven); err != nil {
			return err
		}
		if !slices.ContainsFunc(v.divisible, v.isProven) {
			return nil
		}
		if err := v.divide(ctx, true); err != nil {
			return err
		}
	}
}

// putBack buries at once what is refused of letters that are sent again: they have been
// judged before, and lose nothing where it is the sender that is refused.
func (v *division) putBack(ctx context.Context) error {
	err := v.divide(ctx, true)
	if err == nil {
		lone := v.lone
		v.lone = nil
		err = v.bury(ctx, lone)
	}
	if err != nil {
		return v.left(err)
	}
	return nil
}

// isProven reports whether the destination has taken something since it refused a part.
func (v *division) isProven(p part) bool {
	proven, _ := v.history.takenSince(p.refused)
	return proven
}

// retry offers the records that are refused alone again, and buries those that are never
// taken.
func (v *division) retry(ctx context.Context, proves func(part) bool) error {
	lone := v.lone
	v.lone = nil
	var letters []part
	for i := range lone {
		p := &lone[i]
		if !proves(*p) {
			v.lone = append(v.lone, *p)
			continue
		}
		for n := 0; n < confirmations && p.refusal != nil; n++ {
			if err := v.offer(ctx, p); err != nil {
				v.offered = append(append(v.offered, letters...), lone[i:]...)
				return err
			}
		}
		if p.refusal != nil {
			letters = append(letters, *p)
		}
	}
	return v.bury(ctx, letters)
}

// await waits for a pause, or until something else is taken.
func (v *division) await(ctx context.Context, pause time.Duration) error {
	proven, news := v.history.takenSince(v.lastRefused())
	if proven {
		return nil
	}
	select {
	case <-time.After(pause):
	case <-news:
	case <-ctx.Done():
		return ctx.Err()
	}
	return nil
}

// lastRefused is when the last of what is left was refused.
func (v *division) lastRefused() (last int64) {
	for _, p := range slices.Concat(v.divisible, v.lone) {
		last = max(last, p.refused)
	}
	return last
}

// again asks the destination once more with all that is left, unless it has taken
// something meanwhile, and looks a little further into what is refused again. When no
// other batch is refused, and others of this one have been taken, or none has come for
// long, the rest is refused for what it is.
func (v *division) again(ctx context.Context) error {
	if slices.ContainsFunc(slices.Concat(v.divisible, v.lone), v.isProven) {
		return nil
	}
	p := part{logs: v.all()}
	if err := v.offer(ctx, &p); err != nil {
		v.divisible, v.lone, v.offered = nil, nil, append(v.offered, p)
		return err
	}
	switch {
	case p.refusal == nil:
		v.divisible, v.lone = nil, nil
	case v.history.alone() && (v.taken || time.Since(v.since) > v.Pauses.Alone && v.history.giveUp()):
		if err := v.divide(ctx, true); err != nil {
			return err
		}
		return v.retry(ctx, func(part) bool { return true })
	default:
		return v.divide(ctx, false)
	}
	return nil
}

// bury buries records that are refused alone, those with the same answer at once.
func (v *division) bury(ctx context.Context, parts []part) error {
	for len(parts) > 0 {
		cause, letters, same := causeOf(parts[0].refusal), plog.NewLogs(), 0
		for ; same < len(parts) && causeOf(parts[same].refusal) == cause; same++ {
			appendTo(letters, parts[same].letter())
		}
		if err := v.Bury(ctx, letters, cause); err != nil {
			v.offered = append(v.offered, parts...)
			return err
		}
		parts = parts[same:]
	}
	return nil
}

// waiting says why records wait.
func (v *division) waiting() error {
	refused := slices.Concat(v.divisible, v.lone)
	last := slices.MaxFunc(refused, func(a, b part) int { return cmp.Compare(a.refused, b.refused) })
	cause := causeOf(last.refusal)
	return &Refusal{verdict: SenderRefused, status: cause.Status, answer: cause.Answer, text: "no record is taken, and an operator has to act: " + last.refusal.Error()}
}

// all returns what is neither taken nor buried.
func (v *division) all() plog.Logs {
	all := plog.NewLogs()
	for _, p := range slices.Concat(v.offered, v.divisible, v.lone) {
		appendTo(all, p.letter())
	}
	return all
}

// left returns an error that holds what is left.
func (v *division) left(err error) error {
	return consumererror.NewLogs(withoutLogs(err), v.all())
}

// withoutLogs returns an error that holds no records of its own.
func withoutLogs(err error) error {
	if left := (consumererror.Logs{}); errors.As(err, &left) {
		return left.Unwrap()
	}
	return err
}

// appendTo adds a copy of records.
func appendTo(all, logs plog.Logs) {
	part := plog.NewLogs()
	logs.CopyTo(part)
	part.ResourceLogs().MoveAndAppendTo(all.ResourceLogs())
}
