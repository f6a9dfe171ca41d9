package minareceiver

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/consumer/consumererror"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/mina-observability/otelcol-mina/receiver/minareceiver/internal/checkpoint/checkpointtest"
	"github.com/mina-observability/otelcol-mina/receiver/minareceiver/internal/tail"
)

var errBusy = errors.New("busy")

func TestFileIsDeliveredInOrderWithItsName(t *testing.T) {
	dir, next := t.TempDir(), &sink{}
	appendTo(t, filepath.Join(dir, "app.log"), lines(0, 100))
	r := startReceiver(t, fileConfig(dir), next, checkpointtest.NewMemory())
	eventually(t, has(next, 100), "100 records")
	appendTo(t, filepath.Join(dir, "app.log"), lines(100, 200))
	eventually(t, has(next, 200), "200 records")
	stopReceiver(t, r)

	requireEach(t, next.taken(), 0, 200, 1)
	assert.True(t, slices.IsSorted(next.taken()))
	name, _ := next.logs[0].ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(0).Attributes().Get("log.file.name")
	assert.Equal(t, "app.log", name.Str())
}

func TestRestartGoesOnWhereDeliveryHadGot(t *testing.T) {
	dir, m, next := t.TempDir(), checkpointtest.NewMemory(), &sink{}
	path := filepath.Join(dir, "app.log")
	appendTo(t, path, lines(0, 1000))
	r := startReceiver(t, fileConfig(dir), next, m)
	eventually(t, has(next, 1000), "1000 records")
	stopReceiver(t, r)
	appendTo(t, path, lines(1000, 1500))

	r = startReceiver(t, fileConfig(dir), next, m)
	eventually(t, has(next, 1500), "1500 records")
	stopReceiver(t, r)
	requireEach(t, next.taken(), 0, 1500, 1)
}

func TestCheckpointNeverPassesWhatIsNotTaken(t *testing.T) {
	dir, m, next := t.TempDir(), checkpointtest.NewMemory(), &sink{}
	// Several batches: the oldest is held, the others are taken at once.
	appendTo(t, filepath.Join(dir, "app.log"), lines(0, 30000))
	release := make(chan struct{})
	next.answer = func(_ int, logs plog.Logs) error {
		if first := logs.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(0); first.Body().Str() == "000000" {
			<-release
		}
		return nil
	}
	r := startReceiver(t, fileConfig(dir), next, m)
	eventually(t, func() bool { return len(next.taken()) > 15000 }, "later batches pass")
	killed := m.Snapshot()
	close(release)
	eventually(t, has(next, 30000), "all")
	stopReceiver(t, r)

	again := &sink{}
	r = startReceiver(t, fileConfig(dir), again, killed)
	eventually(t, has(again, 30000), "all of it is read again, from the first record")
	stopReceiver(t, r)
}

func TestCheckpointsAreSavedWhileALongFileIsRead(t *testing.T) {
	dir, m, next := t.TempDir(), checkpointtest.NewMemory(), &sink{}
	appendTo(t, filepath.Join(dir, "app.log"), lines(0, 30000))
	var held atomic.Bool
	release := make(chan struct{})
	next.answer = func(_ int, logs plog.Logs) error {
		// Of batches that are in flight together any may come first. A checkpoint
		// waits for the oldest, so that all others are held.
		if first := logs.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(0); first.Body().Str() != "000000" {
			held.Store(true)
			<-release
		}
		return nil
	}
	r := startReceiver(t, fileConfig(dir, func(f *tail.Config) { f.PollInterval = time.Hour / 2000 }), next, m)
	eventually(t, func() bool { return m.Delivered() > 0 && held.Load() }, "a checkpoint before the end of the file")
	killed := m.Snapshot()
	close(release)
	eventually(t, has(next, 30000), "all")
	stopReceiver(t, r)

	again := &sink{}
	r = startReceiver(t, fileConfig(dir), again, killed)
	eventually(t, func() bool { bodies := again.taken(); return slices.Contains(bodies, "029999") }, "the end")
	stopReceiver(t, r)
	assert.Less(t, len(again.taken()), 30000, "what was acknowledged in the first poll is not read again")
	assert.NotContains(t, again.taken(), "000000")
}

