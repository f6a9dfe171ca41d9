package queue

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/exporter/exporterhelper"
	"go.opentelemetry.io/collector/extension/xextension/storage"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var errDisk = errors.New("no space left on device")

// disk is a storage whose process can be killed before any of its writes.
type disk struct {
	mu   sync.Mutex
	kept map[string][]byte
	// writes is how many are carried out before the disk refuses them.
	writes int
}

func newDisk() *disk { return &disk{kept: map[string][]byte{}, writes: math.MaxInt} }

func (d *disk) Batch(_ context.Context, operations ...*storage.Operation) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.writes <= 0 {
		return errDisk
	}
	d.writes--
	for _, operation := range operations {
		switch operation.Type {
		case storage.Set:
			d.kept[operation.Key] = operation.Value
		case storage.Delete:
			delete(d.kept, operation.Key)
		case storage.Get:
			operation.Value = d.kept[operation.Key]
		}
	}
	return nil
}

func (d *disk) Get(_ context.Context, key string) ([]byte, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.kept[key], nil
}

func (d *disk) Set(ctx context.Context, key string, value []byte) error {
	return d.Batch(ctx, storage.SetOperation(key, value))
}

func (d *disk) Delete(ctx context.Context, key string) error {
	return d.Batch(ctx, storage.DeleteOperation(key))
}

func (d *disk) Walk(_ context.Context, fn storage.WalkFunc) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	for key, value := range d.kept { // in no order
		if _, err := fn(key, value); err != nil {
			return err
		}
	}
	return nil
}

func (d *disk) Close(context.Context) error { return nil }

func open(t testing.TB, d storage.Client, capacity, inFlight int64) *Queue {
	t.Helper()
	q, err := Open(context.Background(), d, Settings{Capacity: capacity, InFlight: inFlight})
	require.NoError(t, err)
	return q
}

func put(t testing.TB, q *Queue, values ...string) {
	t.Helper()
	for _, value := range values {
		_, err := q.Put(context.Background(), []byte(value), false)
		require.NoError(t, err)
	}
}

// ended is a context that does not wait.
func ended() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	return ctx
}

// takeAll returns what is out when there is no room for more.
func takeAll(t testing.TB, q *Queue) (items []Item) {
	t.Helper()
	for {
		item, err := q.Next(ended())
		if errors.Is(err, context.Canceled) {
			return items
		}
		require.NoError(t, err)
		items = append(items, item)
	}
}

func values(items []Item) (all []string) {
	for _, item := range items {
		all = append(all, string(item.Value))
	}
	return all
}

func TestOfferTakesWhatThereIsRoomForAndDoesNotWait(t *testing.T) {
	d := newDisk()
	q := open(t, d, 5, 100)
	_, err := q.Offer(t.Context(), []byte("aaaa"), false)
	require.NoError(t, err)
	_, err = q.Offer(t.Context(), []byte("bb"), false)
	require.ErrorIs(t, err, exporterhelper.ErrQueueIsFull)
	d.writes = 0
	_, err = q.Offer(t.Context(), []byte("c"), false)
	require.ErrorIs(t, err, errDisk)
	d.writes = 1
	_, err = q.Offer(t.Context(), []byte("d"), false)
	require.NoError(t, err, "what could not be written takes no room")
	assert.Equal(t, []string{"aaaa", "d"}, values(takeAll(t, q)))
}

func TestItemsComeInOrderWithinTheBytesInFlight(t *testing.T) {
	q := open(t, newDisk(), 1000, 10)
	put(t, q, "aaaa", "bbbb", "cccc", "d")
	first := takeAll(t, q)
	assert.Equal(t, []string{"aaaa", "bbbb"}, values(first), "d would fit, but it is not its turn")
	require.NoError(t, q.Done(t.Context(), first[1].Sequence))
	assert.Equal(t, []string{"cccc", "d"}, values(takeAll(t, q)))
	q.Release(first[0].Sequence)
	assert.Equal(t, []string{"aaaa"}, values(takeAll(t, q)), "it keeps its place")
	assert.Equal(t, 3, q.Len())
}

func TestItemThatIsLongerThanWhatMayBeInFlightGoesAlone(t *testing.T) {
	q := open(t, newDisk(), 1000, 10)
	put(t, q, strings.Repeat("a", 30), "b")
	assert.Len(t, takeAll(t, q), 1)
}

func TestItemThatIsOutAlreadyIsNotOffered(t *testing.T) {
	q := open(t, newDisk(), 1000, 10)
	sequence, err := q.Put(t.Context(), []byte("a"), true)
	require.NoError(t, err)
	put(t, q, "b")
	assert.Equal(t, []string{"b"}, values(takeAll(t, q)))
	q.Release(sequence)
	assert.Equal(t, []string{"a"}, values(takeAll(t, q)))
}

func TestFullQueueWaits(t *testing.T) {
	q := open(t, newDisk(), 10, 10)
	put(t, q, "aaaaaaaa")
	_, err := q.Put(ended(), []byte("bbb"), false)
	require.ErrorIs(t, err, exporterhelper.ErrQueueIsFull)
	waited := make(chan error, 1)
	go func() {
		_, err := q.Put(context.Background(), []byte("bbb"), false)
		waited <- err
	}()
	require.NoError(t, q.Done(t.Context(), takeAll(t, q)[0].Sequence))
	select {
	case err := <-waited:
		require.NoError(t, err)
	case <-time.After(10 * time.Second):
		t.Fatal("it waits for ever")
	}
	assert.EqualValues(t, 3, q.Bytes())
}

func TestLongerItemThanTheQueueHoldsGoesIntoAnEmptyQueue(t *testing.T) {
	q := open(t, newDisk(), 10, 10)
	put(t, q, strings.Repeat("a", 30))
	_, err := q.Put(ended(), []byte("b"), false)
	require.ErrorIs(t, err, exporterhelper.ErrQueueIsFull)
}

