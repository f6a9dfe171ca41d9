// Package ring keeps the batches of the last seconds, which a store has answered for and
// may not have on the disk yet.
package ring

import (
	"sync"
	"time"
)

// Ring holds batches, from the oldest to the newest.
type Ring struct {
	span  time.Duration
	limit int
	now   func() time.Time

	mu sync.Mutex
	// life counts the processes that have answered.
	life    int
	entries []entry
	bytes   int
	unkept  int64
}

type entry struct {
	Batch
	answered time.Time
}

// New returns a ring for what was answered within a span before the newest answer, and for
// limit bytes of it.
func New(span time.Duration, limit int) *Ring {
	return &Ring{span: span, limit: limit, now: time.Now}
}

// Keep keeps a batch that was answered for by the process of a life. It returns false if
// that has ended meanwhile, and its batches are on their way to another: then nobody
// answers for this one.
func (r *Ring) Keep(life int, b Batch) bool {
	if r.crowded() {
		b = b.pack()
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if life != r.life {
		return false
	}
	r.append(b)
	return true
}

// crowdedParts is into how many parts the limit is divided, of which one is for batches as
// they came. Those of a few records a second are not worth the work of packing them.
const crowdedParts = 8

// crowded reports whether batches come so fast that they are to be packed.
func (r *Ring) crowded() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.bytes > r.limit/crowdedParts
}

func (r *Ring) append(b Batch) {
	now := r.now()
	r.forget(now.Add(-r.span))
	r.entries = append(r.entries, entry{b, now})
	r.bytes += len(b.body)
	for r.bytes > r.limit {
		r.drop()
		r.unkept++
	}
}

// forget leaves out what was answered for before a time.
func (r *Ring) forget(before time.Time) {
	for len(r.entries) > 0 && r.entries[0].answered.Before(before) {
		r.drop()
	}
}

func (r *Ring) drop() {
	r.bytes -= len(r.entries[0].body)
	r.entries[0] = entry{}
	r.entries = r.entries[1:]
}

// Saved forgets what was answered for before a time, since the disk has it.
func (r *Ring) Saved(before time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.forget(before)
}

// Succeed begins another life, and returns it with what the process of the last one has
// answered for. All of that stays until Saved or a later Keep: the new process may end, too.
func (r *Ring) Succeed() (int, []Batch) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.life++
	batches := make([]Batch, 0, len(r.entries))
	for i := range r.entries {
		batches = append(batches, r.entries[i].Batch)
	}
	return r.life, batches
}

// Resent says that the new process has answered for everything that Succeed has returned.
func (r *Ring) Resent() {
	r.mu.Lock()
	defer r.mu.Unlock()
	now := r.now()
	for i := range r.entries {
		r.entries[i].answered = now
	}
}

// Clear forgets everything: the process has written it before it ended.
func (r *Ring) Clear() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.entries, r.bytes = nil, 0
}

// Abandon forgets everything, and counts it: there will be no other process.
func (r *Ring) Abandon() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.unkept += int64(len(r.entries))
	r.entries, r.bytes = nil, 0
}

// Unkept returns how many batches were pushed out by the limit, or abandoned.
func (r *Ring) Unkept() int64 {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.unkept
}
