package tail

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"

	"github.com/mina-observability/otelcol-mina/receiver/minareceiver/internal/checkpoint"
	"github.com/mina-observability/otelcol-mina/receiver/minareceiver/internal/checkpoint/checkpointtest"
)

// warnings is what every start prints: text without a time, longer than a fingerprint,
// of which each line is a record.
var warnings = strings.Repeat("Using a slower implementation of the clock, since the faster one is not installed\n", 4)

// Whatever begins as another file is read whole, unless its name says that it is
// a rotation of that one.
func TestFilesThatBeginAsAnotherOneAreRead(t *testing.T) {
	for name, tt := range map[string]struct {
		first, second string
		text          string
		records       int
	}{
		"a second start":              {"Start_application_1.log", "Start_application_2.log", warnings + lines(0, 5), 8 + 5},
		"the same text twice":         {"job-1.log", "job-2.log", warnings, 8},
		"a copy beside it":            {"blue/log/app.log", "green/log/app.log", warnings, 8},
		"a file without a rotation":   {"app.log", "backup.log", warnings, 8},
		"a day's file":                {"app-20251001.log", "app-20251002.log", warnings + lines(0, 5), 8 + 5},
		"a rotation, which is a copy": {"app.log", "app.log.1", warnings, 4},
	} {
		t.Run(name, func(t *testing.T) {
			dir, m := t.TempDir(), checkpointtest.NewMemory()
			first, second := filepath.Join(dir, tt.first), filepath.Join(dir, tt.second)
			require.NoError(t, os.MkdirAll(filepath.Dir(first), 0o755))
			require.NoError(t, os.MkdirAll(filepath.Dir(second), 0o755))
			everywhere := func(c *Config) { c.Include = []string{filepath.Join(dir, "**", "*.log*")} }
			write(t, first, warnings)
			b := newBench(t, dir, m, everywhere)
			b.poll()
			write(t, second, warnings)
			b.poll()
			write(t, second, tt.text)
			b.poll()
			b.later()
			b.poll()
			assert.Len(t, b.bodies(), tt.records)
			require.NoError(t, b.store.Save(t.Context()))

			again := newBench(t, dir, m, everywhere)
			again.poll()
			assert.Empty(t, again.bodies(), "nothing is new after a restart")
		})
	}
}

func TestACopyIsNotLongerThanItsOriginal(t *testing.T) {
	for name, rotation := range map[string]string{"plain": "app.log.1", "gzip": "app.log.1.gz"} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			text := func(text string) string {
				if strings.HasSuffix(rotation, ".gz") {
					return gzipped(t, text)
				}
				return text
			}
			write(t, filepath.Join(dir, "app.log"), warnings)
			b := newBench(t, dir, checkpointtest.NewMemory())
			core, logged := observer.New(zap.WarnLevel)
			b.logger = zap.New(core)
			b.poll()
			write(t, filepath.Join(dir, rotation), text(warnings))
			b.poll()
			b.later()
			b.poll()
			b.poll()
			require.Len(t, b.bodies(), 4, "a copy is not read")
			require.Equal(t, 1, logged.Len(), "but said, once")
			assert.Equal(t, filepath.Join(dir, rotation), logged.All()[0].ContextMap()["path"])
			assert.Equal(t, filepath.Join(dir, "app.log"), logged.All()[0].ContextMap()["original"])

			write(t, filepath.Join(dir, rotation), text(warnings+lines(0, 5)))
			b.poll()
			b.later()
			b.poll()
			assert.Len(t, b.bodies(), 4+4+5, "it goes on, and its original does not")
		})
	}
}

// An archive takes the place of its file: that is no trouble, and nothing is said.
func TestOnlyACopyBesideItsOriginalIsSaid(t *testing.T) {
	for name, removed := range map[string]bool{"beside it": false, "in its place": true} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			b, logs := watched(t, dir)
			path := filepath.Join(dir, "app.log.1")
			write(t, path, lines(0, 100))
			b.poll()
			write(t, path+".gz", gzipped(t, lines(0, 100)))
			b.poll()
			if removed {
				require.NoError(t, os.Remove(path))
			}
			for range 3 {
				b.later()
				b.poll()
			}
			assert.Equal(t, numbers(0, 100), b.bodies())
			if removed {
				assert.Zero(t, logs.Len())
				return
			}
			require.Equal(t, 1, logs.Len())
			assert.Equal(t, path, logs.All()[0].ContextMap()["original"])
			assert.Equal(t, path+".gz", logs.All()[0].ContextMap()["path"])
		})
	}
}

