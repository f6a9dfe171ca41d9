// Package storageclient opens what a component keeps in a storage extension, and lists it.
package storageclient

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/extension/xextension/storage"
)

// Owner is the component that keeps something, and the name of that among all it keeps.
type Owner struct {
	Kind component.Kind
	ID   component.ID
	Name string
}

// Open returns the client of a component in the storage extension of an id. Its errors
// begin with the key of the configuration, which is storage.
func Open(ctx context.Context, host component.Host, id component.ID, owner Owner) (storage.Client, error) {
	extension, ok := host.GetExtensions()[id]
	if !ok {
		return nil, fmt.Errorf("storage: there is no extension %q in service::extensions", id)
	}
	keeper, ok := extension.(storage.Extension)
	if !ok {
		return nil, fmt.Errorf("storage: the extension %q is no storage", id)
	}
	client, err := keeper.GetClient(ctx, owner.Kind, owner.ID, owner.Name)
	if err != nil {
		return nil, fmt.Errorf("storage: %w", err)
	}
	return client, nil
}

// Item is what is stored under a key. Value is nil where it is damaged.
type Item struct {
	Key   string
	Value []byte
}

var errNoList = errors.New("it cannot list what is in it; state_storage and file_storage can")

// Items returns all items of a client. Each is read by its key: a walk does not find out
// whether it is damaged.
func Items(ctx context.Context, client storage.Client) ([]Item, error) {
	walker, ok := client.(storage.Walker)
	if !ok {
		return nil, errNoList
	}
	var gets []*storage.Operation
	err := walker.Walk(ctx, func(key string, _ []byte) ([]*storage.Operation, error) {
		gets = append(gets, storage.GetOperation(strings.Clone(key)))
		return nil, nil
	})
	if err != nil || len(gets) == 0 {
		return nil, err
	}
	if err := client.Batch(ctx, gets...); err != nil {
		return nil, err
	}
	items := make([]Item, len(gets))
	for i, get := range gets {
		items[i] = Item{Key: get.Key, Value: get.Value}
	}
	return items, nil
}
