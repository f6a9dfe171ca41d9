package checkpoint_test

import (
	"context"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"

	"github.com/mina-observability/otelcol-mina/receiver/minareceiver/internal/checkpoint"
	"github.com/mina-observability/otelcol-mina/receiver/minareceiver/internal/checkpoint/checkpointtest"
)

func newStore(m *checkpointtest.Memory) *checkpoint.Store {
	return checkpoint.NewStore(m, zap.NewNop())
}

func load(t *testing.T, m *checkpointtest.Memory) []checkpoint.File {
	t.Helper()
	points, err := newStore(m).Load(t.Context())
	require.NoError(t, err)
	var files []checkpoint.File
	for _, point := range points {
		files = append(files, point.File())
	}
	return files
}

func TestACompressedFileIsWholeOnlyWhenItsEndIsDelivered(t *testing.T) {
	m := checkpointtest.NewMemory()
	store, acks := newStore(m), checkpoint.NewAcks(checkpoint.Position{})
	point := store.Add()
	store.Set(point, checkpoint.File{Gzip: true, Whole: true, Size: 50, Offset: 100}, acks)
	whole := func() bool {
		store.Moved(point)
		require.NoError(t, store.Save(t.Context()))
		return load(t, m)[0].Whole
	}
	assert.False(t, whole(), "it has been read, and waits to be handed over")
	first, second := acks.Expect(checkpoint.Position{Offset: 60}), acks.Expect(checkpoint.Position{Offset: 100})
	acks.Done(second)
	assert.False(t, whole())
	acks.Done(first)
	assert.True(t, whole())
}

func TestOnlyWhatHasMovedOnIsSaved(t *testing.T) {
	m := checkpointtest.NewMemory()
	store, acks := newStore(m), checkpoint.NewAcks(checkpoint.Position{})
	point := store.Add()
	store.Set(point, checkpoint.File{Path: "app.log"}, acks)
	require.NoError(t, store.Save(t.Context()))
	require.Equal(t, 1, m.Writes())
	store.Moved(point)
	require.NoError(t, store.Save(t.Context()))
	assert.Equal(t, 1, m.Writes(), "it stands where it stood")

	acks.Done(acks.Expect(checkpoint.Position{Offset: 10}))
	store.Moved(point)
	require.NoError(t, store.Save(t.Context()))
	assert.Equal(t, 2, m.Writes())
	assert.Equal(t, int64(10), load(t, m)[0].Offset)

	store.Remove(point)
	require.NoError(t, store.Save(t.Context()))
	assert.Empty(t, load(t, m))
	assert.Equal(t, 1, m.Len(), "the list is left")
}

func TestAStorageThatFailsIsReportedOnceAndTriedAgain(t *testing.T) {
	m := checkpointtest.NewMemory()
	core, logged := observer.New(zap.InfoLevel)
	store := checkpoint.NewStore(m, zap.New(core))
	m.Fail(errors.New("disk full"))
	store.Set(store.Add(), checkpoint.File{Path: "app.log"}, checkpoint.NewAcks(checkpoint.Position{Offset: 5}))
	require.Error(t, store.Save(t.Context()))
	require.Error(t, store.Save(t.Context()))
	require.Equal(t, 1, logged.Len())

	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		store.Keep(ctx)
	}()
	m.Fail(nil)
	require.Eventually(t, func() bool { return m.Writes() == 1 }, 10*time.Second, 5*time.Millisecond)
	cancel()
	<-ended
	assert.Equal(t, int64(5), load(t, m)[0].Offset)
	assert.Equal(t, 1, logged.FilterMessageSnippet("saved again").Len())
}

// A checkpoint of an earlier release has to be readable.
func TestACheckpointIsStoredAsItAlwaysWas(t *testing.T) {
	const stored = `{"path":"app.log","device":1,"inode":2,"start":{"size":3,"sum":4},"tail":{"size":5,"sum":6},"offset":7,"gzip":true,"whole":true,"size":8}`
	want := checkpoint.File{
		Path: "app.log", FileID: checkpoint.FileID{Device: 1, Inode: 2},
		Start: checkpoint.Fingerprint{Size: 3, Sum: 4}, Tail: checkpoint.Fingerprint{Size: 5, Sum: 6},
		Offset: 7, Gzip: true, Whole: true, Size: 8,
	}
	m := checkpointtest.NewMemory()
	require.NoError(t, m.Set(t.Context(), "files", []byte(`[3]`)))
	require.NoError(t, m.Set(t.Context(), "file.3", []byte(stored)))
	assert.Equal(t, []checkpoint.File{want}, load(t, m))
	value, err := json.Marshal(want)
	require.NoError(t, err)
	assert.JSONEq(t, stored, string(value))
}

func TestACheckpointThatCannotBeReadGoesAlone(t *testing.T) {
	for name, value := range map[string]string{"missing": "", "cut": `{"path":"a`, "of another kind": `[1]`} {
		t.Run(name, func(t *testing.T) {
			m := checkpointtest.NewMemory()
			require.NoError(t, m.Set(t.Context(), "files", []byte(`[3,4]`)))
			require.NoError(t, m.Set(t.Context(), "file.4", []byte(`{"path":"app.log","offset":7}`)))
			if value != "" {
				require.NoError(t, m.Set(t.Context(), "file.3", []byte(value)))
			}
			assert.Equal(t, []checkpoint.File{{Path: "app.log", Offset: 7}}, load(t, m))
		})
	}
}
