package minareceiver

import "sync"

// ledger knows up to where the records of one file have been delivered. Batches
// may be answered in any order; the acknowledged offset passes only what every
// batch before it has been answered for.
type ledger struct {
	mu      sync.Mutex
	acked   int64
	pending []*span
}

// span is the end of one batch in the file.
type span struct {
	end  int64
	done bool
}

// begin enters a batch that ends at the offset.
func (l *ledger) begin(end int64) *span {
	l.mu.Lock()
	defer l.mu.Unlock()
	s := &span{end: end}
	l.pending = append(l.pending, s)
	return s
}

// finish says that the batch has been delivered.
func (l *ledger) finish(s *span) {
	l.mu.Lock()
	defer l.mu.Unlock()
	s.done = true
	for len(l.pending) > 0 && l.pending[0].done {
		l.acked = l.pending[0].end
		l.pending[0] = nil
		l.pending = l.pending[1:]
	}
}

// restart lets go of the batches in flight: the file is another one now.
func (l *ledger) restart(offset int64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.acked, l.pending = offset, nil
}

// acknowledged returns the offset up to which everything has been delivered.
func (l *ledger) acknowledged() int64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.acked
}
