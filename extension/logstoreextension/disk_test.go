package logstoreextension

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"github.com/mina-observability/otelcol-mina/internal/logstore"
)

// smallDisk returns a directory that is a disk of so many bytes.
func smallDisk(t *testing.T, bytes int) string {
	t.Helper()
	directory := t.TempDir()
	if err := unix.Mount("tmpfs", directory, "tmpfs", 0, fmt.Sprintf("size=%d", bytes)); err != nil {
		t.Skipf("a small disk can be mounted by root alone: %v", err)
	}
	t.Cleanup(func() { assert.NoError(t, unix.Unmount(directory, unix.MNT_DETACH)) })
	return directory
}

// fill writes a file that leaves so many bytes of a disk.
func fill(t *testing.T, directory string, leaves int64) string {
	t.Helper()
	var disk unix.Statfs_t
	require.NoError(t, unix.Statfs(directory, &disk))
	path := filepath.Join(directory, "somebody's")
	file, err := os.Create(path)
	require.NoError(t, err)
	defer file.Close()
	require.NoError(t, unix.Fallocate(int(file.Fd()), 0, 0, int64(disk.Bavail)*disk.Bsize-leaves))
	return path
}

// TestNothingIsLostWhileTheDiskIsFull fills it up to the reserve, which the engine leaves,
// or altogether, of which the engine dies.
func TestNothingIsLostWhileTheDiskIsFull(t *testing.T) {
	for name, leaves := range map[string]int64{"to the reserve": 4 << 20, "altogether": 0} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cfg := ownConfig(t, realEngine(t))
			disk := smallDisk(t, 64<<20)
			cfg.Directory, cfg.Retention.FreeDiskBytes = filepath.Join(disk, "logs"), 8<<20
			f := startStore(t, cfg)
			f.waitState(t, logstore.StateRunning)
			written := 0
			write := func() int {
				messages := make([]string, 100)
				for i := range messages {
					messages[i] = fmt.Sprintf("record-%d-%d %s", written, i, strings.Repeat("x", 200))
				}
				status, err := f.insert(messages...)
				if err != nil {
					return 0
				}
				if status == http.StatusOK {
					written += len(messages)
				}
				return status
			}
			require.Equal(t, http.StatusOK, write())
			file := fill(t, disk, leaves)
			waitFor(t, "a refusal", func() bool { return write() != http.StatusOK })
			if leaves > 0 {
				waitFor(t, "the status", func() bool { return f.Status().ReadOnly })
				assert.EqualValues(t, 0, f.Status().Restarts)
				assert.Less(t, f.Status().FreeBytes, int64(8<<20))
			} else {
				waitFor(t, "an end", func() bool { return f.Status().Restarts > 0 })
			}
			require.NoError(t, os.Remove(file))
			waitFor(t, "an answer", func() bool { return write() == http.StatusOK })
			waitFor(t, "the status", func() bool { return f.Status().State == logstore.StateRunning && !f.Status().ReadOnly })
			waitFor(t, fmt.Sprintf("%d records", written), func() bool { return f.ask(t, "* | stats count_uniq(_msg) as n") == strconv.Itoa(written) })
		})
	}
}
