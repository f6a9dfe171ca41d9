package losslesskafkareceiver

import (
	"context"
	"sync"
)

// budget bounds what is fetched and not answered for.
type budget struct {
	limit int64

	mu   sync.Mutex
	used int64
	// freed is closed when there is room again, and nil while nobody waits.
	freed chan struct{}
}

func (b *budget) take(bytes int64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.used += bytes
}

func (b *budget) give(bytes int64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.used -= bytes
	if b.used < b.limit && b.freed != nil {
		close(b.freed)
		b.freed = nil
	}
}

// await returns true when there is room, and false when the context ends.
func (b *budget) await(ctx context.Context) bool {
	for ctx.Err() == nil {
		freed := b.room()
		if freed == nil {
			return true
		}
		select {
		case <-freed:
		case <-ctx.Done():
		}
	}
	return false
}

// room returns nil if there is some, or what is closed when there is.
func (b *budget) room() <-chan struct{} {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.used < b.limit {
		return nil
	}
	if b.freed == nil {
		b.freed = make(chan struct{})
	}
	return b.freed
}
