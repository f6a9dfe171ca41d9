package minareceiver

import "sync"

// position is a place in a file's text, with the mark of the text before it.
type position struct {
	offset int64
	tail   mark
}

// ledger knows up to where the records of one file have been delivered. Batches
// may be answered in any order; the acknowledged position passes only what every
// batch before it has been answered for.
type ledger struct {
	mu      sync.Mutex
	acked   position
	pending []*span
}

// span is the end of one batch in the file.
type span struct {
	end  position
	done bool
}

// begin enters a batch that ends at the position.
func (l *ledger) begin(end position) *span {
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

// acknowledged returns the position up to which everything has been delivered.
func (l *ledger) acknowledged() position {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.acked
}

// settled reports whether nothing is in flight.
func (l *ledger) settled() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.pending) == 0
}
