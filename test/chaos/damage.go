package main

import (
	"context"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/mina-observability/otelcol-mina/test/program"
)

// pageSize is the length in bytes of a page of the state's files (bbolt).
const pageSize = 4096

// damages are what a power cut, a full disk, a bad block or a hand may leave of a file.
var damages = []struct {
	name string
	to   func(path string, text []byte) error
}{
	{"nothing left", func(path string, _ []byte) error { return os.Truncate(path, 0) }},
	{"cut in half", func(path string, text []byte) error { return os.Truncate(path, int64(len(text)/2)) }},
	{"cut within a page", func(path string, text []byte) error { return os.Truncate(path, int64(rand.IntN(len(text)))) }},
	{"a page of zeros", overwrite(anyPage, func(page []byte) { clear(page) })},
	{"a page of noise", overwrite(anyPage, noise)},
	{"the first page gone", overwrite(page(0), noise)},
	{"both heads gone", overwriteAll(overwrite(page(0), noise), overwrite(page(1), noise))},
	{"some bits", overwrite(anyPage, func(page []byte) {
		for range 8 {
			page[rand.IntN(len(page))] ^= 1 << rand.IntN(8)
		}
	})},
	{"a page missing", func(path string, text []byte) error {
		at := anyPage(text)
		return os.WriteFile(path, append(text[:at:at], text[min(at+pageSize, len(text)):]...), 0o600)
	}},
	{"another file", func(path string, _ []byte) error {
		return os.WriteFile(path, []byte(strings.Repeat("not a database\n", 1000)), 0o600)
	}},
	{"a directory", func(path string, _ []byte) error { return errors.Join(os.Remove(path), os.Mkdir(path, 0o700)) }},
	{"a newer format", overwriteAll(overwrite(page(0), newer), overwrite(page(1), newer))},
	{"no file", func(path string, _ []byte) error { return os.Remove(path) }},
}

func anyPage(text []byte) int { return rand.IntN(max(1, len(text)/pageSize)) * pageSize }

func page(n int) func([]byte) int { return func([]byte) int { return n * pageSize } }

func noise(page []byte) {
	for i := range page {
		page[i] = byte(rand.Uint32())
	}
}

// newer changes the version in the head of a file: behind the page's own head of 16
// bytes and four bytes of magic.
func newer(page []byte) { page[20]++ }

func overwrite(where func([]byte) int, how func(page []byte)) func(string, []byte) error {
	return func(path string, text []byte) error {
		at := where(text)
		if at < len(text) {
			how(text[at:min(at+pageSize, len(text))])
		}
		return os.WriteFile(path, text, 0o600)
	}
}

func overwriteAll(changes ...func(string, []byte) error) func(string, []byte) error {
	return func(path string, text []byte) error {
		for _, change := range changes {
			if err := change(path, text); err != nil {
				return err
			}
		}
		return nil
	}
}

// damageState kills the collector, damages the file with its checkpoints, in each way
// in turn, and starts it again.
func damageState(ctx context.Context, e *experiment, stop <-chan struct{}) error {
	for n := 0; between(ctx, stop, 300*time.Millisecond, 600*time.Millisecond); n++ {
		e.end((*program.Collector).Kill)
		if err := damageCheckpoints(e.state(), damages[n%len(damages)].to); err != nil {
			return err
		}
		if err := e.start(); err != nil {
			return err
		}
	}
	return nil
}

func damageCheckpoints(state string, to func(string, []byte) error) error {
	paths, err := filepath.Glob(filepath.Join(state, "receiver_*"))
	if err != nil {
		return err
	}
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if strings.Contains(path, ".corrupt-") || err != nil || len(text) < 2*pageSize {
			continue
		}
		if err := to(path, text); err != nil {
			return err
		}
	}
	return nil
}
