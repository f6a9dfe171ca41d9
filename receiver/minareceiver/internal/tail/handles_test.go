package tail

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mina-observability/otelcol-mina/receiver/minareceiver/internal/checkpoint/checkpointtest"
)

func TestFilesTakeTurnsWhereFewMayBeOpen(t *testing.T) {
	dir := t.TempDir()
	const files = 100
	for i := range files {
		write(t, filepath.Join(dir, fmt.Sprintf("app%d.log", i)), lines(10*i, 10*i+10))
	}
	b := newBench(t, dir, checkpointtest.NewMemory(), func(c *Config) { c.MaxConcurrentFiles = 3 })
	for range files {
		b.poll()
		require.LessOrEqual(t, len(b.handles.open), 3)
	}
	assert.ElementsMatch(t, numbers(0, 10*files), b.bodies())
	for i := range files { // each grows while it is closed
		write(t, filepath.Join(dir, fmt.Sprintf("app%d.log", i)), lines(10*i, 10*i+10)+lines(10*(files+i), 10*(files+i)+10))
	}
	for range files {
		b.poll()
		require.LessOrEqual(t, len(b.handles.open), 3)
	}
	taken := b.bodies()
	slices.Sort(taken)
	assert.Equal(t, numbers(0, 20*files), taken)
}

// Archives that are long in reading leave room for others, and are read through.
func TestArchivesLeaveRoomForOthers(t *testing.T) {
	dir := t.TempDir()
	const archives, size = 6, 100_000
	for i := range archives {
		write(t, filepath.Join(dir, fmt.Sprintf("a%d.log.gz", i)), gzipped(t, lines(i*size, i*size+size)))
	}
	write(t, filepath.Join(dir, "z.log"), lines(archives*size, archives*size+10))
	b := newBench(t, dir, checkpointtest.NewMemory(), func(c *Config) { c.MaxConcurrentFiles = 4 })
	b.scan()
	turns := 0
	for ; len(b.reading) > 0 || !b.batcher.Empty(); turns++ {
		if len(b.reading) > 0 && !b.batcher.Full() {
			b.readTurn()
		} else {
			b.batcher.HandOver(context.Background())
		}
		decoding := 0
		for f := range b.handles.open {
			if f.isHalfDecoded() {
				decoding++
			}
		}
		require.LessOrEqual(t, decoding, 2)
		require.LessOrEqual(t, len(b.handles.open), 4)
	}
	b.batcher.Wait()
	taken := b.bodies()
	slices.Sort(taken)
	assert.Equal(t, numbers(0, archives*size+10), taken)
}

// The test must not run beside others: it takes the descriptors of the process.
func TestFilesWaitWhereTheProcessHasNoDescriptorsLeft(t *testing.T) {
	dir := t.TempDir()
	b := newBench(t, dir, checkpointtest.NewMemory())
	write(t, filepath.Join(dir, "app.log"), lines(0, 10))
	var was syscall.Rlimit
	require.NoError(t, syscall.Getrlimit(syscall.RLIMIT_NOFILE, &was))
	none := was
	none.Cur = lowestFree(t)
	require.NoError(t, syscall.Setrlimit(syscall.RLIMIT_NOFILE, &none))
	f := b.newFile(filepath.Join(dir, "app.log"), infoOf(t, dir))
	err := f.open()
	require.NoError(t, syscall.Setrlimit(syscall.RLIMIT_NOFILE, &was))
	require.ErrorIs(t, err, errNoRoom)
	b.poll()
	assert.Equal(t, numbers(0, 10), b.bodies())
}

func infoOf(t *testing.T, dir string) os.FileInfo {
	info, err := os.Stat(filepath.Join(dir, "app.log"))
	require.NoError(t, err)
	return info
}

// lowestFree returns the number that the next descriptor would have.
func lowestFree(t *testing.T) uint64 {
	file, err := os.Open(os.DevNull)
	require.NoError(t, err)
	defer func() { require.NoError(t, file.Close()) }()
	return uint64(file.Fd())
}

// Files that grow at every poll do not keep their descriptors from those that wait.
func TestFilesThatGrowKeepNobodyWaiting(t *testing.T) {
	dir := t.TempDir()
	const files, rounds = 10, 30
	b := newBench(t, dir, checkpointtest.NewMemory(), func(c *Config) { c.MaxConcurrentFiles = 3 })
	taken := func(name string) bool {
		return slices.ContainsFunc(b.bodies(), func(body string) bool { return body == name })
	}
	for round := range rounds {
		for i := range files {
			appendLine(t, filepath.Join(dir, fmt.Sprintf("app%d.log", i)), fmt.Sprintf("file %d, round %d", i, round))
		}
		b.poll()
	}
	for i := range files {
		assert.True(t, taken(fmt.Sprintf("file %d, round %d", i, rounds/2)), i)
	}
}

func appendLine(t *testing.T, path, message string) {
	t.Helper()
	file, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	require.NoError(t, err)
	_, err = fmt.Fprintf(file, `{"level": "INFO", "message": %q}`+"\n", message)
	require.NoError(t, err)
	require.NoError(t, file.Close())
}

// A folder that cannot be listed for a while is no reason to read its files again.
func TestAFolderThatCannotBeListedForAWhile(t *testing.T) {
	dir := t.TempDir()
	const files = 5
	for i := range files {
		write(t, filepath.Join(dir, fmt.Sprintf("app%d.log", i)), lines(100*i, 100*i+10))
	}
	b := newBench(t, dir, checkpointtest.NewMemory(), func(c *Config) { c.MaxConcurrentFiles = 2 })
	for range files {
		b.poll()
	}
	require.Len(t, b.bodies(), 10*files)
	var was syscall.Rlimit
	require.NoError(t, syscall.Getrlimit(syscall.RLIMIT_NOFILE, &was))
	none := was
	none.Cur = lowestFree(t)
	require.NoError(t, syscall.Setrlimit(syscall.RLIMIT_NOFILE, &none))
	for range 3 {
		b.scan()
	}
	require.NoError(t, syscall.Setrlimit(syscall.RLIMIT_NOFILE, &was))
	for range files {
		b.poll()
	}
	assert.Len(t, b.bodies(), 10*files, "none is read twice")
	require.NoError(t, os.Remove(filepath.Join(dir, "app0.log")))
	b.poll()
	assert.Len(t, b.files, files-1, "what has been deleted is gone")
}
