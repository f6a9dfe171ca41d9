package turn

import (
	"context"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// Batches that come in any order, some of which end on the way, are seen in theirs by
// each whom they come by.
func TestEachSeesBatchesInTheirOrder(t *testing.T) {
	const batches = 50
	for seed := range uint64(20) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			random := rand.New(rand.NewPCG(seed, 0))
			var queue Queue
			var mu sync.Mutex
			seen := map[string][]int{}
			var coming sync.WaitGroup
			turns := make([]*Turn, batches)
			for i := range turns {
				turns[i] = queue.Next()
			}
			for _, i := range random.Perm(batches) {
				ways := [][]string{{"a", "b"}, {"a", "b"}, {"a"}, nil}[random.IntN(4)]
				again := random.IntN(3) == 0
				coming.Go(func() {
					defer turns[i].End()
					ctx := NewContext(t.Context(), turns[i])
					for _, who := range ways {
						pass := Await(ctx, who)
						mu.Lock()
						seen[who] = append(seen[who], i)
						mu.Unlock()
						pass()
						if again {
							Await(ctx, who)()
						}
					}
				})
			}
			coming.Wait()
			for who, order := range seen {
				assert.True(t, slices.IsSorted(order), "%s: %v", who, order)
			}
			assert.Nil(t, queue.last)
		})
	}
}

func TestNobodyWaitsForWhatDoesNotCome(t *testing.T) {
	for name, settle := range map[string]func(earlier *Turn, cancel func()){
		"it has ended":        func(earlier *Turn, _ func()) { earlier.End() },
		"it has passed":       func(earlier *Turn, _ func()) { Await(NewContext(context.Background(), earlier), "who")() },
		"the stop":            func(_ *Turn, cancel func()) { cancel() },
		"long enough, for it": func(*Turn, func()) { time.Sleep(patience) },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var queue Queue
				earlier, later := queue.Next(), queue.Next()
				ctx, cancel := context.WithCancel(NewContext(t.Context(), later))
				defer cancel()
				came := make(chan struct{})
				go func() {
					Await(ctx, "who")()
					close(came)
				}()
				synctest.Wait()
				select {
				case <-came:
					t.Fatal("it did not wait")
				default:
				}
				settle(earlier, cancel)
				synctest.Wait()
				<-came
			})
		})
	}
}

// A batch that waits for something else holds the others up once.
func TestWhatHasBeenWaitedForInVainHoldsNobodyUpAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var queue Queue
		queue.Next()
		begin := time.Now()
		for range 3 {
			Await(NewContext(t.Context(), queue.Next()), "who")()
		}
		assert.Equal(t, patience, time.Since(begin))
	})
}

func TestWithoutATurnNobodyWaits(t *testing.T) {
	Await(t.Context(), "who")()
}

func TestNothingIsKeptOfTurnsThatHaveEnded(t *testing.T) {
	var queue Queue
	held := []*Turn{queue.Next()} // which never ends
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	for range 1_000_000 {
		held = append(held, queue.Next())
		if len(held) > 3 {
			held[1].End()
			held = slices.Delete(held, 1, 2)
		}
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	require.Less(t, int64(after.HeapAlloc)-int64(before.HeapAlloc), int64(1<<20))
	for _, turn := range held {
		turn.End()
		turn.End() // which changes nothing
	}
	require.Nil(t, queue.last)
}

func BenchmarkTurn(b *testing.B) {
	var queue Queue
	b.ReportAllocs()
	for b.Loop() {
		turn := queue.Next()
		Await(NewContext(b.Context(), turn), "who")()
		turn.End()
	}
}
