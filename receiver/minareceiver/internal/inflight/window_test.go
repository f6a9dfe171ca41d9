package inflight

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

// deliver lets batches of a size go through the window for a while, on a way that
// takes so long and delivers so many bytes a second at most.
func deliver(w *window, now time.Time, batch int64, roundTrip time.Duration, rate float64) {
	type answer struct {
		at   time.Time
		sent time.Time
	}
	var onTheWay []answer
	free := now
	for end := now.Add(5 * time.Second); now.Before(end); {
		for w.take(batch, now) == nil {
			if free.Before(now) {
				free = now
			}
			free = free.Add(time.Duration(float64(batch) / rate * float64(time.Second)))
			onTheWay = append(onTheWay, answer{at: free.Add(roundTrip), sent: now})
		}
		first := onTheWay[0]
		onTheWay, now = onTheWay[1:], first.at
		w.give(batch, now.Sub(first.sent), now)
	}
}

func TestTheWindowIsAsLargeAsTheWayIsLong(t *testing.T) {
	const limit, mebi = 64 << 20, 1 << 20
	begin := time.Unix(1759335125, 0)
	for name, tt := range map[string]struct {
		roundTrip   time.Duration
		rate        float64
		least, most int64
	}{
		"a short way needs two batches":           {time.Millisecond, 20 * mebi, minWindow, 3 * mebi},
		"a long way needs what fits on it":        {200 * time.Millisecond, 20 * mebi, 4 * mebi, 10 * mebi},
		"a slow destination needs no more":        {200 * time.Millisecond, mebi, minWindow, 2 * mebi},
		"more than the limit is never in flight":  {5 * time.Second, 100 * mebi, minWindow, limit},
		"a way that is fast and long is made use": {500 * time.Millisecond, 50 * mebi, 20 * mebi, 60 * mebi},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWindow(limit)
			deliver(w, begin, batchSize, tt.roundTrip, tt.rate)
			assert.GreaterOrEqual(t, w.size, tt.least)
			assert.LessOrEqual(t, w.size, tt.most)
		})
	}
}

func TestTheWindowForgetsAShortRoundTrip(t *testing.T) {
	w, begin := newWindow(64<<20), time.Unix(1759335125, 0)
	for i, roundTrip := range []time.Duration{10, 50, 50, 50} {
		now := begin.Add(time.Duration(i) * 4 * time.Second)
		assert.Nil(t, w.take(1, now))
		w.give(1, roundTrip*time.Millisecond, now)
		if i < 3 {
			assert.Equal(t, 10*time.Millisecond, w.shortest)
		}
	}
	assert.Equal(t, 50*time.Millisecond, w.shortest, "after ten seconds it may be another way")
}

func TestTheWindowLetsThrough(t *testing.T) {
	for name, tt := range map[string]struct {
		limit int64
		sizes []int64
		taken int
	}{
		"what fits":                        {100, []int64{40, 60, 1}, 2},
		"a batch that is longer, alone":    {100, []int64{500, 1}, 1},
		"nothing longer beside another":    {100, []int64{1, 500}, 1},
		"no more than two batches at once": {64 << 20, []int64{minWindow / 2, minWindow / 2, 1}, 2},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWindow(tt.limit)
			taken, full := 0, (<-chan struct{})(nil)
			for _, size := range tt.sizes {
				if full = w.take(size, time.Now()); full == nil {
					taken++
				}
			}
			assert.Equal(t, tt.taken, taken)
			w.give(tt.sizes[0], 0, time.Unix(1759335125, 0))
			<-full // there may be room
		})
	}
}

// Two batches that a destination refuses hold up no others.
func TestTheWindowWidensWhileNothingIsAnsweredFor(t *testing.T) {
	const limit = 5 * minWindow
	w, now := newWindow(limit), time.Unix(1759335125, 0)
	inFlight := 0
	for range 20 {
		for w.take(batchSize, now) == nil {
			inFlight++
		}
		assert.NotNil(t, w.take(batchSize, now.Add(widenAfter/2)))
		now = now.Add(widenAfter)
	}
	assert.Equal(t, limit/batchSize, inFlight)

	w = newWindow(limit)
	for range 20 { // something is answered for now and then
		for w.take(batchSize, now) == nil {
		}
		w.give(batchSize, time.Second, now)
		now = now.Add(widenAfter)
	}
	assert.EqualValues(t, minWindow, w.size)
}
