package tail

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mina-observability/otelcol-mina/receiver/minareceiver/internal/checkpoint/checkpointtest"
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

func TestAReadThatFailsIsTriedAgain(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "app.log"), lines(0, 10))
	b := newBench(t, dir, checkpointtest.NewMemory())
	b.scan()
	for _, f := range b.files {
		require.NoError(t, f.handle.Close()) // so that the read fails
		b.readTurn()
		f.handle, f.text = nil, nil
	}
	require.True(t, b.batcher.Empty())
	b.poll()
	assert.Equal(t, 10, b.sink.LogRecordCount())
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
