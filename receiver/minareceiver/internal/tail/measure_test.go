package tail

import (
	"bytes"
	"compress/gzip"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mina-observability/otelcol-mina/receiver/minareceiver/internal/checkpoint/checkpointtest"
)

// total is the backlog of all patterns.
func (m Measured) total() (bytes int64) {
	for _, n := range m.Backlog {
		bytes += n
	}
	return bytes
}

func TestBacklogIsKnownByPattern(t *testing.T) {
	dir, text := t.TempDir(), lines(0, 10)
	logs, archives := filepath.Join(dir, "*.log"), filepath.Join(dir, "*.gz")
	b := newBench(t, dir, checkpointtest.NewMemory(), func(c *Config) { c.Include = []string{logs, archives} })
	assert.Equal(t, map[string]int64{logs: 0, archives: 0}, b.Measured().Backlog, "from the start")
	write(t, filepath.Join(dir, "a.log"), text)
	write(t, filepath.Join(dir, "b.log"), text+"half a li")
	var archive bytes.Buffer
	w := gzip.NewWriter(&archive)
	_, err := w.Write([]byte(lines(20, 30)))
	require.NoError(t, err)
	require.NoError(t, w.Close())
	write(t, filepath.Join(dir, "c.gz"), archive.String())
	b.scan()
	assert.Equal(t, map[string]int64{logs: int64(2*len(text) + 9), archives: int64(archive.Len())}, b.Measured().Backlog)
	assert.EqualValues(t, 3, b.Measured().Open)
	b.poll()
	b.scan()
	assert.Equal(t, map[string]int64{logs: 9, archives: 0}, b.Measured().Backlog, "what is no line yet")
}

func TestFilesThatWaitAreCounted(t *testing.T) {
	text := lines(0, 10)
	for name, c := range map[string]struct {
		prepare func(t *testing.T, dir string)
		change  func(*Config)
		want    Measured
		backlog int
	}{
		"beyond the files that may be open": {
			func(t *testing.T, dir string) {
				for _, name := range []string{"a.log", "b.log", "c.log"} {
					write(t, filepath.Join(dir, name), text)
				}
			},
			func(c *Config) { c.MaxConcurrentFiles = 1 },
			Measured{Open: 1, Waiting: 2},
			3,
		},
		"unreadable": {
			func(t *testing.T, dir string) {
				target := filepath.Join(t.TempDir(), "target")
				write(t, target, text)
				require.NoError(t, os.Symlink(target, filepath.Join(dir, "a.log")))
			},
			func(c *Config) { c.FollowSymlinks = followNever },
			Measured{Unreadable: 1},
			1,
		},
		"of another form": {
			func(t *testing.T, dir string) { write(t, filepath.Join(dir, "a.log"), "\xfd7zXZ\x00 and so on") },
			func(*Config) {},
			Measured{},
			0,
		},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			c.prepare(t, dir)
			b := newBench(t, dir, checkpointtest.NewMemory(), c.change)
			b.scan()
			m := b.Measured()
			assert.EqualValues(t, c.backlog*len(text), m.total())
			m.Backlog = nil
			assert.Equal(t, c.want, m)
		})
	}
}

func TestHeldCopyIsNoBacklog(t *testing.T) {
	dir := t.TempDir()
	b := newBench(t, dir, checkpointtest.NewMemory())
	write(t, filepath.Join(dir, "app.log"), lines(0, 100))
	b.poll()
	write(t, filepath.Join(dir, "app.log.1"), lines(0, 100))
	b.poll()
	b.later()
	b.poll()
	m := b.Measured()
	assert.EqualValues(t, 1, m.Held)
	assert.Zero(t, m.total())
}

func TestTextThatIsTruncatedBeforeItWasReadIsLost(t *testing.T) {
	for name, c := range map[string]struct {
		read, written int
		lost          int
	}{
		"all of it read": {100, 100, 0},
		"some of it":     {100, 150, 50},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			path := filepath.Join(dir, "app.log")
			b := newBench(t, dir, checkpointtest.NewMemory())
			write(t, path, lines(0, c.read))
			b.poll()
			write(t, path, lines(0, c.written))
			b.scan()
			write(t, path, lines(1000, 1001))
			b.poll()
			require.Len(t, b.gone, 1)
			assert.EqualValues(t, c.lost*len(lines(0, 1)), b.gone[0].unread)
			b.gone[0].quiet = b.gone[0].quiet.Add(-2 * lingering)
			b.poll()
			assert.Zero(t, b.gone[0].unread, "it is counted once")
		})
	}
}
