// Package checkpointtest has a storage for tests that outlives what uses it.
package checkpointtest

import (
	"context"
	"encoding/json"
	"maps"
	"strings"
	"sync"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/extension/xextension/storage"

	"github.com/mina-observability/otelcol-mina/receiver/minareceiver/internal/checkpoint"
)

// Memory is a storage extension, and its own client.
type Memory struct {
	component.StartFunc
	component.ShutdownFunc
	mu     sync.Mutex
	values map[string][]byte
	fail   error
	writes int
}

// NewMemory returns an empty storage.
func NewMemory() *Memory { return &Memory{values: map[string][]byte{}} }

// GetClient returns the storage.
func (m *Memory) GetClient(context.Context, component.Kind, component.ID, string) (storage.Client, error) {
	return m, nil
}

// Get returns a value.
func (m *Memory) Get(_ context.Context, key string) ([]byte, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.values[key], nil
}

// Set sets a value.
func (m *Memory) Set(ctx context.Context, key string, value []byte) error {
	return m.Batch(ctx, storage.SetOperation(key, value))
}

// Delete removes a value.
func (m *Memory) Delete(ctx context.Context, key string) error {
	return m.Batch(ctx, storage.DeleteOperation(key))
}

// Batch does all of the operations, or none if it is to fail.
func (m *Memory) Batch(_ context.Context, operations ...*storage.Operation) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.fail != nil {
		return m.fail
	}
	m.writes++
	for _, operation := range operations {
		switch operation.Type {
		case storage.Set:
			m.values[operation.Key] = operation.Value
		case storage.Delete:
			delete(m.values, operation.Key)
		case storage.Get:
			operation.Value = m.values[operation.Key]
		}
	}
	return nil
}

// Close keeps what is stored.
func (m *Memory) Close(context.Context) error { return nil }

// Fail lets what is written from now on fail, or not any more.
func (m *Memory) Fail(err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.fail = err
}

// Writes returns how often something was written.
func (m *Memory) Writes() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.writes
}

// Len returns how many values there are.
func (m *Memory) Len() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.values)
}

// Delivered returns how many bytes the checkpoints say are delivered, of all files.
func (m *Memory) Delivered() (offset int64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for key, value := range m.values {
		var saved checkpoint.File
		if strings.HasPrefix(key, "file.") && json.Unmarshal(value, &saved) == nil {
			offset += saved.Offset
		}
	}
	return offset
}

// Snapshot is the storage as a kill at this moment would leave it.
func (m *Memory) Snapshot() *Memory {
	m.mu.Lock()
	defer m.mu.Unlock()
	return &Memory{values: maps.Clone(m.values)}
}