func TestRefusedBatchesAreOfferedWholeAgain(t *testing.T) {
	dir, next := t.TempDir(), &sink{}
	appendTo(t, filepath.Join(dir, "app.log"), lines(0, 20000)+"2025-10-01 16:12:05,785 INFO app: 020000\n")
	next.answer = func(offer int, logs plog.Logs) error {
		if offer%3 != 0 {
			// As an exporter's queue does that merges batches.
			logs.ResourceLogs().RemoveIf(func(plog.ResourceLogs) bool { return true })
			return errBusy
		}
		return nil
	}
	r := startReceiver(t, fileConfig(dir), next, checkpointtest.NewMemory())
	eventually(t, has(next, 20001), "every record in spite of refusals")
	stopReceiver(t, r)
	requireEach(t, next.taken(), 0, 20001, 1)
}

func TestRecordsThatAreRefusedForGoodHoldTheFile(t *testing.T) {
	dir, next, m := t.TempDir(), &sink{}, checkpointtest.NewMemory()
	appendTo(t, filepath.Join(dir, "app.log"), lines(0, 10))
	var refuse atomic.Bool
	refuse.Store(true)
	next.answer = func(_ int, logs plog.Logs) error {
		first := logs.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(0)
		if first.Body().Str() == "000000" && refuse.Load() {
			return consumererror.NewPermanent(errBusy)
		}
		return nil
	}
	core, logged := observer.New(zap.InfoLevel)
	set := nopSettings()
	set.Logger = zap.New(core)
	r := startReceiver(t, fileConfig(dir), next, m, set)
	eventually(t, func() bool { return next.offered() > 3 }, "offered again and again")
	appendTo(t, filepath.Join(dir, "app.log"), lines(10, 20))
	eventually(t, has(next, 10), "the next batch passes")
	assert.Zero(t, m.Delivered(), "but no checkpoint does")
	said := logged.FilterMessageSnippet("dead-letter file")
	assert.Equal(t, 1, said.Len(), "it is said once")

	refuse.Store(false)
	eventually(t, has(next, 20), "all")
	eventually(t, func() bool { return logged.FilterMessageSnippet("takes records again").Len() == 1 }, "said")
	stopReceiver(t, r)
	requireEach(t, next.taken(), 0, 20, 1)
}

func TestWrongCredentialsHoldTheFile(t *testing.T) {
	dir, next, m := t.TempDir(), &sink{}, checkpointtest.NewMemory()
	appendTo(t, filepath.Join(dir, "app.log"), lines(0, 10))
	next.answer = func(offer int, _ plog.Logs) error {
		switch offer {
		case 1: // as the stock exporters say it
			return fmt.Errorf("not retryable error: %w", consumererror.NewPermanent(status.Error(codes.Unauthenticated, "HTTP Status Code 401")))
		case 2:
			return consumererror.NewPermanent(status.Error(codes.PermissionDenied, "HTTP Status Code 403"))
		}
		return nil
	}
	r := startReceiver(t, fileConfig(dir), next, m)
	eventually(t, has(next, 10), "the operator has acted")
	stopReceiver(t, r)
	requireEach(t, next.taken(), 0, 10, 1)
}

func TestStopWhileThePipelineRefusesLosesNothing(t *testing.T) {
	dir, m, next := t.TempDir(), checkpointtest.NewMemory(), &sink{}
	appendTo(t, filepath.Join(dir, "app.log"), lines(0, 30000))
	var refuse atomic.Bool
	next.answer = func(offer int, _ plog.Logs) error {
		if offer > 2 {
			refuse.Store(true)
			return errBusy
		}
		return nil
	}
	r := startReceiver(t, fileConfig(dir), next, m)
	eventually(t, refuse.Load, "refused")
	stopReceiver(t, r)
	next.setAnswer(nil)
	r = startReceiver(t, fileConfig(dir), next, m)
	eventually(t, has(next, 30000), "all")
	stopReceiver(t, r)
	requireEach(t, next.taken(), 0, 30000, 2)
}

func TestRotationByRename(t *testing.T) {
	dir, next := t.TempDir(), &sink{}
	path := filepath.Join(dir, "app.log")
	r := startReceiver(t, fileConfig(dir), next, checkpointtest.NewMemory())
	for i := range 10 {
		appendTo(t, path, lines(i*100, i*100+50))
		if i%2 == 0 {
			eventually(t, has(next, i*100+50), "the file is known before it is renamed")
		}
		require.NoError(t, os.Rename(path, fmt.Sprintf("%s.%d", path, i)))
		appendTo(t, fmt.Sprintf("%s.%d", path, i), lines(i*100+50, i*100+100)) // the application has it open still
		eventually(t, has(next, i*100+100), "rotation %d", i)
	}
	stopReceiver(t, r)
	requireEach(t, next.taken(), 0, 1000, 1)
}

