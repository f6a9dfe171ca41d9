package tail

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"

	"github.com/mina-observability/otelcol-mina/receiver/minareceiver/internal/checkpoint"
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
			m.Backlog, m.Oldest = nil, time.Time{}
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

// lost returns how many bytes have been counted as lost.
func (b *bench) lost(t *testing.T) int {
	t.Helper()
	metric, err := b.telemetry.GetMetric("otelcol_receiver_mina_lost_bytes")
	require.NoError(t, err)
	return int(metric.Data.(metricdata.Sum[int64]).DataPoints[0].Value)
}

// age returns for how many seconds the oldest text has waited.
func (b *bench) age() float64 {
	if oldest := b.Measured().Oldest; !oldest.IsZero() {
		return time.Since(oldest).Seconds()
	}
	return 0
}

// TestTheBacklogIsWhatIsNotAcknowledged looks at files that have been found, that have been
// read while nothing is taken, and that have been delivered.
func TestTheBacklogIsWhatIsNotAcknowledged(t *testing.T) {
	const name = "app.log"
	text := lines(0, 1000)
	for _, tt := range []struct {
		name    string
		files   map[string]string
		link    bool
		found   int // the backlog of files that have been found
		left    int // and when all of it has been delivered
		waiting int64
	}{
		{name: "nothing"},
		{name: "empty", files: map[string]string{name: ""}},
		{name: "plain", files: map[string]string{name: text}, found: len(text)},
		{name: "several", files: map[string]string{name: text, "b.log": lines(0, 3)}, found: len(text) + len(lines(0, 3))},
		{name: "a line without its end", files: map[string]string{name: text + "half"}, found: len(text) + 4, left: 4},
		{name: "NULs behind the text", files: map[string]string{name: text + strings.Repeat("\x00", 5000)}, found: len(text) + 5000},
		{name: "compressed", files: map[string]string{name: gzipped(t, text)}, found: len(gzipped(t, text))},
		{name: "in UTF-16", files: map[string]string{name: "\xfe\xff" + utf16ed(text, true)}, found: 2 + 2*len(text)},
		{name: "no text", files: map[string]string{name: "\xfd7zXZ\x00" + text}},
		{name: "that cannot be read", files: map[string]string{"elsewhere": text}, link: true, found: len(text), left: len(text)},
		{name: "half an archive", files: map[string]string{name: gzipped(t, text)[:20]}, found: 20, left: 20, waiting: 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			dir := t.TempDir()
			for name, text := range tt.files {
				write(t, filepath.Join(dir, name), text)
			}
			if tt.link {
				require.NoError(t, os.Symlink(filepath.Join(dir, "elsewhere"), filepath.Join(dir, name)))
			}
			b := newBench(t, dir, checkpointtest.NewMemory(), func(cfg *Config) { cfg.FollowSymlinks = followNever })
			assert.Zero(t, b.Measured().total(), "before the first scan")
			b.refusing.Store(true)
			b.scan()
			assert.EqualValues(t, tt.found, b.Measured().total(), "found")
			b.readAll()
			b.scan()
			assert.EqualValues(t, tt.found, b.Measured().total(), "read")
			if tt.found > 0 {
				assert.Positive(t, b.age())
			}
			b.refusing.Store(false)
			b.poll()
			b.scan()
			assert.EqualValues(t, tt.left, b.Measured().total(), "delivered")
			if tt.left == 0 {
				assert.Zero(t, b.age())
			}
			assert.Equal(t, tt.link, b.Measured().Unreadable == 1)
			assert.Equal(t, tt.waiting, b.Measured().Waiting)
			assert.Zero(t, b.lost(t))
		})
	}
}

func TestPartOfACompressedFileIsAcknowledgedInProportion(t *testing.T) {
	f := &file{state: caughtUp, size: 1000, read: 600, compressed: true}
	b := newBench(t, t.TempDir(), checkpointtest.NewMemory())
	f.source = b.newSource(f, checkpoint.Position{Offset: 3000})
	b.batcher.Write(f.source, strings.Repeat("x", 3000))
	assert.EqualValues(t, 300, f.delivered())
}

func TestTheOldestTextIsAsOldAsItsFileAtTheStart(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "app.log")
	write(t, path, lines(0, 3))
	require.NoError(t, os.Chtimes(path, time.Time{}, time.Now().Add(-time.Hour)))
	b := newBench(t, dir, checkpointtest.NewMemory())
	b.refusing.Store(true)
	b.scan()
	assert.InDelta(t, 3600, b.age(), 60)
	write(t, path, lines(0, 6))
	b.scan()
	assert.InDelta(t, 3600, b.age(), 60)
	b.refusing.Store(false)
	b.poll()
	write(t, path, lines(0, 9))
	b.scan()
	assert.InDelta(t, 0, b.age(), 60)
}

