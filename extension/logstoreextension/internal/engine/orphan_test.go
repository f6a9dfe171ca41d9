package engine

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// TestAnOrphanWritesWhatItHas has an engine whose collector was killed, and which writes what
// it has, for as long as one does that ends at the second SIGTERM.
func TestAnOrphanWritesWhatItHas(t *testing.T) {
	directory, err := Open(t.TempDir())
	require.NoError(t, err)
	defer directory.Close()
	kept, writes := filepath.Join(t.TempDir(), "kept"), filepath.Join(t.TempDir(), "writes")
	script := fmt.Sprintf(`trap 'trap "" INT; : > %s; sleep 0.3; : > %s; exit' INT; while :; do sleep 0.02; done`, writes, kept)
	orphan := exec.Command("/bin/sh", "-c", script, "victoria-logs", "-storageDataPath="+directory.Data())
	require.NoError(t, orphan.Start())
	ended := make(chan error, 1)
	go func() { ended <- orphan.Wait() }()
	require.NoError(t, os.WriteFile(directory.file(pidFile), []byte(strconv.Itoa(orphan.Process.Pid)), 0o600))
	require.Eventually(t, func() bool {
		_ = orphan.Process.Signal(unix.SIGINT)
		_, err := os.Stat(writes)
		return err == nil
	}, 10*time.Second, 10*time.Millisecond)

	require.NoError(t, directory.endOrphan())
	require.NoError(t, <-ended)
	assert.FileExists(t, kept)
	assert.NoFileExists(t, directory.file(pidFile))
}
