package intake

import (
	"context"
	"errors"
	"sync"
	"time"

	"golang.org/x/sync/semaphore"
)

var (
	// ErrBusy says that others have had all of a room for too long.
	ErrBusy = errors.New("too much is at work")
	// ErrTooLarge says that a request needs more than all of a room.
	ErrTooLarge = errors.New("more than there is room for")
)

// Room is a part of the memory that all requests share.
type Room struct {
	size int64
	free *semaphore.Weighted
	wait time.Duration
	// growing is held by the one that has much and waits for more. If several waited,
	// each with what the others wait for, nobody would get it.
	growing sync.Mutex
}

// much is how many bytes a share has that may not wait beside others like it.
const much = 64 << 10

// NewRoom returns a room of so many bytes, where one waits for free ones so long.
func NewRoom(size int64, wait time.Duration) *Room {
	return &Room{size: size, free: semaphore.NewWeighted(size), wait: wait}
}

// Share returns a request's share of the room, which is nothing at first.
func (r *Room) Share() *Share { return &Share{room: r} }

// Share is what one request has of a room.
type Share struct {
	room *Room
	held int64
}

// Grow takes n bytes more.
func (s *Share) Grow(ctx context.Context, n int64) error {
	if s.held+n > s.room.size {
		return ErrTooLarge
	}
	if !s.room.free.TryAcquire(n) && !s.waitFor(ctx, n) {
		return ErrBusy
	}
	s.held += n
	return nil
}

func (s *Share) waitFor(ctx context.Context, n int64) bool {
	if s.held >= much {
		if !s.room.growing.TryLock() {
			return false
		}
		defer s.room.growing.Unlock()
	}
	ctx, cancel := context.WithTimeout(ctx, s.room.wait)
	defer cancel()
	return s.room.free.Acquire(ctx, n) == nil
}

// Release gives everything back.
func (s *Share) Release() {
	s.room.free.Release(s.held)
	s.held = 0
}