func TestWhatWasDeletedOrTruncatedBeforeItWasReadIsLost(t *testing.T) {
	text := lines(0, 100)
	var (
		read   = func(b *bench, _ string) { b.readAll() }
		remove = func(t *testing.T, path string) { require.NoError(t, os.Remove(path)) }
		empty  = func(t *testing.T, path string) { write(t, path, "") }
		other  = func(t *testing.T, path string) { write(t, path, strings.Repeat("other\n", 2000)) }
		shut   = func(b *bench, _ string) { b.closeAll() }
		part   = func(b *bench, path string) {
			b.readAll()
			write(t, path, text+lines(100, 110))
			b.scan()
		}
	)
	for _, tt := range []struct {
		name   string
		before func(b *bench, path string)
		then   func(t *testing.T, path string)
		change func(*Config)
		want   int
	}{
		{name: "read and deleted", before: read, then: remove},
		{name: "read and truncated", before: read, then: empty},
		{name: "deleted while it is open", then: remove},
		{name: "deleted while it is closed", before: shut, then: remove, want: len(text)},
		{name: "truncated", then: empty, want: len(text)},
		{name: "another text", then: other, want: len(text)},
		{name: "read in part and truncated", before: part, then: empty, want: len(lines(100, 110))},
		{name: "truncated, which is ignored", then: func(t *testing.T, path string) { write(t, path, text[:3000]) }, change: func(cfg *Config) { cfg.OnTruncate = onTruncateIgnore }, before: part, want: len(lines(100, 110))},
		{name: "copied and truncated", then: func(t *testing.T, path string) { write(t, path+".1", text); write(t, path, "") }, before: func(b *bench, path string) {
			write(t, path, text[:len(text)/2])
			b.poll()
			write(t, path, text)
			b.scan()
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			dir := t.TempDir()
			path := filepath.Join(dir, "app.log")
			write(t, path, text)
			b := newBench(t, dir, checkpointtest.NewMemory(), func(cfg *Config) {
				if tt.change != nil {
					tt.change(cfg)
				}
			})
			b.scan()
			if tt.before != nil {
				tt.before(b, path)
			}
			tt.then(t, path)
			for range 3 {
				b.scan()
				b.later()
			}
			assert.Equal(t, tt.want, b.lost(t))
			b.poll()
			b.scan()
			assert.Equal(t, tt.want, b.lost(t), "once")
			assert.Zero(t, b.Measured().total())
		})
	}
}

// What was in flight when the collector ended has to be read again, and may be gone by then.
func TestWhatIsGoneAfterARestartIsLost(t *testing.T) {
	dir, m, text := t.TempDir(), checkpointtest.NewMemory(), lines(0, 100)
	path := filepath.Join(dir, "app.log")
	write(t, path, text)
	first := newBench(t, dir, m)
	first.refusing.Store(true)
	first.scan()
	first.readAll()
	first.sender.Stop()
	require.NoError(t, first.store.Save(t.Context()))
	require.NoError(t, os.Remove(path))
	for _, want := range []int{len(text), 0} {
		b := newBench(t, dir, m)
		b.scan()
		b.later()
		b.scan()
		assert.Equal(t, want, b.lost(t))
		require.NoError(t, b.store.Save(t.Context()))
	}
}

func TestSightingsAreBounded(t *testing.T) {
	var s sightings
	begin := time.Now()
	const count = 10000
	for i := range count {
		s.saw(int64(i+1), begin.Add(time.Duration(i)*time.Second))
		s.saw(int64(i+1), begin.Add(time.Hour)) // no longer than before
	}
	require.LessOrEqual(t, len(s), maxSightings)
	for _, delivered := range []int64{0, 100, 5000, 9000, count - 1} {
		age, exact := begin.Add(count*time.Second).Sub(s.since(delivered)), time.Duration(count-delivered)*time.Second
		assert.GreaterOrEqual(t, age, exact)
		assert.LessOrEqual(t, age, exact+count*time.Second/8, delivered)
	}
	assert.WithinDuration(t, time.Now(), s.since(count), time.Minute)
}

// BenchmarkScan looks at files that do not change.
func BenchmarkScan(b *testing.B) {
	const files = 1000
	dir := b.TempDir()
	for i := range files {
		write(b, filepath.Join(dir, fmt.Sprintf("app-%d.log", i)), lines(i, i+10))
	}
	bench := newBench(b, dir, checkpointtest.NewMemory())
	bench.poll()
	bench.poll()
	b.ReportAllocs()
	for b.Loop() {
		bench.scan()
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/files, "ns/file")
}
