package evaluation

import (
	"strings"
	"time"

	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/mina-observability/otelcol-mina/internal/corpus"
	"github.com/mina-observability/otelcol-mina/internal/minalog"
)

// Process is a processor: it may change what it gets, and returns what it delivers.
type Process func(logs plog.Logs) (plog.Logs, error)

// Found is how many secrets of a rule there were, and how many of them are in
// nothing that was delivered.
type Found struct{ Of, Gone int }

// Recall is the share of secrets that are gone.
func (f Found) Recall() float64 { return float64(f.Gone) / float64(f.Of) }

// Decoder decodes lines as the receiver does.
type Decoder struct{ decoder *minalog.Decoder }

// NewDecoder returns a decoder for lines of Mina.
func NewDecoder() (*Decoder, error) {
	config := minalog.DefaultConfig()
	decoder, err := minalog.NewDecoder(&config)
	return &Decoder{decoder}, err
}

// Decode returns the record of a line.
func (d *Decoder) Decode(line string) plog.Logs {
	batch := minalog.NewBatch(time.Unix(1759335126, 0))
	stream := minalog.NewStream(minalog.Origin{FileName: "app.log"}, 1<<20)
	stream.Write(d.decoder, batch, line+"\n")
	stream.End(d.decoder, batch)
	return batch.Logs()
}

// Recall counts the secrets that are gone, by rule, and returns the lines in which
// one is left.
func Recall(process Process, lines []corpus.Labelled) (found map[string]Found, missed []corpus.Labelled, err error) {
	decoder, err := NewDecoder()
	if err != nil {
		return nil, nil, err
	}
	found = map[string]Found{}
	marshaler := plog.ProtoMarshaler{}
	for _, line := range lines {
		logs, err := process(decoder.Decode(line.Line))
		if err != nil {
			return nil, nil, err
		}
		wire, err := marshaler.MarshalLogs(logs)
		if err != nil {
			return nil, nil, err
		}
		count := found[line.Rule]
		count.Of++
		if Leaks(string(wire), line.Secret) {
			missed = append(missed, line)
		} else {
			count.Gone++
		}
		found[line.Rule] = count
	}
	return found, missed, nil
}

// Leaks reports whether a secret, or any line of one that has several, is in what
// was delivered.
func Leaks(delivered, secret string) bool {
	const wholeLine = 16
	for _, line := range strings.FieldsFunc(strings.NewReplacer(`\n`, "\n", `\r`, "\n").Replace(secret), func(c rune) bool { return c == '\n' || c == '\r' }) {
		if (len(line) >= wholeLine || line == secret) && !strings.HasPrefix(line, "-----") && strings.Contains(delivered, line) {
			return true
		}
	}
	return false
}

// Changed returns the lines that a processor changes, with what became of their
// records as JSON.
func Changed(process Process, lines []string) (changed map[string]string, err error) {
	decoder, err := NewDecoder()
	if err != nil {
		return nil, err
	}
	changed = map[string]string{}
	for _, line := range lines {
		before, after, err := Change(process, decoder.Decode(line))
		if err != nil {
			return nil, err
		}
		if before != after {
			changed[line] = after
		}
	}
	return changed, nil
}

// Change returns a record as it was and what a processor makes of it, as JSON.
func Change(process Process, logs plog.Logs) (before, after string, err error) {
	marshaler := plog.JSONMarshaler{}
	was, err := marshaler.MarshalLogs(logs)
	if err != nil {
		return "", "", err
	}
	if logs, err = process(logs); err != nil {
		return "", "", err
	}
	is, err := marshaler.MarshalLogs(logs)
	return string(was), string(is), err
}

// PerMillion is how many of a million lines are changed.
func PerMillion(changed, lines int) float64 { return float64(changed) * 1e6 / float64(lines) }
