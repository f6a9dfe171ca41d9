package intake

import (
	"bytes"
	"context"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestAShareIsTakenAndGivenBack(t *testing.T) {
	room := NewRoom(100, time.Millisecond)
	first, second := room.Share(), room.Share()
	require.NoError(t, first.Grow(t.Context(), 60))
	require.ErrorIs(t, second.Grow(t.Context(), 60), ErrBusy)
	require.NoError(t, second.Grow(t.Context(), 40))
	require.ErrorIs(t, second.Grow(t.Context(), 61), ErrTooLarge)
	first.Release()
	first.Release()
	require.NoError(t, second.Grow(t.Context(), 60))
	require.ErrorIs(t, first.Grow(t.Context(), 1), ErrBusy)
}

func TestOneWaitsForRoom(t *testing.T) {
	room := NewRoom(100, time.Minute)
	first, second := room.Share(), room.Share()
	require.NoError(t, first.Grow(t.Context(), 100))
	grown := make(chan error)
	go func() { grown <- second.Grow(context.Background(), 1) }()
	first.Release()
	require.NoError(t, <-grown)
}

// TestThoseThatHaveMuchDoNotWaitForEachOther fills a room with halves.
func TestThoseThatHaveMuchDoNotWaitForEachOther(t *testing.T) {
	room := NewRoom(4*much, time.Minute)
	first, second := room.Share(), room.Share()
	require.NoError(t, first.Grow(t.Context(), 2*much))
	require.NoError(t, second.Grow(t.Context(), 2*much))
	grown := make(chan error)
	go func() { grown <- first.Grow(context.Background(), much) }()
	require.Eventually(t, func() bool {
		if room.growing.TryLock() {
			room.growing.Unlock()
			return false
		}
		return true
	}, 10*time.Second, time.Millisecond, "the first waits")
	require.ErrorIs(t, second.Grow(t.Context(), much), ErrBusy)
	second.Release()
	require.NoError(t, <-grown)
}

func TestReadBodyTakesRoomForWhatIsThere(t *testing.T) {
	for name, tt := range map[string]struct {
		length, limit, room int64
		most                int64
		err                 error
	}{
		"nothing":               {0, 1 << 20, 1 << 20, firstRead, nil},
		"little":                {100, 1 << 20, 1 << 20, firstRead, nil},
		"much":                  {100 << 10, 1 << 20, 1 << 20, 128 << 10, nil},
		"all that there may be": {1 << 20, 1 << 20, 2 << 20, 1<<20 + 1, nil},
		"a small room":          {1000, 1 << 20, 1 << 10, 1 << 10, nil},
		"more than the room":    {4 << 10, 1 << 20, 1 << 10, 1 << 10, ErrTooLarge},
	} {
		t.Run(name, func(t *testing.T) {
			share := NewRoom(tt.room, time.Millisecond).Share()
			text, err := ReadBody(t.Context(), strings.NewReader(strings.Repeat("x", int(tt.length))), share, tt.limit)
			require.ErrorIs(t, err, tt.err)
			if err == nil {
				assert.Len(t, text, int(tt.length))
			}
			assert.LessOrEqual(t, share.held, tt.most)
			assert.LessOrEqual(t, int64(cap(text)), share.held)
		})
	}
}

func TestReadBodyHandsOnErrors(t *testing.T) {
	_, err := ReadBody(t.Context(), io.MultiReader(strings.NewReader("x"), errReader{}), NewRoom(1<<20, 0).Share(), 1<<20)
	require.ErrorIs(t, err, io.ErrUnexpectedEOF)
}

type errReader struct{}

func (errReader) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

func TestZstdDoesNotTakeTheMemoryThatAClientAsksFor(t *testing.T) {
	for window, taken := range map[int]bool{8 << 20: true, 512 << 20: false} {
		var body bytes.Buffer
		w, err := zstd.NewWriter(&body, zstd.WithWindowSize(window), zstd.WithSingleSegment(false))
		require.NoError(t, err)
		for range 3 { // more than one block, so that the window is not the content's size
			_, err = w.Write(bytes.Repeat([]byte("x"), 100<<10))
			require.NoError(t, err)
			require.NoError(t, w.Flush())
		}
		require.NoError(t, w.Close())
		r, err := Zstd(time.Minute)(io.NopCloser(&body))
		require.NoError(t, err)
		text, err := io.ReadAll(r)
		require.NoError(t, r.Close())
		assert.Equal(t, taken, err == nil, window)
		if taken {
			assert.Len(t, text, 300<<10)
		}
	}
}

func TestZstdTakesTurns(t *testing.T) {
	decode := Zstd(time.Millisecond)
	var bodies []io.ReadCloser
	for range zstdBodies {
		body, err := decode(io.NopCloser(strings.NewReader("")))
		require.NoError(t, err)
		bodies = append(bodies, body)
	}
	_, err := decode(io.NopCloser(strings.NewReader("")))
	require.ErrorIs(t, err, ErrBusy)
	require.NoError(t, bodies[0].Close())
	require.NoError(t, bodies[0].Close())
	body, err := decode(io.NopCloser(strings.NewReader("")))
	require.NoError(t, err)
	for _, body := range append(bodies[1:], body) {
		require.NoError(t, body.Close())
	}
}

// BenchmarkReadBody reads what a client posts at once.
func BenchmarkReadBody(b *testing.B) {
	room, body := NewRoom(16<<20, time.Second), strings.Repeat("x", 64<<10)
	b.ReportAllocs()
	b.SetBytes(int64(len(body)))
	for b.Loop() {
		share := room.Share()
		if _, err := ReadBody(b.Context(), strings.NewReader(body), share, 8<<20); err != nil {
			b.Fatal(err)
		}
		share.Release()
	}
}
