package losslessotlphttpexporter

import (
	"context"
	"errors"

	"go.opentelemetry.io/collector/consumer/consumererror"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.uber.org/zap"

	"github.com/mina-observability/otelcol-mina/internal/delivery"
)

// pointless is after how many refused records, and none taken, a batch is not divided
// any further: the destination refuses all of it.
const pointless = 16

// part is a part of a batch that the destination has refused for its content.
type part struct {
	logs    plog.Logs
	refused *refusal
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

// divide sends a refused batch in halves, and those in halves, and writes the records
// that are refused alone to the dead-letter file. If something else goes wrong
// meanwhile, the error holds what is left, so that nothing is sent twice.
func (e *losslessExporter) divide(ctx context.Context, logs plog.Logs, refused *refusal) error {
	letters, taken, alone := plog.NewLogs(), false, 0
	for pending := []part{{logs: logs, refused: refused}}; len(pending) > 0; {
		p := pending[len(pending)-1]
		pending = pending[:len(pending)-1]
		var tries []plog.Logs
		var uncut plog.Logs
		switch records := p.logs.LogRecordCount(); {
		case !taken && alone >= pointless:
			appendTo(letters, p.letter())
			continue
		case records > 1:
			tries = []plog.Logs{delivery.Span(p.logs, 0, records/2), delivery.Span(p.logs, records/2, records)}
		case p.refused.tooLong() && longestText(p.logs) > shortest:
			tries, uncut = []plog.Logs{shortened(p.logs)}, p.letter()
		default:
			alone++
			appendTo(letters, p.letter())
			continue
		}
		for i, half := range tries {
			err := e.send(ctx, half)
			again := (*refusal)(nil)
			switch {
			case err == nil:
				taken = true
			case errors.As(err, &again) && again.ofContent():
				pending = append(pending, part{half, again, uncut})
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
	return e.bury(ctx, letters)
}

// bury writes refused records to the dead-letter file.
func (e *losslessExporter) bury(ctx context.Context, letters plog.Logs) error {
	records := letters.LogRecordCount()
	if records == 0 {
		return nil
	}
	if err := e.deadLetters.Write(letters); err != nil {
		return consumererror.NewLogs(err, letters)
	}
	e.counters.ExporterLosslessDeadLetterRecords.Add(ctx, int64(records))
	e.set.Logger.Error("The destination refuses records for what they are; they are in the dead-letter file",
		zap.Int("records", records), zap.String("file", e.deadLetters.Path()))
	return nil
}

// appendTo adds a copy of records.
func appendTo(all, logs plog.Logs) {
	part := plog.NewLogs()
	logs.CopyTo(part)
	part.ResourceLogs().MoveAndAppendTo(all.ResourceLogs())
}
