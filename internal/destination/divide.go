package destination

import (
	"context"

	"go.opentelemetry.io/collector/consumer/consumererror"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/mina-observability/otelcol-mina/internal/truncate"
)

// pointless is after how many refused records, and none taken, a batch is not divided
// any further: the destination refuses all of it.
const pointless = 16

// Divider finds the records of a batch that are refused for what they are.
type Divider struct {
	// Send offers records to the destination. OfError judges its errors.
	Send func(context.Context, plog.Logs) error
	// Bury keeps records that are refused alone. It is told whether the destination
	// has taken any other record of the batch; its error holds the records.
	Bury func(ctx context.Context, letters plog.Logs, othersTaken bool) error
	// Thorough divides to the end, also where nothing is taken.
	Thorough bool
}

// part is a part of a batch that the destination has refused for its content.
type part struct {
	logs    plog.Logs
	verdict Verdict
	// uncut is the record that logs is a shortened copy of, if it is one.
	uncut plog.Logs
	// again says that it is to be offered again before it is judged.
	again bool
}

// letter returns what goes to the dead-letter file.
func (p *part) letter() plog.Logs {
	if p.uncut != (plog.Logs{}) {
		return p.uncut
	}
	return p.logs
}

// Divide sends a refused batch in halves, and those in halves, and buries the records
// that are refused alone. If something else goes wrong meanwhile, the error holds what
// is left, so that nothing is sent twice.
func (d *Divider) Divide(ctx context.Context, logs plog.Logs, verdict Verdict) error {
	v := division{Divider: d, pending: []part{{logs: logs, verdict: verdict}}, letters: plog.NewLogs()}
	for len(v.pending) > 0 {
		p := v.pending[len(v.pending)-1]
		v.pending = v.pending[:len(v.pending)-1]
		tries := v.tries(p)
		for i, try := range tries {
			if err := v.offer(ctx, try); err != nil {
				return v.unsent(err, tries[i:])
			}
		}
	}
	for _, p := range v.doubtful {
		appendTo(v.letters, p.letter())
	}
	if v.letters.LogRecordCount() == 0 {
		return nil
	}
	if err := d.Bury(ctx, v.letters, v.taken); err != nil {
		return consumererror.NewLogs(err, v.letters)
	}
	return nil
}

// division is the work on one batch.
type division struct {
	*Divider
	// pending are the parts that are not yet divided, the next one last.
	pending []part
	// doubtful are refused alone, or pointless to divide, while nothing is taken.
	doubtful []part
	// letters are refused beside others that are taken.
	letters plog.Logs
	taken   bool
}

// tries returns what of a part is offered next. There is nothing if it is refused alone.
func (v *division) tries(p part) []part {
	records := p.logs.LogRecordCount()
	switch {
	case p.again:
		return []part{{logs: p.logs, uncut: p.uncut}}
	case !v.taken && !v.Thorough && len(v.doubtful) >= pointless:
		v.doubtful = append(v.doubtful, p)
	case records > 1:
		return []part{{logs: Span(p.logs, 0, records/2)}, {logs: Span(p.logs, records/2, records)}}
	case p.verdict == TooLong && truncate.AnyLong(p.logs):
		return []part{{logs: truncate.Halve(p.logs), uncut: p.letter()}}
	case v.taken:
		appendTo(v.letters, p.letter())
	default:
		v.doubtful = append(v.doubtful, p)
	}
	return nil
}

// offer sends a part. It returns the errors that do not come from what the part is.
func (v *division) offer(ctx context.Context, p part) error {
	err := v.Send(ctx, p.logs)
	switch p.verdict = OfError(err); {
	case p.verdict.OfContent():
		v.pending = append(v.pending, p)
	case p.verdict != Taken:
		return err
	case !v.taken:
		// An operator may have acted meanwhile: what was refused until now proves nothing.
		v.taken = true
		v.pending = append(v.pending, v.doubtful...)
		v.doubtful = nil
		for i := range v.pending {
			v.pending[i].again = v.pending[i].logs.LogRecordCount() == 1
		}
	}
	return nil
}

// unsent returns an error that holds all that is neither taken nor buried.
func (v *division) unsent(err error, tries []part) error {
	for _, parts := range [][]part{tries, v.pending, v.doubtful} {
		for _, p := range parts {
			appendTo(v.letters, p.letter())
		}
	}
	return consumererror.NewLogs(err, v.letters)
}

// appendTo adds a copy of records.
func appendTo(all, logs plog.Logs) {
	part := plog.NewLogs()
	logs.CopyTo(part)
	part.ResourceLogs().MoveAndAppendTo(all.ResourceLogs())
}
