package filelock

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestOneHandleHasTheLock(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state")
	open := func() *os.File {
		file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
		require.NoError(t, err)
		t.Cleanup(func() { _ = file.Close() })
		return file
	}
	first, second := open(), open()
	require.NoError(t, TryLock(first))
	require.ErrorIs(t, TryLock(second), ErrTaken)
	require.NoError(t, Unlock(first))
	require.NoError(t, TryLock(second))

	waited := make(chan error)
	go func() { waited <- Lock(first) }()
	require.NoError(t, second.Close())
	assert.NoError(t, <-waited)
}
