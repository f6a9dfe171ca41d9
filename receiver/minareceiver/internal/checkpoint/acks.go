package checkpoint

import "sync"

// Position is a place in a file's text, with the fingerprint of the text before it.
type Position struct {
	Offset int64
	Tail   Fingerprint
}

// Acks knows up to where the records of one file have been delivered. Batches may
// be answered in any order; the acknowledged position passes only what every batch
// before it has been answered for.
type Acks struct {
	mu      sync.Mutex
	acked   Position
	pending []*Ack
}

// Ack is the answer that one batch waits for.
type Ack struct {
	end  Position
	done bool
}

// NewAcks returns acks of a file that is delivered up to a position.
func NewAcks(from Position) *Acks { return &Acks{acked: from} }

// Expect enters a batch that ends at the position.
func (a *Acks) Expect(end Position) *Ack {
	a.mu.Lock()
	defer a.mu.Unlock()
	ack := &Ack{end: end}
	a.pending = append(a.pending, ack)
	return ack
}

// Done says that the batch has been delivered.
func (a *Acks) Done(ack *Ack) {
	a.mu.Lock()
	defer a.mu.Unlock()
	ack.done = true
	for len(a.pending) > 0 && a.pending[0].done {
		a.acked = a.pending[0].end
		a.pending[0] = nil
		a.pending = a.pending[1:]
	}
}

// Acknowledged returns the position up to which everything has been delivered.
func (a *Acks) Acknowledged() Position {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.acked
}

// Settled reports whether nothing is in flight.
func (a *Acks) Settled() bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return len(a.pending) == 0
}
