package statestorageextension

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime/debug"
	"sync"

	"go.etcd.io/bbolt"
	"go.opentelemetry.io/collector/extension/xextension/storage"
	"go.uber.org/zap"

	"github.com/mina-observability/otelcol-mina/extension/statestorageextension/internal/metadata"
	"github.com/mina-observability/otelcol-mina/internal/filelock"
)

// itemsBucket has the items, each with its sum.
var itemsBucket = []byte("items")

var errClosed = errors.New("the state file is closed")

// client keeps the items of one component in a file.
type client struct {
	path      string
	cfg       *Config
	logger    *zap.Logger
	telemetry *metadata.TelemetryBuilder
	// follows says what the loss of items means for their owner.
	follows string

	// mu is held for each transaction: one that found damage leaves its database
	// locked for ever.
	mu   sync.Mutex
	db   *bbolt.DB
	file *os.File
}

// Get returns the item of a key, or nil.
func (c *client) Get(ctx context.Context, key string) ([]byte, error) {
	get := storage.GetOperation(key)
	err := c.Batch(ctx, get)
	return get.Value, err
}

// Set keeps an item.
func (c *client) Set(ctx context.Context, key string, value []byte) error {
	return c.Batch(ctx, storage.SetOperation(key, value))
}

// Delete removes an item.
func (c *client) Delete(ctx context.Context, key string) error {
	return c.Batch(ctx, storage.DeleteOperation(key))
}

// Batch carries out operations in one transaction. Where it meets damage, the file
// is moved aside, and the operations are carried out in what could be saved of it.
func (c *client) Batch(ctx context.Context, operations ...*storage.Operation) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.db == nil {
		return errClosed
	}
	err := c.attempt(ctx, operations)
	var damage *damageError
	if !errors.As(err, &damage) {
		return err
	}
	c.abandon()
	if err := c.open(damage); err != nil {
		return err
	}
	return c.attempt(ctx, operations)
}

// Walk visits the items in the order of their keys. It does not check their values:
// Get does. Where it meets damage, it begins again with what could be saved.
func (c *client) Walk(ctx context.Context, visit storage.WalkFunc) error {
	c.mu.Lock()
	operations, err := c.walk(visit)
	var damage *damageError
	if errors.As(err, &damage) {
		c.abandon()
		if err = c.open(damage); err == nil {
			operations, err = c.walk(visit)
		}
	}
	c.mu.Unlock()
	if err != nil || len(operations) == 0 {
		return err
	}
	return c.Batch(ctx, operations...)
}

// walk visits the items, and returns the operations that are asked for.
func (c *client) walk(visit storage.WalkFunc) (operations []*storage.Operation, err error) {
	if c.db == nil {
		return nil, errClosed
	}
	defer recoverDamage(&err)()
	tx, err := c.db.Begin(false)
	if err != nil {
		return nil, err
	}
	err = tx.Bucket(itemsBucket).ForEach(func(key, sealed []byte) error {
		more, err := visit(string(key), sealed[:max(len(sealed)-sumSize, 0)])
		if err == nil || errors.Is(err, storage.SkipAll) {
			operations = append(operations, more...)
		}
		return err
	})
	if errors.Is(err, storage.SkipAll) {
		err = nil
	}
	return operations, errors.Join(err, tx.Rollback())
}

// damageError is what bbolt came upon in its file.
type damageError struct{ found any }

func (d *damageError) Error() string { return fmt.Sprint(d.found) }

// attempt carries out operations, and turns a panic of bbolt and a fault in the
// memory that it has mapped into an error. The transaction then stays as it is:
// bbolt's rollback reads the damaged file again, where nothing can recover it.
func (c *client) attempt(ctx context.Context, operations []*storage.Operation) (err error) {
	defer recoverDamage(&err)()
	tx, err := c.db.Begin(writes(operations))
	if err != nil {
		return err
	}
	bucket := tx.Bucket(itemsBucket)
	for _, operation := range operations {
		if err = c.carryOut(ctx, bucket, operation); err != nil {
			break
		}
	}
	if err != nil || !tx.Writable() {
		return errors.Join(err, tx.Rollback())
	}
	return tx.Commit()
}

// recoverDamage returns what is to be deferred.
func recoverDamage(err *error) func() {
	before := debug.SetPanicOnFault(true)
	return func() {
		debug.SetPanicOnFault(before)
		if found := recover(); found != nil {
			*err = &damageError{found}
		}
	}
}

func writes(operations []*storage.Operation) bool {
	for _, operation := range operations {
		if operation.Type != storage.Get {
			return true
		}
	}
	return false
}

func (c *client) carryOut(ctx context.Context, bucket *bbolt.Bucket, operation *storage.Operation) error {
	key := []byte(operation.Key)
	switch operation.Type {
	case storage.Get:
		operation.Value = c.unsealed(ctx, key, bucket.Get(key))
		return nil
	case storage.Set:
		return bucket.Put(key, seal(key, operation.Value))
	case storage.Delete:
		return bucket.Delete(key)
	}
	return fmt.Errorf("there is no operation %d", operation.Type)
}

// unsealed returns the value of an item. A damaged one is as if it were not there.
func (c *client) unsealed(ctx context.Context, key, sealed []byte) []byte {
	if sealed == nil {
		return nil
	}
	value, intact := unseal(key, sealed)
	if !intact {
		c.telemetry.StorageDamagedItems.Add(ctx, 1)
		c.logger.Error("An item of a state file is damaged and is left out: "+c.follows,
			zap.String("file", c.path), zap.String("key", string(key)), zap.Int("bytes", len(sealed)))
	}
	return value
}

// Close closes the file.
func (c *client) Close(context.Context) (err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.db == nil {
		return nil
	}
	defer recoverDamage(&err)()
	db := c.db
	c.db = nil
	return db.Close()
}

// abandon lets go of a damaged file. What bbolt has mapped stays mapped, and holds
// the lock: to close the database would wait for the transaction that came upon the
// damage.
func (c *client) abandon() {
	_ = filelock.Unlock(c.file)
	_ = c.file.Close()
	c.db, c.file = nil, nil
}
