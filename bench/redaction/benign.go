package main

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/mina-observability/otelcol-mina/bench/corpora"
	"github.com/mina-observability/otelcol-mina/internal/evaluation"
)

// change is a text that redaction has changed.
type change struct {
	corpora.Text
	rules  []string
	record string
}

// benign is what became of texts in which hardly anything is secret.
type benign struct {
	texts int
	// right are the changes that took the known secrets and nothing else.
	right int
	wrong []change
}

// perMillion is how many of a million texts are changed wrongly.
func (b benign) perMillion() float64 { return evaluation.PerMillion(len(b.wrong), b.texts) }

// byRule is how many texts each rule has changed wrongly.
func (b benign) byRule() map[string]int {
	count := map[string]int{}
	for _, change := range b.wrong {
		for _, rule := range change.rules {
			count[rule]++
		}
	}
	return count
}

// and returns both together.
func (b benign) and(other benign) benign {
	return benign{b.texts + other.texts, b.right + other.right, slices.Concat(b.wrong, other.wrong)}
}

// String is a row of a table, without its name.
func (b benign) String() string {
	byRule := b.byRule()
	list := []string{}
	for _, rule := range slices.Sorted(maps.Keys(byRule)) {
		list = append(list, fmt.Sprintf("%s %d", rule, byRule[rule]))
	}
	return fmt.Sprintf("| %d | %d | %d | %.0f | %s |", b.texts, b.right, len(b.wrong), b.perMillion(), strings.Join(list, ", "))
}

// leave counts which texts of a corpus are changed that hold no secret.
func leave(process evaluation.Process, corpus corpora.Corpus) (b benign, err error) {
	texts, err := corpus.Texts()
	if err != nil {
		return b, err
	}
	decoder, err := evaluation.NewDecoder()
	if err != nil {
		return b, err
	}
	b.texts = len(texts)
	for _, text := range texts {
		was, record, err := evaluation.Change(process, recordOf(decoder, corpus, text.Text))
		switch {
		case err != nil:
			return b, err
		case was == record:
		case rightly(corpus, was, record):
			b.right++
		default:
			b.wrong = append(b.wrong, change{text, rulesIn(record), record})
		}
	}
	return b, nil
}

// recordOf is the record of a line, as the receiver decodes it; a paragraph is a body.
func recordOf(decoder *evaluation.Decoder, corpus corpora.Corpus, text string) plog.Logs {
	if corpus.Lines {
		return decoder.Decode(text)
	}
	logs := plog.NewLogs()
	logs.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords().AppendEmpty().Body().SetStr(text)
	return logs
}

// marker is what stands where something was.
var marker = regexp.MustCompile(`\[REDACTED:(\w+)\]`)

// rightly reports whether a record is what it was, but for the secrets that are known.
func rightly(corpus corpora.Corpus, was, record string) bool {
	const placeholder = "[GONE]"
	was, some := corpus.Without(was, placeholder)
	left, _ := corpus.Without(marker.ReplaceAllString(record, placeholder), placeholder)
	return some && was == left
}

// rulesIn are the names in the markers of a record.
func rulesIn(record string) []string {
	names := map[string]bool{}
	for _, name := range marker.FindAllStringSubmatch(record, -1) {
		names[name[1]] = true
	}
	return slices.Sorted(maps.Keys(names))
}