func TestRotationOutOfThePattern(t *testing.T) {
	dir, next := t.TempDir(), &sink{}
	path := filepath.Join(dir, "app.log")
	cfg := fileConfig(dir, func(f *tail.Config) { f.Include = []string{path} })
	r := startReceiver(t, cfg, next, checkpointtest.NewMemory())
	appendTo(t, path, lines(0, 50))
	eventually(t, has(next, 50), "before")
	appendTo(t, path, lines(50, 100))
	require.NoError(t, os.Rename(path, path+".1"))
	appendTo(t, path, lines(100, 150))
	eventually(t, has(next, 150), "both")
	stopReceiver(t, r)
	requireEach(t, next.taken(), 0, 150, 1)
}

func TestCopyTruncate(t *testing.T) {
	dir, next := t.TempDir(), &sink{}
	path := filepath.Join(dir, "app.log")
	r := startReceiver(t, fileConfig(dir), next, checkpointtest.NewMemory())
	for i := range 5 {
		appendTo(t, path, lines(i*100, i*100+100))
		eventually(t, has(next, i*100+100), "round %d", i)
		text, err := os.ReadFile(path)
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(fmt.Sprintf("%s.%d", path, i), text, 0o644))
		require.NoError(t, os.Truncate(path, 0))
	}
	stopReceiver(t, r)
	requireEach(t, next.taken(), 0, 500, 1)
}

func TestTruncationWithTheSameBeginning(t *testing.T) {
	for onTruncate, want := range map[string]int{"read_whole_file": 2, "read_new": 1} {
		t.Run(onTruncate, func(t *testing.T) {
			dir, next, m := t.TempDir(), &sink{}, checkpointtest.NewMemory()
			path := filepath.Join(dir, "app.log")
			cfg := fileConfig(dir, func(f *tail.Config) { f.OnTruncate = onTruncate })
			appendTo(t, path, lines(0, 100))
			r := startReceiver(t, cfg, next, m)
			eventually(t, has(next, 100), "before")
			require.NoError(t, os.Truncate(path, int64(len(lines(0, 50)))))
			if want == 2 {
				eventually(t, func() bool { return len(next.taken()) == 150 }, "again")
			} else {
				time.Sleep(50 * time.Millisecond) // nothing may happen
			}
			appendTo(t, path, lines(100, 120))
			eventually(t, has(next, 120), "after")
			stopReceiver(t, r)

			r = startReceiver(t, cfg, next, m)
			appendTo(t, path, lines(120, 130))
			eventually(t, has(next, 130), "after a restart")
			stopReceiver(t, r)
			requireEach(t, next.taken(), 0, 130, want)
		})
	}
}

func compress(t *testing.T, path string) {
	t.Helper()
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	file, err := os.Create(path + ".tmp")
	require.NoError(t, err)
	w := gzip.NewWriter(file)
	_, err = w.Write(text)
	require.NoError(t, err)
	require.NoError(t, w.Close())
	require.NoError(t, file.Close())
	require.NoError(t, os.Remove(path))
	require.NoError(t, os.Rename(path+".tmp", path+".gz"))
}

func TestCompressedRotatedFileIsReadOnce(t *testing.T) {
	dir, next, m := t.TempDir(), &sink{}, checkpointtest.NewMemory()
	cfg := fileConfig(dir, func(f *tail.Config) { f.Exclude = []string{filepath.Join(dir, "*.tmp")} })
	path := filepath.Join(dir, "app.log")
	appendTo(t, path, lines(0, 100))
	r := startReceiver(t, cfg, next, m)
	eventually(t, has(next, 100), "plain")
	require.NoError(t, os.Rename(path, path+".1"))
	compress(t, path+".1")
	appendTo(t, path, lines(100, 200))
	eventually(t, has(next, 200), "next")
	stopReceiver(t, r)
	r = startReceiver(t, cfg, next, m)
	appendTo(t, path, lines(200, 300))
	eventually(t, has(next, 300), "after a restart")
	stopReceiver(t, r)
	requireEach(t, next.taken(), 0, 300, 1)
}

