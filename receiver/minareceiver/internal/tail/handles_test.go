package tail

import (
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
		require.LessOrEqual(t, b.handles.open, 3)
	}
	assert.ElementsMatch(t, numbers(0, 10*files), b.bodies())
	for i := range files { // each grows while it is closed
		write(t, filepath.Join(dir, fmt.Sprintf("app%d.log", i)), lines(10*i, 10*i+10)+lines(10*(files+i), 10*(files+i)+10))
	}
	for range files {
		b.poll()
		require.LessOrEqual(t, b.handles.open, 3)
	}
	taken := b.bodies()
	slices.Sort(taken)
	assert.Equal(t, numbers(0, 20*files), taken)
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