func TestANewFileOfEqualLinesAfterARenameIsRead(t *testing.T) {
	for name, include := range map[string]string{"in the pattern": "*.log*", "out of it": "*.log"} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			path := filepath.Join(dir, "app.log")
			write(t, path, warnings)
			b := newBench(t, dir, checkpointtest.NewMemory(), func(c *Config) { c.Include = []string{filepath.Join(dir, include)} })
			b.poll()
			require.NoError(t, os.Rename(path, path+".1"))
			write(t, path, warnings)
			b.poll()
			assert.Len(t, b.bodies(), 8)
		})
	}
}

func TestAShortFileThatIsCompressedIsNotReadTwice(t *testing.T) {
	for name, left := range map[string]bool{"beside its original": false, "in its place": true} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			path := filepath.Join(dir, "app.log.1")
			write(t, path, "one\ntwo\n")
			write(t, filepath.Join(dir, "app.log"), "three\n")
			b := newBench(t, dir, checkpointtest.NewMemory())
			b.poll()
			b.flushAll()
			if left {
				require.NoError(t, os.Remove(path))
			}
			write(t, path+".gz", gzipped(t, "one\ntwo\n"))
			b.poll()
			b.later()
			b.poll()
			assert.ElementsMatch(t, []string{"one", "two", "three"}, b.bodies())
		})
	}
}

// While the collector is down, a log is rotated twice, and each start has printed
// the same. Only the oldest is what was read.
func TestTheOldestOfSeveralCopiesGoesOn(t *testing.T) {
	dir, m := t.TempDir(), checkpointtest.NewMemory()
	path := filepath.Join(dir, "app.log")
	write(t, path, warnings)
	b := newBench(t, dir, m)
	b.poll()
	require.NoError(t, b.store.Save(t.Context()))
	require.NoError(t, os.Remove(path))
	write(t, path+".2.gz", gzipped(t, warnings+lines(0, 5)))
	write(t, path+".1", warnings+lines(5, 10))
	write(t, path, warnings+lines(10, 15))

	b = newBench(t, dir, m)
	b.poll()
	b.poll()
	assert.Subset(t, b.bodies(), numbers(0, 15))
	assert.Len(t, b.bodies(), 4+4+15)
}

func TestADeviceMayHaveAnotherNumberAfterARestart(t *testing.T) {
	original := &file{path: "/l/app.log", id: checkpoint.FileID{Device: 1, Inode: 2}}
	for name, tt := range map[string]struct {
		f     file
		named bool
	}{
		"the same file":    {file{path: "/l/app.log", id: checkpoint.FileID{Device: 3, Inode: 2}}, true},
		"rotated":          {file{path: "/l/app.log.1", id: checkpoint.FileID{Device: 3, Inode: 2}}, true},
		"another file":     {file{path: "/l/app.log", id: checkpoint.FileID{Device: 1, Inode: 3}}, false},
		"another name":     {file{path: "/l/other.log", id: checkpoint.FileID{Device: 3, Inode: 2}}, false},
		"another's folder": {file{path: "/m/app.log", id: checkpoint.FileID{Device: 3, Inode: 2}}, false},
	} {
		t.Run(name, func(t *testing.T) {
			assert.Equal(t, tt.named, tt.f.isNamedAfter(original))
		})
	}
}

// The record that waits for more lines is delivered, though its file has gone.
func TestARecordThatMayGoOnIsDeliveredWhenItsFileIsReplaced(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "app.log")
	write(t, path, lines(0, 1)+"2025-10-01 16:12:05,785 ERROR app: last words\n")
	b := newBench(t, dir, checkpointtest.NewMemory())
	b.poll()
	require.Len(t, b.bodies(), 1)
	write(t, path, "")
	b.poll()
	assert.Equal(t, []string{"000000", "last words"}, b.bodies())
}

// A scan of many files must not compare each with all the others.
func TestAFileIsComparedOnlyWithThoseThatItMayBeACopyOf(t *testing.T) {
	const files = 1000
	dir := t.TempDir()
	for i := range files {
		write(t, filepath.Join(dir, fmt.Sprintf("job-%03d.log", i)), lines(0, 10)) // which begin alike
		write(t, filepath.Join(dir, fmt.Sprintf("web-%03d.log", i)), lines(i, i+10))
	}
	b := newBench(t, dir, checkpointtest.NewMemory())
	b.poll()
	require.Len(t, b.bodies(), 2*files*10)
	originals, compared := b.indexOriginals(), 0
	for _, f := range b.files {
		start, err := os.ReadFile(f.path)
		require.NoError(t, err)
		compared += len(originals.of(f, start[:checkpoint.FingerprintSize]))
	}
	assert.Equal(t, 2*files, compared, "each with itself")
}
