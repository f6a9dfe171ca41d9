//go:build unix

package doctor

import (
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestAPipeAmongTheFilesIsNotWaitedFor(t *testing.T) {
	folder := t.TempDir()
	require.NoError(t, syscall.Mkfifo(filepath.Join(folder, "app.log"), 0o600))
	pattern := filepath.Join(folder, "*")
	assert.Equal(t, []Check{nothingMatches(pattern)}, matching(pattern, nil))
}
