package inflight

import (
	"sync"
	"time"
)

// window bounds what is in flight, in bytes of log text. It is as large as the way
// to the destination and back is long, and no larger: more would not be delivered
// faster, but fill the memory. What is delivered in the time of the shortest round
// trip is what fits on the way (RFC 1122 knows it as the bandwidth-delay product;
// BBR, draft-cardwell-iccrg-bbr-congestion-control, steers by it).
type window struct {
	mu sync.Mutex
	// size is how much may be in flight now, between minWindow and limit.
	size, limit, inFlight int64
	// freed is closed, and made anew, when something is answered for, and full is since
	// when nothing has been while more waited.
	freed chan struct{}
	full  time.Time

	// shortest is the shortest round trip since epoch, highest the highest rate of
	// delivery of late, in bytes a second, and delivered what was answered for since
	// measured.
	shortest  time.Duration
	epoch     time.Time
	highest   float64
	delivered int64
	measured  time.Time
}

const (
	// minWindow is two batches: one is on its way while the next is decoded.
	minWindow = 2 * (batchSize + BlockSize)
	// measureEvery is how long the rate is measured before the window is set, and
	// forgetAfter how long a shortest round trip counts.
	measureEvery = 100 * time.Millisecond
	forgetAfter  = 10 * time.Second
	// widenAfter is how long nothing has been answered for, while more waits, before more
	// may be in flight.
	widenAfter = time.Second
	// fade is what is left of the highest rate at each measurement.
	fade = 0.98
	// gain is how much more than what fits on the way may be in flight, so that the
	// window finds out whether more is delivered then; growing is the gain while that
	// is so, by the factor growth.
	gain, growing, growth = 1.25, 2.5, 1.1
)

func newWindow(limit int64) *window {
	return &window{size: min(minWindow, limit), limit: limit, freed: make(chan struct{})}
}

// take reserves room, or returns a channel that is closed when there may be some. A
// batch that is longer than the window goes alone.
func (w *window) take(size int64, now time.Time) (full <-chan struct{}) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.inFlight > 0 && w.inFlight+size > w.size && !w.widen(size, now) {
		return w.freed
	}
	w.inFlight += size
	return nil
}

// widen makes room where nothing is answered for. What is in flight may be held up for
// what it is, as records that a destination refuses until it takes others.
func (w *window) widen(size int64, now time.Time) bool {
	if w.full.IsZero() {
		w.full = now
	}
	if now.Sub(w.full) < widenAfter || w.inFlight+size > w.limit {
		return false
	}
	w.size, w.full = max(w.size, w.inFlight+size), now
	return true
}

// give gives room back. roundTrip is how long the answer took, 0 if it tells nothing.
func (w *window) give(size int64, roundTrip time.Duration, now time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.inFlight -= size
	w.delivered += size
	w.full = time.Time{}
	if roundTrip > 0 && (w.shortest == 0 || roundTrip < w.shortest || now.Sub(w.epoch) > forgetAfter) {
		w.shortest, w.epoch = roundTrip, now
	}
	if passed := now.Sub(w.measured); passed > measureEvery {
		rate, factor := float64(w.delivered)/passed.Seconds(), gain
		if rate > growth*w.highest {
			factor = growing
		}
		w.highest = max(rate, fade*w.highest)
		w.size = min(max(int64(factor*w.highest*w.shortest.Seconds())+batchSize, minWindow), w.limit)
		w.delivered, w.measured = 0, now
	}
	close(w.freed)
	w.freed = make(chan struct{})
}

// load returns how much is in flight, and how much may be.
func (w *window) load() (inFlight, size int64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.inFlight, w.size
}
