package queuestorageextension

import (
	"context"
	"slices"
	"sync"

	"go.opentelemetry.io/collector/extension/xextension/storage"
)

// client holds back what the queue deletes when it starts. Each of these items is
// deleted in the transaction that writes it again; the queue does that in the same
// order. A queue that is killed meanwhile finds every item once: its metadata lists
// them until the first item is read, and passes over those that are not there.
type client struct {
	storage.Client
	mu   sync.Mutex
	held []*storage.Operation
}

// Batch carries out operations in one transaction.
func (c *client) Batch(ctx context.Context, operations ...*storage.Operation) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case all(storage.Delete, operations):
		return c.hold(ctx, operations)
	case len(c.held) == 0:
		return c.dispatch(ctx, slices.Clone(operations))
	case all(storage.Set, operations):
		again := c.held[0]
		c.held = c.held[1:] // an item that cannot be written again is not deleted
		return c.Client.Batch(ctx, append(slices.Clone(operations), again)...)
	}
	rest := c.held // of items that the queue could not read
	c.held = nil
	return c.dispatch(ctx, append(slices.Clone(operations), rest...))
}

// dispatch reads an item and notes that it is being sent. Where the note cannot be
// written, as on a full disk, the queue would drop the item: without the note it is
// sent all the same, and again after a kill.
func (c *client) dispatch(ctx context.Context, operations []*storage.Operation) error {
	err := c.Client.Batch(ctx, operations...)
	if err == nil {
		return nil
	}
	reads := slices.DeleteFunc(operations, func(operation *storage.Operation) bool { return operation.Type != storage.Get })
	if len(reads) == 0 || c.Client.Batch(ctx, reads...) != nil ||
		slices.ContainsFunc(reads, func(read *storage.Operation) bool { return read.Value == nil }) {
		return err
	}
	return nil
}

// hold keeps the deletions of what is there.
func (c *client) hold(ctx context.Context, deletions []*storage.Operation) error {
	for _, deletion := range deletions {
		value, err := c.Get(ctx, deletion.Key)
		if err != nil {
			return err
		}
		if value != nil {
			c.held = append(c.held, deletion)
		}
	}
	return nil
}

func all(kind storage.OpType, operations []*storage.Operation) bool {
	return !slices.ContainsFunc(operations, func(operation *storage.Operation) bool { return operation.Type != kind })
}
