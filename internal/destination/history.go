package destination

import "sync"

// history knows in which order a destination has taken and refused requests.
type history struct {
	mu sync.Mutex
	// now counts what has happened.
	now int64
	// taken is when the last to begin of the requests began that were taken.
	taken int64
	// gaveUp is what taken was when a batch was given up without a proof.
	gaveUp int64
	// waiting counts the batches that are refused, and not judged yet.
	waiting int
	// news is closed, and made anew, when a request is taken while batches wait.
	news chan struct{}
}

func newHistory() *history { return &history{news: make(chan struct{})} }

// begin returns when a request begins.
func (h *history) begin() int64 {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.now++
	return h.now
}

// take says that a request has been taken.
func (h *history) take(begun int64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.taken = max(h.taken, begun)
	if h.waiting > 0 {
		close(h.news)
		h.news = make(chan struct{})
	}
}

// takenSince reports whether a request has been taken that began later, and otherwise
// returns what is closed when one may have been.
func (h *history) takenSince(moment int64) (bool, <-chan struct{}) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.taken > moment, h.news
}

// wait says that one more batch is refused, or with -1 one less.
func (h *history) wait(batches int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.waiting += batches
}

// alone reports whether no more than one batch is refused.
func (h *history) alone() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.waiting <= 1
}

// giveUp reports whether a batch may be given up without a proof: once after something
// has been taken. The next one meets the same refusal, and that is the sender's.
func (h *history) giveUp() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.taken == h.gaveUp {
		return false
	}
	h.gaveUp = h.taken
	return true
}