func TestFileCompressedWhileTheCollectorIsDownIsReadOn(t *testing.T) {
	dir, next, m := t.TempDir(), &sink{}, checkpointtest.NewMemory()
	cfg := fileConfig(dir, func(f *tail.Config) { f.Exclude = []string{filepath.Join(dir, "*.tmp")} })
	path := filepath.Join(dir, "app.log")
	appendTo(t, path, lines(0, 20000))
	r := startReceiver(t, cfg, next, m)
	eventually(t, has(next, 20000), "plain")
	stopReceiver(t, r)
	appendTo(t, path, lines(20000, 50000))
	compress(t, path)

	// The first run over the compressed file is killed in the middle.
	var taken atomic.Int64
	release := make(chan struct{})
	middle := &sink{answer: func(_ int, logs plog.Logs) error {
		taken.Add(int64(logs.LogRecordCount()))
		// Of batches that are in flight together any may come first: the oldest must pass.
		if first := logs.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(0); first.Body().Str() >= "035000" {
			<-release
		}
		return nil
	}}
	r = startReceiver(t, cfg, middle, m)
	eventually(t, func() bool { return taken.Load() > 15000 && m.Delivered() > int64(len(lines(0, 21000))) }, "the middle")
	killed := m.Snapshot()
	close(release)
	eventually(t, has(middle, 30000), "the whole rest")
	stopReceiver(t, r)
	requireEach(t, middle.taken(), 20000, 50000, 1)

	last := &sink{}
	r = startReceiver(t, cfg, last, killed)
	eventually(t, func() bool { return slices.Contains(last.taken(), "049999") }, "the end")
	stopReceiver(t, r)
	assert.NotContains(t, last.taken(), "020000")
	assert.Less(t, len(last.taken()), 30000)
}

func TestFileCompressedWhileItsBatchIsInFlight(t *testing.T) {
	dir, next, m := t.TempDir(), &sink{}, checkpointtest.NewMemory()
	cfg := fileConfig(dir, func(f *tail.Config) { f.Exclude = []string{filepath.Join(dir, "*.tmp")} })
	path := filepath.Join(dir, "app.log")
	appendTo(t, path, lines(0, 100))
	release := make(chan struct{})
	next.answer = func(offer int, _ plog.Logs) error {
		if offer == 1 {
			<-release
		}
		return nil
	}
	r := startReceiver(t, cfg, next, m)
	eventually(t, func() bool { return next.offered() == 1 }, "in flight")
	compress(t, path)
	appendTo(t, filepath.Join(dir, "other.log"), lines(100, 200))
	eventually(t, has(next, 100), "another file shows that a poll has passed")
	eventually(t, func() bool { return m.Delivered() == int64(len(lines(0, 100))) }, "its checkpoint")
	killed := m.Snapshot()
	close(release)
	stopReceiver(t, r)

	again := &sink{}
	r = startReceiver(t, cfg, again, killed)
	eventually(t, func() bool { return slices.Contains(again.taken(), "000000") }, "what was in flight is read from the compressed file")
	stopReceiver(t, r)
}

func TestFileThatIsStillBeingCompressedIsReadToItsEnd(t *testing.T) {
	dir, next, m := t.TempDir(), &sink{}, checkpointtest.NewMemory()
	cfg := fileConfig(dir)
	path := filepath.Join(dir, "app.log.gz")
	var compressed bytes.Buffer
	w := gzip.NewWriter(&compressed)
	_, err := w.Write([]byte(lines(0, 100000)))
	require.NoError(t, err)
	require.NoError(t, w.Close())
	third := compressed.Len() / 3
	appendTo(t, path, string(compressed.Next(third)))

	r := startReceiver(t, cfg, next, m)
	eventually(t, func() bool { return len(next.taken()) > 10000 }, "the first third")
	appendTo(t, path, string(compressed.Next(third)))
	eventually(t, func() bool { return len(next.taken()) > 50000 }, "the second third")
	stopReceiver(t, r)
	appendTo(t, path, compressed.String())
	r = startReceiver(t, cfg, next, m)
	eventually(t, func() bool { return slices.Contains(next.taken(), "099999") }, "the end")
	stopReceiver(t, r)

	requireEach(t, next.taken(), 0, 100000, 1)

	last := &sink{}
	r = startReceiver(t, cfg, last, m)
	appendTo(t, filepath.Join(dir, "other.log"), lines(0, 1))
	eventually(t, has(last, 1), "a poll has passed")
	stopReceiver(t, r)
	assert.Len(t, last.taken(), 1, "a compressed file that was read whole is not read again")
}

