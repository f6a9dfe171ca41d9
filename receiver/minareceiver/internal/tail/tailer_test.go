package tail

import (
	"errors"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"github.com/mina-observability/otelcol-mina/receiver/minareceiver/internal/checkpoint/checkpointtest"
	"github.com/mina-observability/otelcol-mina/receiver/minareceiver/internal/inflight"
)

func TestAFileThatIsGoneForLongIsForgotten(t *testing.T) {
	dir, m := t.TempDir(), checkpointtest.NewMemory()
	write(t, filepath.Join(dir, "app.log"), lines(0, 10))
	b := newBench(t, dir, m)
	b.poll()
	require.Equal(t, 10, b.sink.LogRecordCount())
	for _, f := range b.files {
		b.leave(f)
	}
	b.forget()
	require.Len(t, b.gone, 1, "it may come again, compressed")
	b.gone[0].quiet = time.Now().Add(-2 * remembered)
	b.forget()
	assert.Empty(t, b.gone)
	require.NoError(t, b.store.Save(t.Context()))
	assert.Equal(t, 1, m.Len(), "the list is left")
}

// failReads lets reads of an open file fail, as a disk does, or a server that has lost it.
func failReads(t testing.TB, handle *os.File) (undo func()) {
	t.Helper()
	number := int(handle.Fd())
	kept, err := unix.Dup(number)
	require.NoError(t, err)
	t.Cleanup(func() { _ = unix.Close(kept) })
	folder, err := os.Open(t.TempDir()) // which cannot be read
	require.NoError(t, err)
	defer folder.Close()
	require.NoError(t, unix.Dup2(int(folder.Fd()), number))
	return func() { require.NoError(t, unix.Dup2(kept, number)) }
}

func (b *bench) failReads(t testing.TB) (undo func()) {
	t.Helper()
	var undone []func()
	for f := range b.handles.open {
		undone = append(undone, failReads(t, f.handle))
	}
	return func() {
		for _, undo := range undone {
			undo()
		}
	}
}

func TestAReadThatFailsIsTriedAgain(t *testing.T) {
	for name, of := range map[string]func(t testing.TB, text string) string{
		"app.log": func(_ testing.TB, text string) string { return text }, "app.log.gz": gzipped,
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			path := filepath.Join(dir, name)
			write(t, path, of(t, lines(0, 10)))
			b := newBench(t, dir, checkpointtest.NewMemory())
			b.scan()
			b.failReads(t)
			b.readAll()
			require.Empty(t, b.bodies())
			b.poll()
			require.Equal(t, numbers(0, 10), b.bodies())

			write(t, path, of(t, lines(0, 10))+of(t, lines(10, 20)))
			b.scan()
			b.failReads(t)
			b.readAll()
			b.poll()
			assert.Equal(t, numbers(0, 20), b.bodies(), "it goes on where it was")
		})
	}
}

func TestAFileThatCannotBeReadWhenItIsLookedAtGoesOnWhereItWas(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "app.log")
	write(t, path, lines(0, 10))
	b := newBench(t, dir, checkpointtest.NewMemory())
	b.poll()
	write(t, path, lines(0, 20))
	b.failReads(t)
	b.poll()
	require.Equal(t, numbers(0, 10), b.bodies())
	assert.EqualValues(t, 1, b.Measured().Unreadable)
	b.poll()
	assert.Equal(t, numbers(0, 20), b.bodies())
	assert.Zero(t, b.Measured().Unreadable)
}

func TestAHalfLineThatCannotBeReadIsReadLater(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "app.log"), lines(0, 1)+`{"message": "half"}`)
	b := newBench(t, dir, checkpointtest.NewMemory())
	b.poll()
	b.failReads(t)
	b.flushAll()
	b.poll()
	b.flushAll()
	assert.Equal(t, append(numbers(0, 1), "half"), b.bodies())
}

// A file that is deleted can be read as long as it is open.
func TestADeletedFileIsReadAgainAfterAFailure(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "app.log")
	write(t, path, lines(0, 10))
	b := newBench(t, dir, checkpointtest.NewMemory())
	b.scan()
	require.NoError(t, os.Remove(path))
	undo := b.failReads(t)
	b.readAll()
	undo()
	b.poll()
	assert.Equal(t, numbers(0, 10), b.bodies())
}

func TestNothingOfACompressedTextIsPassedOverByAFailure(t *testing.T) {
	var text strings.Builder
	for text.Len() < 1<<20 {
		text.WriteString(strconv.FormatUint(rand.Uint64(), 36) + "\n") // which hardly gets shorter
	}
	r, _ := openReader(t, gzipped(t, text.String()), true)
	handle := r.(*decodedReader).handle
	var read strings.Builder
	failures := 0
	for {
		undo := failReads(t, handle)
		block, _, err := r.next(int64(read.Len()), nil, make([]byte, inflight.BlockSize), 256<<10)
		undo()
		if isFailure(err) {
			failures++
			block, _, err = r.next(int64(read.Len()), nil, make([]byte, inflight.BlockSize), 256<<10)
		}
		read.WriteString(block)
		if errors.Is(err, io.EOF) {
			break
		}
		require.NoError(t, err)
	}
	assert.NotZero(t, failures)
	assert.Equal(t, text.String(), read.String())
}

func TestAFileThatWasFoundEmptyMayTurnOutToBeCompressed(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "app.log.gz")
	write(t, path, "")
	b := newBench(t, dir, checkpointtest.NewMemory())
	b.scan()
	write(t, path, gzipped(t, lines(0, 10))) // before its first turn
	b.poll()
	b.poll()
	assert.Equal(t, numbers(0, 10), b.bodies())
}
