// Package queue keeps batches on disk, in order, until they are delivered. The items
// are all that is kept: one write puts a batch and one deletion takes it away, so that
// a process which is killed at any moment leaves a whole queue.
package queue

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"sync"

	"go.opentelemetry.io/collector/exporter/exporterhelper"
	"go.opentelemetry.io/collector/extension/xextension/storage"
)

// ErrMissing says that the storage no longer has an item.
var ErrMissing = errors.New("the storage no longer has this item")

// errNoWalker says that a storage cannot be asked what is in it.
var errNoWalker = errors.New("this storage cannot list what it keeps; use state_storage or file_storage")

// Settings bound a queue.
type Settings struct {
	// Capacity is how many bytes it holds. A longer item goes into an empty queue.
	Capacity int64
	// InFlight is how many bytes are out for delivery at a time, or one longer item.
	InFlight int64
}

// Item is a batch that is out for delivery.
type Item struct {
	Sequence uint64
	Value    []byte
}

// state is where an item is.
type state uint8

const (
	waiting state = iota
	out
	delivered // and not yet deleted
	deleted
)

type entry struct {
	sequence uint64
	size     int64
	state    state
}

// Queue is the queue of one destination.
type Queue struct {
	client storage.Client
	Settings

	mu sync.Mutex
	// entries are in order. Those that are deleted go when no older one is left.
	entries         []entry
	next            uint64
	bytes, inFlight int64
	undelivered     int
	// changed is closed at the next change.
	changed chan struct{}
}

// Open finds what an earlier process has left.
func Open(ctx context.Context, client storage.Client, s Settings) (*Queue, error) {
	walker, ok := client.(storage.Walker)
	if !ok {
		return nil, errNoWalker
	}
	q := &Queue{client: client, Settings: s, changed: make(chan struct{})}
	err := walker.Walk(ctx, func(key string, value []byte) ([]*storage.Operation, error) {
		if sequence, ok := parseKey(key); ok {
			q.entries = append(q.entries, entry{sequence: sequence, size: int64(len(value))})
		}
		return nil, nil
	})
	if err != nil {
		return nil, fmt.Errorf("cannot read the queue: %w", err)
	}
	slices.SortFunc(q.entries, func(a, b entry) int { return cmp.Compare(a.sequence, b.sequence) })
	// A storage that comes upon damage begins again.
	q.entries = slices.CompactFunc(q.entries, func(a, b entry) bool { return a.sequence == b.sequence })
	for _, e := range q.entries {
		q.bytes += e.size
	}
	q.undelivered = len(q.entries)
	if n := len(q.entries); n > 0 {
		q.next = q.entries[n-1].sequence + 1
	}
	return q, nil
}

const hexDigits = 16

// key returns an item's key. Keys are in the order of the items.
func key(sequence uint64) string { return fmt.Sprintf("%0*x", hexDigits, sequence) }

// parseKey reads a key, and reports whether it is an item's.
func parseKey(text string) (uint64, bool) {
	sequence, err := strconv.ParseUint(text, 16, 64)
	return sequence, err == nil && key(sequence) == text
}

// Put appends a batch, and waits until there is room for it. It returns ErrQueueIsFull
// of exporterhelper if the context ends before. An item that is already out for
// delivery is not returned by Next before it is released.
func (q *Queue) Put(ctx context.Context, value []byte, alreadyOut bool) (uint64, error) {
	for {
		sequence, reserved, changed := q.reserve(int64(len(value)))
		if reserved {
			return sequence, q.write(ctx, sequence, value, alreadyOut)
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return 0, exporterhelper.ErrQueueIsFull
		}
	}
}

// Offer is Put that does not wait for room.
func (q *Queue) Offer(ctx context.Context, value []byte, alreadyOut bool) (uint64, error) {
	sequence, reserved, _ := q.reserve(int64(len(value)))
	if !reserved {
		return 0, exporterhelper.ErrQueueIsFull
	}
	return sequence, q.write(ctx, sequence, value, alreadyOut)
}

// reserve takes the next place, if there is room.
func (q *Queue) reserve(size int64) (sequence uint64, reserved bool, changed <-chan struct{}) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.bytes > 0 && q.bytes+size > q.Capacity {
		return 0, false, q.changed
	}
	q.bytes += size
	q.next++
	return q.next - 1, true, nil
}