func TestMissingItemIsToldAndPassed(t *testing.T) {
	d := newDisk()
	q := open(t, d, 1000, 10)
	put(t, q, "a", "b")
	delete(d.kept, key(0))
	item, err := q.Next(ended())
	require.ErrorIs(t, err, ErrMissing)
	require.NoError(t, q.Done(t.Context(), item.Sequence))
	assert.Equal(t, []string{"b"}, values(takeAll(t, q)))
	assert.EqualValues(t, 1, q.Bytes())
}

func TestItemThatCannotBeDeletedIsDeletedLater(t *testing.T) {
	d := newDisk()
	q := open(t, d, 1000, 100)
	put(t, q, "a", "b", "c")
	items := takeAll(t, q)
	d.writes = 0
	require.ErrorIs(t, q.Done(t.Context(), items[1].Sequence), errDisk)
	assert.Equal(t, 2, q.Len())
	assert.Empty(t, takeAll(t, q), "it is not delivered twice")
	assert.Len(t, open(t, d, 1000, 100).entries, 3, "nor lost by a restart")
	d.writes = 1
	require.NoError(t, q.Done(t.Context(), items[0].Sequence))
	assert.Len(t, d.kept, 1)
	assert.EqualValues(t, 1, q.Bytes())
	assert.Len(t, q.entries, 1)
}

func TestRefusedWriteLeavesNoTrace(t *testing.T) {
	d := newDisk()
	q := open(t, d, 1000, 100)
	d.writes = 0
	_, err := q.Put(t.Context(), []byte("a"), false)
	require.ErrorIs(t, err, errDisk)
	assert.Zero(t, q.Bytes())
	assert.Zero(t, q.Len())
}

// TestKillAtAnyWriteLosesNothing delivers numbered items by processes that are killed
// after so many writes each.
func TestKillAtAnyWriteLosesNothing(t *testing.T) {
	const items = 8
	for lifetime := 2; lifetime < 12; lifetime++ {
		t.Run(fmt.Sprintf("after %d writes", lifetime), func(t *testing.T) {
			d, source, delivered := newDisk(), 0, map[string]int{}
			for source < items || len(d.kept) > 0 {
				d.writes = lifetime
				q := open(t, d, 1000, 2)
				for killed := false; !killed; {
					if source < items {
						_, err := q.Put(t.Context(), []byte{'0' + byte(source)}, false)
						if killed = err != nil; killed {
							break
						}
						source++
					}
					for _, item := range takeAll(t, q) {
						delivered[string(item.Value)]++
						killed = q.Done(t.Context(), item.Sequence) != nil || killed
					}
					killed = killed || source == items && q.Len() == 0
				}
			}
			for i := range items {
				assert.Positive(t, delivered[fmt.Sprint(i)], "item %d", i)
				assert.LessOrEqual(t, delivered[fmt.Sprint(i)], 2, "item %d", i)
			}
		})
	}
}

func TestRestartGoesOnBehindWhatIsThere(t *testing.T) {
	d := newDisk()
	put(t, open(t, d, 1000, 100), "a", "b")
	q := open(t, d, 1000, 100)
	assert.Equal(t, 2, q.Len())
	assert.EqualValues(t, 2, q.Bytes())
	put(t, q, "c")
	assert.Equal(t, []string{"a", "b", "c"}, values(takeAll(t, q)))
}

func TestForeignKeysAreLeftAlone(t *testing.T) {
	d := newDisk()
	for _, foreign := range []string{"", "wi", "1", "000000000000000g", "+00000000000000a", "000000000000000A"} {
		d.kept[foreign] = []byte("x")
	}
	before := maps.Clone(d.kept)
	q := open(t, d, 1000, 100)
	assert.Zero(t, q.Len())
	assert.Equal(t, before, d.kept)
}

func TestManyAtOnce(t *testing.T) {
	q := open(t, newDisk(), 40, 10)
	const items = 500
	var working sync.WaitGroup
	for i := range items {
		working.Go(func() {
			_, err := q.Put(context.Background(), []byte(fmt.Sprintf("%03d", i)), false)
			assert.NoError(t, err)
		})
	}
	seen := map[string]bool{}
	for len(seen) < items {
		item, err := q.Next(t.Context())
		require.NoError(t, err)
		assert.False(t, seen[string(item.Value)])
		seen[string(item.Value)] = true
		working.Go(func() { assert.NoError(t, q.Done(context.Background(), item.Sequence)) })
	}
	working.Wait()
	assert.Zero(t, q.Len())
	assert.Zero(t, q.Bytes())
	assert.Empty(t, q.entries)
}

type noWalker struct{ storage.Client }

func TestStorageThatCannotListIsRefused(t *testing.T) {
	_, err := Open(t.Context(), noWalker{newDisk()}, Settings{})
	require.ErrorIs(t, err, errNoWalker)
}

func FuzzParseKey(f *testing.F) {
	f.Add("0000000000000010")
	f.Add("wi")
	f.Fuzz(func(t *testing.T, text string) {
		if sequence, ok := parseKey(text); ok {
			assert.Equal(t, text, key(sequence))
		}
	})
}

func BenchmarkQueue(b *testing.B) {
	q, value := open(b, newDisk(), 1<<30, 1<<20), make([]byte, 400<<10)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := q.Put(context.Background(), value, false); err != nil {
			b.Fatal(err)
		}
		item, err := q.Next(context.Background())
		if err != nil {
			b.Fatal(err)
		}
		if err := q.Done(context.Background(), item.Sequence); err != nil {
			b.Fatal(err)
		}
	}
}
