package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/mina-observability/otelcol-mina/internal/corpus"
	"github.com/mina-observability/otelcol-mina/internal/evaluation"
)

// printOwn prints what is found and left alone of the lines of internal/corpus.
func printOwn() error {
	positives, benign, err := corpus.Kept()
	if err != nil {
		return err
	}
	ours, err := mina(map[string]any{})
	if err != nil {
		return err
	}
	withPII, err := mina(map[string]any{"sets": []any{"default", "pii"}})
	if err != nil {
		return err
	}
	theirs, theirsOfAllTypes, err := contrib()
	if err != nil {
		return err
	}
	if err = printQuality(positives, benign, ours, withPII, theirs); err != nil {
		return err
	}
	if err = printTotals("contrib redaction", theirs, positives, benign); err != nil {
		return err
	}
	return printTotals("contrib redaction with redact_all_types", theirsOfAllTypes, positives, benign)
}

// optional are the rules that are off by default.
var optional = []string{
	"email", "ip_address", "phone", "it_codice_fiscale", "br_cpf", "fr_nir", "ca_sin", "uk_nhs", "in_aadhaar", "de_tax_id", "au_tfn", "au_medicare",
	"us_aba_routing", "pl_pesel", "se_personnummer", "uk_nino", "in_pan", "eu_vat", "passport", "driving_licence",
}

func printQuality(positives []corpus.Labelled, benign []string, ours, withPII, theirs evaluation.Process) error {
	found, _, err := evaluation.Recall(withPII, positives)
	if err != nil {
		return err
	}
	foundByTheirs, _, err := evaluation.Recall(theirs, positives)
	if err != nil {
		return err
	}
	changed, err := evaluation.Changed(ours, benign)
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
