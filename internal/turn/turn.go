package turn

import (
	"context"
	"slices"
	"sync"
	"time"
)

// patience is how long a batch waits for those before it: order is not worth more, and
// one of them may wait for something else.
const patience = 5 * time.Second

// Queue gives out turns. The zero value is empty.
type Queue struct {
	mu   sync.Mutex
	last *Turn
}

// Turn is the place of a batch among those that are on their way. One that has ended is
// in the queue no more, so that nothing is kept of it.
type Turn struct {
	queue          *Queue
	before, behind *Turn
	// passed are those whom the batch has come by, and moved is closed when there is one
	// more, or the turn ends. Without somebody who waits it is nil.
	passed []any
	moved  chan struct{}
	// settled says that nobody waits for the batch.
	settled bool
}

// Next gives out the turn behind all others.
func (q *Queue) Next() *Turn {
	q.mu.Lock()
	defer q.mu.Unlock()
	t := &Turn{queue: q, before: q.last}
	if q.last != nil {
		q.last.behind = t
	}
	q.last = t
	return t
}

// End says that the batch will come by nobody any more.
func (t *Turn) End() {
	q := t.queue
	q.mu.Lock()
	defer q.mu.Unlock()
	if t.before != nil {
		t.before.behind = t.behind
	}
	switch {
	case t.behind != nil:
		t.behind.before = t.before
	case q.last == t:
		q.last = t.before
	}
	t.before, t.behind, t.settled = nil, nil, true
	t.wake()
}

type key struct{}

// NewContext returns a context that carries a turn.
func NewContext(ctx context.Context, t *Turn) context.Context {
	return context.WithValue(ctx, key{}, t)
}

// Await returns when every earlier batch has passed who, who may be any comparable key, or
// will not come by. The caller says with the function that is returned that this one has.
// Without a turn in the context, and for a batch that is offered again to one whom it has
// passed already, it returns at once.
func Await(ctx context.Context, who any) (pass func()) {
	t, ok := ctx.Value(key{}).(*Turn)
	if !ok {
		return func() {}
	}
	if earlier, moved := t.waitsFor(who); earlier != nil {
		t.wait(ctx, who, earlier, moved)
	}
	return func() { t.pass(who) }
}

func (t *Turn) wait(ctx context.Context, who any, earlier *Turn, moved <-chan struct{}) {
	enough := time.NewTimer(patience)
	defer enough.Stop()
	for earlier != nil {
		select {
		case <-moved:
		case <-enough.C:
			earlier.giveUp()
			return
		case <-ctx.Done():
			return
		}
		earlier, moved = t.waitsFor(who)
	}
}

// waitsFor returns the nearest earlier turn that who is to see first, and what is closed
// when that has moved.
func (t *Turn) waitsFor(who any) (*Turn, <-chan struct{}) {
	t.queue.mu.Lock()
	defer t.queue.mu.Unlock()
	if slices.Contains(t.passed, who) {
		return nil, nil
	}
	for earlier := t.before; earlier != nil; earlier = earlier.before {
		if earlier.settled || slices.Contains(earlier.passed, who) {
			continue
		}
		if earlier.moved == nil {
			earlier.moved = make(chan struct{})
		}
		return earlier, earlier.moved
	}
	return nil, nil
}

// giveUp lets nobody wait any more for a batch that has been waited for in vain.
func (t *Turn) giveUp() {
	t.queue.mu.Lock()
	defer t.queue.mu.Unlock()
	t.settled = true
	t.wake()
}

func (t *Turn) pass(who any) {
	t.queue.mu.Lock()
	defer t.queue.mu.Unlock()
	if !slices.Contains(t.passed, who) {
		t.passed = append(t.passed, who)
		t.wake()
	}
}

// wake tells those who wait for the turn to look again. The queue is locked.
func (t *Turn) wake() {
	if t.moved != nil {
		close(t.moved)
		t.moved = nil
	}
}
