// Command redaction prints recall, false positives and cost of the redaction of the
// processor mina: on the kept lines, beside contrib's processor redaction, and on texts
// that nobody here wrote. What is missed or changed wrongly is written to _build.
package main

import (
	_ "embed" // contrib's configuration
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/open-telemetry/opentelemetry-collector-contrib/processor/redactionprocessor"
	"go.yaml.in/yaml/v3"

	"github.com/mina-observability/otelcol-mina/internal/evaluation"
	"github.com/mina-observability/otelcol-mina/processor/minaprocessor"
)

//go:embed contrib.yaml
var contribConfig []byte

type section struct {
	name  string
	print func() error
}

// sections are the measurements, in the order in which they are printed.
var sections = []section{{"own", printOwn}, {"strangers", printStrangers}, {"cost", printCost}}

func main() {
	only := flag.String("only", "", "the sections to measure, with commas between them (all)")
	flag.Usage = func() {
		_, _ = fmt.Fprintln(flag.CommandLine.Output(), "redaction [-only SECTIONS] [FILES of log lines or, as .jsonl, of texts with secrets, which are measured instead]")
		flag.PrintDefaults()
	}
	flag.Parse()
	if flag.NArg() > 0 {
		sections = []section{{"files", func() error { return printFiles(flag.Args()) }}}
	}
	for _, section := range sections {
		if *only != "" && !slices.Contains(strings.Split(*only, ","), section.name) {
			continue
		}
		if err := section.print(); err != nil {
			fmt.Fprintf(os.Stderr, "%s: %v\n", section.name, err)
			os.Exit(1)
		}
	}
}

// mina returns what our processor does with a section redaction.
func mina(section map[string]any) (evaluation.Process, error) {
	return newProcess(minaprocessor.NewFactory(), map[string]any{"redaction": section})
}

// contrib returns what contrib's processor does, also with keys and values that are no texts.
func contrib() (texts, allTypes evaluation.Process, err error) {
	config := map[string]any{}
	if err = yaml.Unmarshal(contribConfig, &config); err != nil {
		return nil, nil, err
	}
	if texts, err = newProcess(redactionprocessor.NewFactory(), config); err != nil {
		return nil, nil, err
	}
	config["redact_all_types"] = true
	allTypes, err = newProcess(redactionprocessor.NewFactory(), config)
	return texts, allTypes, err
}