func TestCompressedFilesThatAreRenamedAreNotMixedUp(t *testing.T) {
	dir, next := t.TempDir(), &sink{}
	cfg := fileConfig(dir, func(f *tail.Config) { f.Exclude = []string{filepath.Join(dir, "*.tmp")} })
	first, second := filepath.Join(dir, "app.log.1"), filepath.Join(dir, "app.log.2")
	appendTo(t, first, lines(0, 100))
	compress(t, first)
	r := startReceiver(t, cfg, next, checkpointtest.NewMemory())
	eventually(t, has(next, 100), "the first")
	require.NoError(t, os.Rename(first+".gz", second+".gz"))
	appendTo(t, first, strings.ReplaceAll(lines(100, 300), "INFO", "WARNING"))
	compress(t, first)
	eventually(t, has(next, 300), "the second")
	appendTo(t, filepath.Join(dir, "other.log"), lines(300, 301))
	eventually(t, has(next, 301), "another file shows that a scan has passed")
	stopReceiver(t, r)
	requireEach(t, next.taken(), 0, 301, 1)
}

func TestDeletedFileIsDelivered(t *testing.T) {
	dir, next := t.TempDir(), &sink{}
	path := filepath.Join(dir, "app.log")
	appendTo(t, path, lines(0, 10))
	var release atomic.Bool
	next.answer = func(int, plog.Logs) error {
		if !release.Load() {
			return errBusy
		}
		return nil
	}
	r := startReceiver(t, fileConfig(dir), next, checkpointtest.NewMemory())
	eventually(t, func() bool { return next.offered() > 0 }, "read")
	require.NoError(t, os.Remove(path))
	release.Store(true)
	eventually(t, has(next, 10), "delivered")
	stopReceiver(t, r)
}

func TestTextRecordIsFlushedAfterAWhile(t *testing.T) {
	dir, next, m := t.TempDir(), &sink{}, checkpointtest.NewMemory()
	path := filepath.Join(dir, "app.log")
	r := startReceiver(t, fileConfig(dir), next, m)
	appendTo(t, path, "2025-10-01 16:12:05,785 ERROR app: failed\nTraceback (most recent call last):\n")
	appendTo(t, path, "  File \"a.py\", line 1, in f\nValueError: x\n")
	eventually(t, has(next, 1), "the record")
	appendTo(t, path, `{"message": "half`)
	eventually(t, has(next, 2), "a half line")
	stopReceiver(t, r)
	assert.Equal(t, []string{"failed", `{"message": "half`}, next.taken())

	r = startReceiver(t, fileConfig(dir), next, m)
	appendTo(t, path, "\n"+lines(0, 1))
	eventually(t, has(next, 3), "on")
	stopReceiver(t, r)
	assert.Len(t, next.taken(), 3)
}

func TestOpenTextRecordIsReadAgainAfterAStop(t *testing.T) {
	dir, next, m := t.TempDir(), &sink{}, checkpointtest.NewMemory()
	cfg := fileConfig(dir, func(f *tail.Config) { f.FlushAfter = time.Minute })
	path := filepath.Join(dir, "app.log")
	appendTo(t, path, lines(0, 1)+"2025-10-01 16:12:05,785 ERROR app: text\n")
	r := startReceiver(t, cfg, next, m)
	eventually(t, has(next, 1), "the record before")
	stopReceiver(t, r)
	appendTo(t, path, "goes on\n"+lines(1, 2))
	r = startReceiver(t, cfg, next, m)
	eventually(t, has(next, 3), "the rest")
	stopReceiver(t, r)
	assert.ElementsMatch(t, []string{"000000", "text\ngoes on", "000001"}, next.taken())
}

func TestOverlongLineIsCutAndTheNextIsRead(t *testing.T) {
	dir, next := t.TempDir(), &sink{}
	long := `{"message": "` + strings.Repeat("x", 1<<20) + `"}` + "\n"
	appendTo(t, filepath.Join(dir, "app.log"), lines(0, 1)+long+lines(1, 2))
	r := startReceiver(t, fileConfig(dir, func(f *tail.Config) { f.MaxLogSize = 64 << 10 }), next, checkpointtest.NewMemory())
	eventually(t, func() bool { return slices.Contains(next.taken(), "000001") }, "the line behind")
	stopReceiver(t, r) // which waits for what is in flight
	length := 0
	for _, body := range next.taken() { // batches may overtake each other
		assert.LessOrEqual(t, len(body), 64<<10)
		if len(body) != len("000000") {
			length += len(body)
		}
	}
	assert.Equal(t, len(long)-1, length)
}

