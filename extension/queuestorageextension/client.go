package queuestorageextension

import (
	"context"
	"slices"
	"sync"

	"go.opentelemetry.io/collector/extension/xextension/storage"
)

// client holds back what the queue deletes when it starts, until it has been
// written again. The queue's metadata lists these items until the first item is
// read, in one transaction with new metadata: only then they are deleted, in the
// same transaction. A queue that is killed before that finds all of them, and what
// it had written again, too.
type client struct {
	storage.Client
	mu   sync.Mutex
	held []*storage.Operation
}

// Batch carries out operations in one transaction.
func (c *client) Batch(ctx context.Context, operations ...*storage.Operation) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !slices.ContainsFunc(operations, isNot(storage.Delete)) {
		c.held = append(c.held, operations...)
		return nil
	}
	if len(c.held) == 0 || !slices.ContainsFunc(operations, is(storage.Get)) || !slices.ContainsFunc(operations, is(storage.Set)) {
		return c.Client.Batch(ctx, operations...)
	}
	if err := c.Client.Batch(ctx, append(slices.Clone(operations), c.held...)...); err != nil {
		return err
	}
	c.held = nil
	return nil
}

func is(kind storage.OpType) func(*storage.Operation) bool {
	return func(operation *storage.Operation) bool { return operation.Type == kind }
}

func isNot(kind storage.OpType) func(*storage.Operation) bool {
	return func(operation *storage.Operation) bool { return operation.Type != kind }
}
