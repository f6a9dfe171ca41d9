package directory

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestDirectoryHasRoomAndCanBeWrittenTo(t *testing.T) {
	free, err := Free(t.TempDir())
	require.NoError(t, err)
	assert.Positive(t, free)
	assert.NoError(t, Writable(t.TempDir()))
}

func TestWhyADirectoryCannotBeUsedIsTold(t *testing.T) {
	missing := filepath.Join(t.TempDir(), "missing")
	_, err := Free(missing)
	require.ErrorIs(t, err, fs.ErrNotExist)
	require.ErrorIs(t, Writable(missing), fs.ErrNotExist)
	if os.Geteuid() == 0 {
		t.Skip("root may write everywhere")
	}
	closed := t.TempDir()
	require.NoError(t, os.Chmod(closed, 0o500))
	assert.ErrorIs(t, Writable(closed), fs.ErrPermission)
}
