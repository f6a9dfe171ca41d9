package queuestorageextension

import (
	"context"
	"fmt"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/extension/xextension/storage"
)

// queueStorage lends the clients of another storage.
type queueStorage struct {
	component.ShutdownFunc
	storage component.ID
	host    component.Host
}

// Start remembers where to find the storage.
func (q *queueStorage) Start(_ context.Context, host component.Host) error {
	q.host = host
	return nil
}

// GetClient returns a client for one queue.
func (q *queueStorage) GetClient(ctx context.Context, kind component.Kind, owner component.ID, name string) (storage.Client, error) {
	found, ok := q.host.GetExtensions()[q.storage]
	if !ok {
		return nil, fmt.Errorf("storage: there is no extension %q in service::extensions", q.storage)
	}
	keeper, ok := found.(storage.Extension)
	if !ok {
		return nil, fmt.Errorf("storage: the extension %q is no storage", q.storage)
	}
	inner, err := keeper.GetClient(ctx, kind, owner, name)
	if err != nil {
		return nil, err
	}
	return &client{Client: inner}, nil
}
