// Command redaction prints recall, false positives and cost of the redaction of the
// processor mina, and of contrib's processor redaction, on the kept lines.
package main

import (
	"context"
	_ "embed" // contrib's configuration
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/open-telemetry/opentelemetry-collector-contrib/processor/redactionprocessor"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/processor"
	"go.yaml.in/yaml/v3"

	"github.com/mina-observability/otelcol-mina/processor/minaprocessor"
	"github.com/mina-observability/otelcol-mina/internal/corpus"
	"github.com/mina-observability/otelcol-mina/internal/evaluation"
)

//go:embed contrib.yaml
var contribConfig []byte

func main() {
	if err := compare(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func compare() error {
	positives, benign, err := corpus.Kept()
	if err != nil {
		return err
	}
	contrib := map[string]any{}
	if err = yaml.Unmarshal(contribConfig, &contrib); err != nil {
		return err
	}
	ours := minaprocessor.NewFactory()
	mina, err := newProcess(ours, redaction(map[string]any{}))
	if err != nil {
		return err
	}
	withPII, err := newProcess(ours, redaction(map[string]any{"sets": []any{"default", "pii"}}))
	if err != nil {
		return err
	}
	theirs, err := newProcess(redactionprocessor.NewFactory(), contrib)
	if err != nil {
		return err
	}
	contrib["redact_all_types"] = true
	theirsOfAllTypes, err := newProcess(redactionprocessor.NewFactory(), contrib)
	if err != nil {
		return err
	}
	if err = printQuality(positives, benign, mina, withPII, theirs); err != nil {
		return err
	}
	for _, c := range []struct {
		name    string
		process evaluation.Process
	}{{"contrib redaction", theirs}, {"contrib redaction with redact_all_types", theirsOfAllTypes}} {
		if err = printTotals(c.name, c.process, positives, benign); err != nil {
			return err
		}
	}
	many, err := newProcess(ours, redaction(map[string]any{"custom_rules": customRules(200 - defaultRules)}))
	if err != nil {
		return err
	}
	return printCost(map[string]evaluation.Process{
		"mina, default rules": mina, "mina, 200 rules": many, "contrib redaction": theirs, "contrib redaction with redact_all_types": theirsOfAllTypes,
	})
}

// defaultRules is the number of rules of the set default, and of sensitive keys.
const defaultRules = 41

func redaction(section map[string]any) map[string]any { return map[string]any{"redaction": section} }

func customRules(n int) []any {
	list := make([]any, n)
	for i := range list {
		list[i] = map[string]any{"name": fmt.Sprintf("custom_%d", i), "pattern": fmt.Sprintf(`\bvendor%d[_-]([a-z0-9]{20,40})\b`, 37*i), "keywords": []any{fmt.Sprintf("vendor%d", 37*i)}}
	}
	return list
}

// newProcess returns what a processor does to logs.
func newProcess(factory processor.Factory, section map[string]any) (evaluation.Process, error) {
	config := factory.CreateDefaultConfig()
	if err := confmap.NewFromStringMap(section).Unmarshal(config); err != nil {
		return nil, err
	}
	if err := confmap.Validate(config); err != nil {
		return nil, err
	}
	var delivered plog.Logs
	next, err := consumer.NewLogs(func(_ context.Context, logs plog.Logs) error { delivered = logs; return nil })
	if err != nil {
		return nil, err
	}
	settings := processor.Settings{ID: component.NewID(factory.Type()), TelemetrySettings: componenttest.NewNopTelemetrySettings()}
	logs, err := factory.CreateLogs(context.Background(), settings, config, next)
	if err != nil {
		return nil, err
	}
	if err = logs.Start(context.Background(), componenttest.NewNopHost()); err != nil {
		return nil, err
	}
	return func(in plog.Logs) (plog.Logs, error) {
		err := logs.ConsumeLogs(context.Background(), in)
		return delivered, err
	}, nil
}

// optional are the rules that are off by default.
var optional = []string{"email", "ip_address", "phone"}

func printQuality(positives []corpus.Labelled, benign []string, mina, withPII, theirs evaluation.Process) error {
	found, _, err := evaluation.Recall(withPII, positives)
	if err != nil {
		return err
	}
	foundByTheirs, _, err := evaluation.Recall(theirs, positives)
	if err != nil {
		return err
	}
	changed, err := evaluation.Changed(mina, benign)
	if err != nil {
		return err
	}
	byRule := map[string]int{}
	for _, record := range changed {
		_, name, _ := strings.Cut(record, "[REDACTED:")
		name, _, _ = strings.Cut(name, "]")
		byRule[name]++
	}
	fmt.Printf("%d lines with a secret, %d without\n\n", len(positives), len(benign))
	fmt.Println("| rule | secrets | recall | false positives per million | recall, contrib |")
	fmt.Println("|---|---:|---:|---:|---:|")
	var all, allByTheirs evaluation.Found
	for _, rule := range slices.Sorted(maps.Keys(found)) {
		f, theirs := found[rule], foundByTheirs[rule]
		falsePositives := fmt.Sprintf("%.0f", evaluation.PerMillion(byRule[rule], len(benign)))
		recallOfTheirs := percent(theirs)
		if slices.Contains(optional, rule) {
			falsePositives, recallOfTheirs = "off by default", "no pattern"
		} else {
			all.Of, all.Gone = all.Of+f.Of, all.Gone+f.Gone
			allByTheirs.Of, allByTheirs.Gone = allByTheirs.Of+theirs.Of, allByTheirs.Gone+theirs.Gone
		}
		fmt.Printf("| `%s` | %d | %s | %s | %s |\n", rule, f.Of, percent(f), falsePositives, recallOfTheirs)
	}
	fmt.Printf("| all default rules | %d | %s | %.0f | %s |\n\n", all.Of, percent(all), evaluation.PerMillion(len(changed), len(benign)), percent(allByTheirs))
	return nil
}

// printTotals prints what a processor does with all lines of the default rules.
func printTotals(name string, process evaluation.Process, positives []corpus.Labelled, benign []string) error {
	positives = slices.DeleteFunc(slices.Clone(positives), func(l corpus.Labelled) bool { return slices.Contains(optional, l.Rule) })
	_, missed, err := evaluation.Recall(process, positives)
	if err != nil {
		return err
	}
	changed, err := evaluation.Changed(process, benign)
	if err != nil {
		return err
	}
	fmt.Printf("%s: recall %s, %.0f false positives per million\n\n", name, percent(evaluation.Found{Of: len(positives), Gone: len(positives) - len(missed)}), evaluation.PerMillion(len(changed), len(benign)))
	return nil
}

func percent(f evaluation.Found) string { return fmt.Sprintf("%.1f %%", 100*f.Recall()) }

// printCost times records of 650 bytes without a hit, in turns. They stay as they
// are, so that every round has the same.
func printCost(processes map[string]evaluation.Process) error {
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
		fmt.Printf("| %s | %.0f |\n", name, median(times[name]))
	}
	return nil
}

func median(values []float64) float64 {
	slices.Sort(values)
	return values[len(values)/2]
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
