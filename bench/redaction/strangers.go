package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/mina-observability/otelcol-mina/bench/corpora"
	"github.com/mina-observability/otelcol-mina/internal/evaluation"
	"github.com/mina-observability/otelcol-mina/test/program"
)

// printStrangers prints what is hidden and left alone of the texts of others. A corpus
// that cannot be had is said so, and left out.
func printStrangers() error {
	ours, err := mina(map[string]any{})
	if err != nil {
		return err
	}
	if err := printHidden(ours, corpora.Scanners); err != nil {
		return err
	}
	return printLeft(ours, slices.Concat(corpora.Logs, corpora.Documentation))
}

// printFiles prints what is hidden of the texts in files of JSON, and what is left
// alone of the lines of log files.
func printFiles(paths []string) error {
	ours, err := mina(map[string]any{})
	if err != nil {
		return err
	}
	var scanners, logs []corpora.Corpus
	for _, path := range paths {
		if filepath.Ext(path) == ".jsonl" {
			scanners = append(scanners, corpora.ScannerFile(path))
		} else {
			logs = append(logs, corpora.LogFile(path))
		}
	}
	if len(scanners) > 0 {
		if err := printHidden(ours, scanners); err != nil {
			return err
		}
	}
	if len(logs) > 0 {
		return printLeft(ours, logs)
	}
	return nil
}

// printHidden prints what is hidden of the secrets of scanners.
func printHidden(process evaluation.Process, scanners []corpora.Corpus) error {
	fmt.Print("| scanner | types | texts, hidden | as attributes | bare |\n|---|---|---:|---:|---:|\n")
	for _, corpus := range scanners {
		recall, err := scan(process, corpus)
		if err != nil {
			fmt.Printf("| %s | %v | | | |\n", corpus.Name, err)
			continue
		}
		fmt.Printf("| %s | claimed %s\n| | others %s\n", corpus.Name, cells(recall.claimed), cells(recall.other))
		if err := keep(corpus.Name, misses(recall.missed)); err != nil {
			return err
		}
	}
	return nil
}

// printLeft prints what is left alone of the texts of corpora.
func printLeft(process evaluation.Process, all []corpora.Corpus) error {
	fmt.Print("\n| | texts | changed rightly | wrongly | per million | by rule |\n|---|---:|---:|---:|---:|---|\n")
	var logs benign
	for _, corpus := range all {
		left, err := leave(process, corpus)
		if err != nil {
			fmt.Printf("| %s | %v | | | | |\n", corpus.Name, err)
			continue
		}
		fmt.Printf("| %s %s\n", corpus.Name, left)
		if corpus.Lines {
			logs = logs.and(left)
		}
		if err := keep(corpus.Name, changes(left.wrong)); err != nil {
			return err
		}
	}
	fmt.Printf("| all log lines %s\n\nWhat is missed or changed wrongly is in %s.\n\n", logs, results)
	return nil
}

// results is the folder for what is missed and what is changed wrongly.
var results = filepath.Join(program.Root(), "_build", "redaction")

// keep writes what was found of a corpus, in a file of its name.
func keep(corpus, text string) error {
	if err := os.MkdirAll(results, 0o755); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(results, filepath.Base(corpus)+".txt"), []byte(text), 0o600)
}

// cells are the columns of a table for the positions.
func cells(found map[string]evaluation.Found) string {
	var row strings.Builder
	for _, position := range positions {
		if f := found[position]; f.Of > 0 {
			fmt.Fprintf(&row, "| %d of %d, %s ", f.Gone, f.Of, percent(f))
		} else {
			row.WriteString("| ")
		}
	}
	return row.String() + "|"
}

// misses lists what is left, with what was delivered.
func misses(list []miss) string {
	var text strings.Builder
	for _, m := range list {
		fmt.Fprintf(&text, "%s, %s: %q\n\t%q\n\t%q\n", m.Rule, m.position, m.Secret, m.Text.Text, m.delivered)
	}
	return text.String()
}

// changes lists what was changed wrongly.
func changes(list []change) string {
	var text strings.Builder
	for _, c := range list {
		fmt.Fprintf(&text, "%s, %s:\n\t%s\n\t%s\n", c.Rule, strings.Join(c.rules, " "), c.Text.Text, c.record)
	}
	return text.String()
}
