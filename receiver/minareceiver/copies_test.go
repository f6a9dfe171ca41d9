package minareceiver

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/mina-observability/otelcol-mina/receiver/minareceiver/internal/checkpoint/checkpointtest"
)

// copyTruncate rotates as logrotate's copytruncate does, with what is appended
// between the copy and the truncation, which is lost by design, left out.
func copyTruncate(t *testing.T, path, to string) {
	t.Helper()
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(to, text, 0o644))
	require.NoError(t, os.Truncate(path, 0))
}

func TestTheRestOfATruncatedFileIsReadFromItsCopy(t *testing.T) {
	dir, next, m := t.TempDir(), &sink{}, checkpointtest.NewMemory()
	path := filepath.Join(dir, "app.log")
	appendTo(t, path, lines(0, 100))
	r := startReceiver(t, fileConfig(dir), next, m)
	eventually(t, has(next, 100), "before")
	stopReceiver(t, r)

	// While the collector is down the file grows, and is rotated.
	appendTo(t, path, lines(100, 200))
	copyTruncate(t, path, path+".1")
	appendTo(t, path, lines(200, 250))
	r = startReceiver(t, fileConfig(dir), next, m)
	eventually(t, has(next, 250), "the rest in the copy, and what is new")
	stopReceiver(t, r)
	requireEach(t, next.taken(), 0, 250, 1)
}

func TestWhatIsInFlightWhileItsFileIsCopiedIsReadAgainAfterAKill(t *testing.T) {
	dir, next, m := t.TempDir(), &sink{}, checkpointtest.NewMemory()
	path := filepath.Join(dir, "app.log")
	appendTo(t, path, lines(0, 100))
	release := make(chan struct{})
	next.answer = func(int, plog.Logs) error {
		<-release
		return nil
	}
	r := startReceiver(t, fileConfig(dir), next, m)
	eventually(t, func() bool { return next.offered() == 1 }, "in flight")
	copyTruncate(t, path, path+".1")
	appendTo(t, path, lines(100, 150))
	eventually(t, func() bool { return next.offered() == 2 }, "the truncated file is read")
	killed := m.Snapshot()
	close(release)
	stopReceiver(t, r)

	again := &sink{}
	r = startReceiver(t, fileConfig(dir), again, killed)
	eventually(t, has(again, 150), "both")
	stopReceiver(t, r)
}

func TestACopyIsNotReadWhileItsOriginalIsThere(t *testing.T) {
	dir, next, m := t.TempDir(), &sink{}, checkpointtest.NewMemory()
	path, backup := filepath.Join(dir, "app.log"), filepath.Join(dir, "app.log.1")
	appendTo(t, path, lines(0, 100))
	r := startReceiver(t, fileConfig(dir), next, m)
	eventually(t, has(next, 100), "the original")
	require.NoError(t, os.WriteFile(backup, []byte(lines(0, 100)), 0o644))
	appendTo(t, path, lines(100, 200))
	eventually(t, has(next, 200), "the original goes on")
	stopReceiver(t, r)
	requireEach(t, next.taken(), 0, 200, 1)
}

func TestFilesThatBeginAlikeAreBothRead(t *testing.T) {
	dir, next, m := t.TempDir(), &sink{}, checkpointtest.NewMemory()
	first, second := filepath.Join(dir, "first.log"), filepath.Join(dir, "second.log")
	appendTo(t, first, lines(0, 50)+lines(50, 100))
	r := startReceiver(t, fileConfig(dir), next, m)
	eventually(t, has(next, 100), "the first")
	appendTo(t, second, lines(0, 50)+lines(100, 200))
	eventually(t, has(next, 200), "the second, though it begins as the first does")
	stopReceiver(t, r)
	requireEach(t, next.taken(), 0, 200, 2)
	assert.Len(t, next.taken(), 250)
}

func requireSize(t *testing.T, path string, size int64) {
	t.Helper()
	info, err := os.Stat(path)
	require.NoError(t, err)
	require.Equal(t, size, info.Size())
}

// A compressed file appears little by little beside its original, which goes when
// it is whole. Whatever the moment of a kill, nothing is read twice that was
// delivered, and nothing is lost.
func TestKillsWhileAFileIsBeingCompressed(t *testing.T) {
	whole := gzipped(lines(0, 20000))
	for name, step := range map[string]func(path string){
		"before":          func(string) {},
		"the header":      func(path string) { require.NoError(t, os.WriteFile(path+".gz", whole[:10], 0o644)) },
		"the beginning":   func(path string) { require.NoError(t, os.WriteFile(path+".gz", whole[:len(whole)/3], 0o644)) },
		"whole, and both": func(path string) { require.NoError(t, os.WriteFile(path+".gz", whole, 0o644)) },
		"whole, and only one": func(path string) {
			require.NoError(t, os.WriteFile(path+".gz", whole, 0o644))
			require.NoError(t, os.Remove(path))
		},
	} {
		t.Run(name, func(t *testing.T) {
			dir, next, m := t.TempDir(), &sink{}, checkpointtest.NewMemory()
			path := filepath.Join(dir, "app.log.1")
			appendTo(t, path, lines(0, 20000))
			r := startReceiver(t, fileConfig(dir), next, m)
			eventually(t, has(next, 20000), "the original")
			eventually(t, func() bool { return m.Delivered() == int64(len(lines(0, 20000))) }, "its checkpoint")
			killed := m.Snapshot()
			step(path)
			appendTo(t, filepath.Join(dir, "other.log"), lines(20000, 20001))
			eventually(t, has(next, 20001), "another file shows that a scan has passed")
			stopReceiver(t, r)
			requireEach(t, next.taken(), 0, 20001, 1)

			again := &sink{}
			r = startReceiver(t, fileConfig(dir), again, killed)
			require.NoError(t, os.WriteFile(path+".gz", whole, 0o644))
			_ = os.Remove(path)
			requireSize(t, path+".gz", int64(len(whole)))
			appendTo(t, filepath.Join(dir, "other.log"), lines(20001, 20010))
			eventually(t, has(again, 10), "on")
			stopReceiver(t, r)
			requireEach(t, again.taken(), 20000, 20010, 1)
		})
	}
}

// The number of a deleted file may be that of another kind of file the next time.
func TestAFileThatIsCompressedOrNotAnyMoreIsReadAnew(t *testing.T) {
	plain, compressed := []byte(lines(0, 1000)), gzipped(lines(1000, 1100))
	for name, contents := range map[string][2][]byte{"plain, then compressed": {plain, compressed}, "compressed, then plain": {compressed, plain}} {
		t.Run(name, func(t *testing.T) {
			dir, m := t.TempDir(), checkpointtest.NewMemory()
			path := filepath.Join(dir, "app.log")
			records := 0
			for _, text := range contents {
				next := &sink{}
				require.NoError(t, os.WriteFile(path, text, 0o644)) // which keeps the inode
				r := startReceiver(t, fileConfig(dir), next, m)
				count := 1000
				if len(text) == len(compressed) {
					count = 100
				}
				eventually(t, has(next, count), "%d records", count)
				stopReceiver(t, r)
				records += len(next.taken())
			}
			assert.Equal(t, 1100, records)
		})
	}
}
