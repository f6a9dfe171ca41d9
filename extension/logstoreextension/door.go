package logstoreextension

import (
	"context"
	"sync"
	"time"

	"github.com/mina-observability/otelcol-mina/extension/logstoreextension/internal/engine"
)

// patience is how long a request waits for an engine that is not there. Most are back
// before.
const patience = time.Second

// life is the time of one engine.
type life struct {
	*engine.Process
	// number tells it from others, for the ring.
	number int
	// ready is closed when it has every batch that is answered for, and takes new ones.
	ready chan struct{}
}

// door lets requests through to the engine, while there is one.
type door struct {
	mu      sync.Mutex
	inside  *life
	changed chan struct{}
}

func newDoor() *door { return &door{changed: make(chan struct{})} }

// let opens the door to an engine, or, with nil, closes it.
func (d *door) let(inside *life) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.inside = inside
	close(d.changed)
	d.changed = make(chan struct{})
}

func (d *door) look() (*life, <-chan struct{}) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.inside, d.changed
}

// pass returns the engine, for which it waits a moment, or nil.
func (d *door) pass(ctx context.Context, writes bool) *life {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for {
		inside, next := d.look()
		if inside != nil {
			if !writes || inside.takes() {
				return inside
			}
			next = inside.ready
		}
		select {
		case <-next:
		case <-ctx.Done():
			return nil
		}
	}
}

// takes reports whether an engine takes new batches.
func (l *life) takes() bool {
	select {
	case <-l.ready:
		return true
	default:
		return false
	}
}
