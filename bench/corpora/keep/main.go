// Command keep writes the corpora of testdata anew, from the modules that they are
// from: go -C bench run ./corpora/keep. gitleaks makes other secrets each time.
package main

import (
	"compress/gzip"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"github.com/mina-observability/otelcol-mina/bench/corpora"
)

func main() {
	for name, read := range map[string]func() ([]corpora.Text, error){"gitleaks": readGitleaks, "osv-scalibr": readScalibr} {
		if err := keep(name, read); err != nil {
			fmt.Fprintf(os.Stderr, "%s: %v\n", name, err)
			os.Exit(1)
		}
	}
}

func keep(name string, read func() ([]corpora.Text, error)) error {
	texts, err := read()
	if err != nil {
		return err
	}
	file, err := os.Create(filepath.Join("corpora/testdata", name+".jsonl.gz"))
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }()
	packed, err := gzip.NewWriterLevel(file, gzip.BestCompression)
	if err != nil {
		return err
	}
	encoder := json.NewEncoder(packed)
	encoder.SetEscapeHTML(false)
	for _, text := range texts {
		if !written(text) {
			continue
		}
		if err := encoder.Encode(text); err != nil {
			return err
		}
	}
	return packed.Close()
}
