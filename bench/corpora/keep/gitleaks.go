package main

import (
	"bytes"
	_ "embed" // what is put into gitleaks
	"os"
	"os/exec"
	"path/filepath"

	"github.com/mina-observability/otelcol-mina/bench/corpora"
)

// validate takes the place of what gitleaks holds the examples of a rule against the
// rule with, and prints them.
//
//go:embed validate.go.txt
var validate []byte

// readGitleaks lets gitleaks generate its configuration, which checks every rule.
func readGitleaks() (texts []corpora.Text, err error) {
	module, err := corpora.Module(corpora.Gitleaks)
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "mina-gitleaks-")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	if err := os.CopyFS(dir, os.DirFS(module)); err != nil {
		return nil, err
	}
	if err := replace(filepath.Join(dir, "cmd/generate/config/utils/validate.go"), validate); err != nil {
		return nil, err
	}
	generate := exec.Command("go", "run", ".", filepath.Join(dir, "gitleaks.toml"))
	generate.Dir, generate.Stderr = filepath.Join(dir, "cmd/generate/config"), os.Stderr
	out, err := generate.Output()
	if err != nil {
		return nil, err
	}
	return corpora.Decode(bytes.NewReader(out))
}

// replace writes a file in the place of one that is read-only.
func replace(path string, text []byte) error {
	if err := os.Remove(path); err != nil {
		return err
	}
	return os.WriteFile(path, text, 0o600)
}