// write fills a place, or gives it up.
func (q *Queue) write(ctx context.Context, sequence uint64, value []byte, alreadyOut bool) error {
	size := int64(len(value))
	err := q.client.Set(ctx, key(sequence), value)
	q.mu.Lock()
	defer q.mu.Unlock()
	defer q.broadcast()
	if err != nil {
		q.bytes -= size
		return fmt.Errorf("cannot write to the queue: %w", err)
	}
	put := entry{sequence: sequence, size: size}
	if alreadyOut {
		put.state = out
		q.inFlight += size
	}
	at, _ := q.find(sequence) // a later one may have been written meanwhile
	q.entries = slices.Insert(q.entries, at, put)
	q.undelivered++
	return nil
}

// Next waits for the oldest item that is not out for delivery, and for room among those
// that are. An item that cannot be read is returned without its value; it is out too.
func (q *Queue) Next(ctx context.Context) (Item, error) {
	for {
		sequence, found, changed := q.take()
		if found {
			value, err := q.client.Get(ctx, key(sequence))
			if err == nil && value == nil {
				err = ErrMissing
			}
			return Item{Sequence: sequence, Value: value}, err
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return Item{}, ctx.Err()
		}
	}
}

// take marks the next item as out, if there is one.
func (q *Queue) take() (sequence uint64, found bool, changed <-chan struct{}) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for i := range q.entries {
		e := &q.entries[i]
		if e.state != waiting {
			continue
		}
		if q.inFlight > 0 && q.inFlight+e.size > q.InFlight {
			break
		}
		e.state = out
		q.inFlight += e.size
		return e.sequence, true, nil
	}
	return 0, false, q.changed
}

// Release says that an item was not delivered. It keeps its place.
func (q *Queue) Release(sequence uint64) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if at, ok := q.find(sequence); ok && q.entries[at].state == out {
		q.entries[at].state = waiting
		q.inFlight -= q.entries[at].size
		q.broadcast()
	}
}

// Done says that an item is delivered. One that cannot be deleted, as on a full disk, is
// not delivered again by this process, and is deleted with a later one.
func (q *Queue) Done(ctx context.Context, sequence uint64) error {
	deletions := q.settle(sequence)
	if err := q.client.Batch(ctx, deletions...); err != nil {
		return fmt.Errorf("cannot delete from the queue what is delivered: %w", err)
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, deletion := range deletions {
		sequence, _ := parseKey(deletion.Key)
		if at, ok := q.find(sequence); ok && q.entries[at].state == delivered {
			q.entries[at].state = deleted
			q.bytes -= q.entries[at].size
		}
	}
	for len(q.entries) > 0 && q.entries[0].state == deleted {
		q.entries = q.entries[1:]
	}
	q.broadcast()
	return nil
}

// settle marks an item as delivered, and returns all deletions that are due.
func (q *Queue) settle(sequence uint64) (deletions []*storage.Operation) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if at, ok := q.find(sequence); ok && q.entries[at].state == out {
		q.entries[at].state = delivered
		q.inFlight -= q.entries[at].size
		q.undelivered--
	}
	for _, e := range q.entries {
		if e.state == waiting {
			break // what is out, or has been, is older
		}
		if e.state == delivered {
			deletions = append(deletions, storage.DeleteOperation(key(e.sequence)))
		}
	}
	q.broadcast()
	return deletions
}

// find returns where an item is, or would be.
func (q *Queue) find(sequence uint64) (int, bool) {
	return slices.BinarySearchFunc(q.entries, sequence, func(e entry, sequence uint64) int { return cmp.Compare(e.sequence, sequence) })
}

func (q *Queue) broadcast() {
	close(q.changed)
	q.changed = make(chan struct{})
}

// Len returns how many items are not delivered.
func (q *Queue) Len() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.undelivered
}

// Bytes returns how many bytes are kept.
func (q *Queue) Bytes() int64 {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.bytes
}

// Close lets go of the storage.
func (q *Queue) Close(ctx context.Context) error { return q.client.Close(ctx) }
