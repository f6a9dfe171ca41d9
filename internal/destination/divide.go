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
}

// part is a part of a batch that the destination has refused for its content.
type part struct {
	logs    plog.Logs
	verdict Verdict
	// uncut is the record that logs is a shortened copy of, if it is one.
	uncut plog.Logs
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
	letters, taken, alone := plog.NewLogs(), false, 0
	for pending := []part{{logs: logs, verdict: verdict}}; len(pending) > 0; {
		p := pending[len(pending)-1]
		pending = pending[:len(pending)-1]
		var tries []plog.Logs
		var uncut plog.Logs
		switch records := p.logs.LogRecordCount(); {
		case !taken && alone >= pointless:
			appendTo(letters, p.letter())
			continue
		case records > 1:
			tries = []plog.Logs{Span(p.logs, 0, records/2), Span(p.logs, records/2, records)}
		case p.verdict == TooLong && truncate.AnyLong(p.logs):
			tries, uncut = []plog.Logs{truncate.Halve(p.logs)}, p.letter()
		default:
			alone++
			appendTo(letters, p.letter())
			continue
		}
		for i, half := range tries {
			err := d.Send(ctx, half)
			switch verdict := OfError(err); {
			case verdict == Taken:
				taken = true
			case verdict.OfContent():
				pending = append(pending, part{half, verdict, uncut})
			default:
				unsent := letters
				for _, half := range tries[i:] {
					appendTo(unsent, half)
				}
				for _, p := range pending {
					appendTo(unsent, p.letter())
				}
				return consumererror.NewLogs(err, unsent)
			}
		}
	}
	if letters.LogRecordCount() == 0 {
		return nil
	}
	if err := d.Bury(ctx, letters, taken); err != nil {
		return consumererror.NewLogs(err, letters)
	}
	return nil
}

// appendTo adds a copy of records.
func appendTo(all, logs plog.Logs) {
	part := plog.NewLogs()
	logs.CopyTo(part)
	part.ResourceLogs().MoveAndAppendTo(all.ResourceLogs())
}