func TestUnreadableAndMissingFilesAreRetried(t *testing.T) {
	if os.Geteuid() == 0 {
		t.Log("root reads everything: only the missing file is tested")
	}
	dir, next := t.TempDir(), &sink{}
	path := filepath.Join(dir, "later", "app.log")
	cfg := fileConfig(dir, func(f *tail.Config) { f.Include = []string{path} })
	core, logged := observer.New(zap.WarnLevel)
	set := nopSettings()
	set.Logger = zap.New(core)
	r := startReceiver(t, cfg, next, checkpointtest.NewMemory(), set)
	require.Len(t, logged.FilterMessageSnippet("No file matches file.include").All(), 1)
	require.NoError(t, os.Mkdir(filepath.Dir(path), 0o755))
	require.NoError(t, os.WriteFile(path, []byte(lines(0, 5)), 0o000))
	if os.Geteuid() != 0 {
		time.Sleep(50 * time.Millisecond)
		require.Empty(t, next.taken())
		require.NoError(t, os.Chmod(path, 0o600))
	}
	eventually(t, has(next, 5), "read when it can be")
	stopReceiver(t, r)
	assert.LessOrEqual(t, logged.Len(), 2, "each thing is said once")
}

func TestStorageThatFailsHoldsUpNothing(t *testing.T) {
	dir, next, m := t.TempDir(), &sink{}, checkpointtest.NewMemory()
	m.Fail(errors.New("disk full"))
	path := filepath.Join(dir, "app.log")
	appendTo(t, path, lines(0, 100))
	r := startReceiver(t, fileConfig(dir), next, m)
	eventually(t, has(next, 100), "delivered in spite of it")
	m.Fail(nil)
	eventually(t, func() bool { return m.Writes() > 0 }, "saved when it can be, though nothing else happens")
	killed := m.Snapshot()
	stopReceiver(t, r)
	again := &sink{}
	appendTo(t, path, lines(100, 110))
	r = startReceiver(t, fileConfig(dir), again, killed)
	appendTo(t, path, lines(110, 120))
	eventually(t, has(again, 20), "the rest")
	stopReceiver(t, r)
	requireEach(t, again.taken(), 100, 120, 1)
}

func TestStartAtTheEnd(t *testing.T) {
	dir, next, m := t.TempDir(), &sink{}, checkpointtest.NewMemory()
	cfg := fileConfig(dir, func(f *tail.Config) { f.StartAt = "end" })
	path := filepath.Join(dir, "app.log")
	appendTo(t, path, lines(0, 100))
	r := startReceiver(t, cfg, next, m)
	eventually(t, func() bool { return m.Writes() > 0 }, "the first poll")
	appendTo(t, path, lines(100, 110))
	appendTo(t, filepath.Join(dir, "later.log"), lines(110, 120))
	eventually(t, has(next, 20), "what came after the start")
	stopReceiver(t, r)
	appendTo(t, path, lines(120, 130))
	r = startReceiver(t, cfg, next, m)
	eventually(t, has(next, 30), "what came while it was down")
	stopReceiver(t, r)
	requireEach(t, next.taken(), 100, 130, 1)
}

func TestManyFiles(t *testing.T) {
	dir, next, m := t.TempDir(), &sink{}, checkpointtest.NewMemory()
	const files = 300
	for i := range files {
		appendTo(t, filepath.Join(dir, fmt.Sprintf("app%d.log", i)), lines(i*10, i*10+10))
	}
	cfg := fileConfig(dir, func(f *tail.Config) { f.MaxConcurrentFiles = 50 })
	r := startReceiver(t, cfg, next, m)
	eventually(t, has(next, files*10), "all")
	stopReceiver(t, r)
	r = startReceiver(t, cfg, next, m)
	appendTo(t, filepath.Join(dir, "new.log"), lines(files*10, files*10+1))
	eventually(t, has(next, files*10+1), "more")
	stopReceiver(t, r)
	requireEach(t, next.taken(), 0, files*10+1, 1)
}

func TestStorageThatIsMissingIsNamed(t *testing.T) {
	next := &sink{}
	r, err := newReceiver(nopSettings(), fileConfig(t.TempDir()), next)
	require.NoError(t, err)
	require.ErrorContains(t, r.Start(t.Context(), newHost(nil)), "file.storage: storage extension 'memory' not found")
	require.NoError(t, r.Shutdown(t.Context()))
}
