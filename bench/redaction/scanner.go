package main

import (
	"regexp"

	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/mina-observability/otelcol-mina/bench/corpora"
	"github.com/mina-observability/otelcol-mina/internal/evaluation"
)

// positions are where a secret of a scanner is put.
var positions = []string{"text", "attribute", "bare"}

// miss is a secret that is not hidden.
type miss struct {
	corpora.Text
	position, delivered string
}

// recall is what became of the secrets of a corpus: of those of types that we claim to
// find, and of the others, by position.
type recall struct {
	claimed, other map[string]evaluation.Found
	missed         []miss
}

// scan counts which secrets of a corpus are hidden: in the text as it is, as an
// attribute under the key that it has there, and without anything that tells what it is.
func scan(process evaluation.Process, corpus corpora.Corpus) (recall, error) {
	r := recall{claimed: map[string]evaluation.Found{}, other: map[string]evaluation.Found{}}
	texts, err := corpus.Texts()
	if err != nil {
		return r, err
	}
	for _, text := range texts {
		if text.Secret == "" {
			continue
		}
		found := r.other
		if corpus.Claimed(text.Rule) != "" {
			found = r.claimed
		}
		for _, position := range positions {
			logs, around := placed(position, text)
			if around == "" {
				continue
			}
			delivered, err := deliver(process, logs)
			if err != nil {
				return r, err
			}
			count := found[position]
			count.Of++
			if hidden(delivered, around, text.Secret) {
				count.Gone++
			} else {
				r.missed = append(r.missed, miss{text, position, delivered})
			}
			found[position] = count
		}
	}
	return r, nil
}

// placed returns a record with the secret in a position and what stands around it, or
// nothing where the secret has no key.
func placed(position string, text corpora.Text) (logs plog.Logs, around string) {
	logs = plog.NewLogs()
	record := logs.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords().AppendEmpty()
	switch position {
	case "text":
		record.Body().SetStr(text.Text)
		return logs, text.Text
	case "attribute":
		key := keyOf(text)
		record.Attributes().PutStr(key, text.Secret)
		return logs, key
	default:
		body := "found " + text.Secret + " in it"
		record.Body().SetStr(body)
		return logs, body
	}
}

// keyOf returns the key that a secret has in its text, in front of an operator and a
// type that may stand there.
func keyOf(text corpora.Text) string {
	key := regexp.MustCompile(`([A-Za-z][\w.-]*)["'` + "`" + `]?(?: [a-z]+)?\s*(?:[?:.]*=|=>|:)\s*["'` + "`" + `]?` + regexp.QuoteMeta(text.Secret)).FindStringSubmatch(text.Text)
	if key == nil {
		return ""
	}
	return key[1]
}

// deliver returns what leaves the processor, as it goes over the wire.
func deliver(process evaluation.Process, logs plog.Logs) (string, error) {
	logs, err := process(logs)
	if err != nil {
		return "", err
	}
	wire, err := (&plog.ProtoMarshaler{}).MarshalLogs(logs)
	return string(wire), err
}
