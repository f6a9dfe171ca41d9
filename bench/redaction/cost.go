package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/mina-observability/otelcol-mina/bench/turns"
	"github.com/mina-observability/otelcol-mina/internal/corpus"
	"github.com/mina-observability/otelcol-mina/internal/evaluation"
)

// allRules is how many rules the second of ours has, with custom ones.
const allRules = 200

// defaultRules counts the rules of the set default, of each of which the kept lines
// have secrets.
func defaultRules() (int, error) {
	positives, _, err := corpus.Kept()
	rules := map[string]bool{}
	for _, line := range positives {
		rules[line.Rule] = !slices.Contains(optional, line.Rule)
	}
	maps.DeleteFunc(rules, func(_ string, on bool) bool { return !on })
	return len(rules), err
}

func customRules(n int) []any {
	list := make([]any, n)
	for i := range list {
		list[i] = map[string]any{"name": fmt.Sprintf("custom_%d", i), "pattern": fmt.Sprintf(`\bvendor%d[_-]([a-z0-9]{20,40})\b`, 37*i), "keywords": []any{fmt.Sprintf("vendor%d", 37*i)}}
	}
	return list
}

// contenders are what is timed, by name.
func contenders() (map[string]evaluation.Process, error) {
	ours, err := mina(map[string]any{})
	if err != nil {
		return nil, err
	}
	rules, err := defaultRules()
	if err != nil {
		return nil, err
	}
	many, err := mina(map[string]any{"custom_rules": customRules(allRules - rules)})
	if err != nil {
		return nil, err
	}
	theirs, theirsOfAllTypes, err := contrib()
	return map[string]evaluation.Process{
		"mina, default rules": ours, fmt.Sprintf("mina, %d rules", allRules): many, "contrib redaction": theirs, "contrib redaction with redact_all_types": theirsOfAllTypes,
	}, err
}

// printCost times records of 650 bytes without a hit, in turns. They stay as they
// are, so that every round has the same.
func printCost() error {
	processes, err := contenders()
	if err != nil {
		return err
	}
	const records, rounds = 1000, 5
	logs, err := costRecords(records)
	if err != nil {
		return err
	}
	times := map[string][]float64{}
	for range rounds {
		for _, name := range slices.Sorted(maps.Keys(processes)) {
			result := testing.Benchmark(func(b *testing.B) {
				for b.Loop() {
					if _, err := processes[name](logs); err != nil {
						b.Fatal(err)
					}
				}
			})
			times[name] = append(times[name], float64(result.NsPerOp())/records)
		}
	}
	fmt.Printf("Cost of a record of 650 bytes without a hit, on one core, the median of %d rounds:\n\n| | ns a record |\n|---|---:|\n", rounds)
	for _, name := range slices.Sorted(maps.Keys(processes)) {
		fmt.Printf("| %s | %.0f |\n", name, turns.Median(times[name]))
	}
	return nil
}

// costRecords are records of which most values differ from one to the next.
func costRecords(n int) (plog.Logs, error) {
	decoder, err := evaluation.NewDecoder()
	if err != nil {
		return plog.Logs{}, err
	}
	var text strings.Builder
	for i := range n {
		fmt.Fprintf(&text, `{"timestamp": "2025-10-01T16:12:05.785000+00:00", "level": "INFO", "logger": "services.transcription", "message": "Transcription of meeting %[1]d finished after %[2]d.5 s", "module": "transcription", "function": "process", "line": 117, "process_id": 10177, "process_name": "MainProcess", "thread_id": %[3]d, "thread_name": "MainThread", "hostname": "mina-prod-01", "request_id": "%08[1]x-d9cb-469f-a165-%012[4]x", "http": {"method": "POST", "path": "/api/meetings/%[1]d", "ip": "203.0.113.%[2]d", "user_agent": "Mozilla/5.0 (X11)"}, "user": {"id": "%[1]d", "username": "ana%[2]d"}, "meeting_id": %[1]d, "duration_seconds": %[2]d.5, "model": "whisper-1", "language": "de", "word_count": %[2]d}`+"\n",
			7919*i, i%250, 140245896464960+i*7919, i*104729)
	}
	return decoder.Decode(strings.TrimSuffix(text.String(), "\n")), nil
}
