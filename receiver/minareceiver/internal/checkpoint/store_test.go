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
	points, _, err := newStore(m).Load(t.Context())
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
	for name, tt := range map[string]struct{ value, path string }{
		"missing":                     {},
		"empty":                       {value: " "},
		"cut":                         {value: `{"path":"a.log","dev`, path: "a.log"},
		"cut in its path":             {value: `{"path":"a`},
		"of another kind":             {value: `[1]`},
		"of another type":             {value: `{"path":"a.log","offset":"7"}`, path: "a.log"},
		"of a newer release":          {value: `{"version":1,"path":"a.log","offset":7}`, path: "a.log"},
		"a negative offset":           {value: `{"path":"a.log","offset":-7}`, path: "a.log"},
		"an offset that is too large": {value: `{"path":"a.log","offset":9223372036854775808}`, path: "a.log"},
		"a negative size":             {value: `{"path":"a.log","size":-1}`, path: "a.log"},
		"a negative start":            {value: `{"path":"a.log","start":{"size":-1}}`, path: "a.log"},
		"a tail that is too long":     {value: `{"path":"a.log","tail":{"size":257}}`, path: "a.log"},
	} {
		t.Run(name, func(t *testing.T) {
			m := checkpointtest.NewMemory()
			require.NoError(t, m.Set(t.Context(), "files", []byte(`[3,4]`)))
			require.NoError(t, m.Set(t.Context(), "file.4", []byte(`{"path":"app.log","offset":7}`)))
			if tt.value != "" {
				require.NoError(t, m.Set(t.Context(), "file.3", []byte(tt.value)))
			}
			core, logged := observer.New(zap.WarnLevel)
			store := checkpoint.NewStore(m, zap.New(core))
			points, known, err := store.Load(t.Context())
			require.NoError(t, err)
			assert.True(t, known)
			require.Len(t, points, 1)
			assert.Equal(t, checkpoint.File{Path: "app.log", Offset: 7}, points[0].File())
			require.Equal(t, 1, logged.Len())
			assert.Equal(t, tt.path, logged.All()[0].ContextMap()["path"])

			require.NoError(t, store.Save(t.Context()))
			assert.Equal(t, 2, m.Len(), "nothing is left of it")
		})
	}
}

func TestAListThatCannotBeReadIsSaidAndBegunAnew(t *testing.T) {
	for name, list := range map[string]string{
		"cut": `[3,`, "empty": ` `, "of a newer release": `{"version":2,"files":[3]}`, "numbers that cannot be": `[-1]`, "texts": `["3"]`,
	} {
		t.Run(name, func(t *testing.T) {
			m := checkpointtest.NewMemory()
			require.NoError(t, m.Set(t.Context(), "files", []byte(list)))
			core, logged := observer.New(zap.WarnLevel)
			store := checkpoint.NewStore(m, zap.New(core))
			points, known, err := store.Load(t.Context())
			require.NoError(t, err)
			assert.True(t, known, "it is no first start")
			assert.Empty(t, points)
			require.Equal(t, 1, logged.Len())
			assert.Contains(t, logged.All()[0].Message, "every file is read again")
			store.Set(store.Add(), checkpoint.File{Path: "app.log"}, checkpoint.NewAcks(checkpoint.Position{Offset: 5}))
			require.NoError(t, store.Save(t.Context()))
			assert.Equal(t, []checkpoint.File{{Path: "app.log", Offset: 5}}, load(t, m))
		})
	}
}

// Whatever is stored, it is a checkpoint that can be gone on from, or none.
func FuzzLoad(f *testing.F) {
	f.Add([]byte(`[3]`), []byte(`{"path":"app.log","offset":7}`))
	f.Add([]byte(`[3,3]`), []byte(`{"path":"app.log","offset":-7}`))
	f.Fuzz(func(t *testing.T, list, value []byte) {
		m := checkpointtest.NewMemory()
		require.NoError(t, m.Set(t.Context(), "files", list))
		require.NoError(t, m.Set(t.Context(), "file.3", value))
		points, _, err := newStore(m).Load(t.Context())
		require.NoError(t, err)
		for _, point := range points {
			file := point.File()
			require.GreaterOrEqual(t, min(file.Offset, file.Size, int64(file.Start.Size), int64(file.Tail.Size)), int64(0))
			require.LessOrEqual(t, max(file.Start.Size, file.Tail.Size), checkpoint.FingerprintSize)
		}
	})
}
