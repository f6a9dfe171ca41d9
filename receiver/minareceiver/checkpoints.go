package minareceiver

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"sync"
	"time"

	"go.opentelemetry.io/collector/extension/xextension/storage"
	"go.uber.org/zap"
)

const (
	// indexKey is the key of the list of checkpoints, each of which has the key
	// checkpointKey and its number.
	indexKey      = "files"
	checkpointKey = "file."
	// saveAgain is the pause before a save that failed is tried again.
	saveAgain = time.Second
)

// savedFile is a checkpoint as it is stored.
type savedFile struct {
	Path string `json:"path"`
	fileID
	// Start marks the beginning of the text, Tail what comes before Offset.
	Start  mark  `json:"start"`
	Tail   mark  `json:"tail"`
	Offset int64 `json:"offset"`
	// Gzip says that the text is compressed, and Whole that a compressed file of
	// this Size has been delivered to its end.
	Gzip  bool  `json:"gzip,omitempty"`
	Whole bool  `json:"whole,omitempty"`
	Size  int64 `json:"size,omitempty"`
}

// checkpoint is what is kept of one file, up to where its records are delivered.
type checkpoint struct {
	number uint64
	file   savedFile
	ledger *ledger
	saved  []byte
}

// checkpoints keeps the checkpoints in the storage. One is saved as soon as it
// moves on, so that a kill repeats what was on its way at that moment and no more.
type checkpoints struct {
	client storage.Client
	logger *zap.Logger

	mu    sync.Mutex
	files map[uint64]*checkpoint
	last  uint64
	// dirty are those that may have moved on, gone those to remove.
	dirty map[*checkpoint]bool
	gone  []uint64
	// relist says that the list of checkpoints has changed.
	relist  bool
	failing bool

	wake chan struct{}
}

func newCheckpoints(client storage.Client, logger *zap.Logger) *checkpoints {
	return &checkpoints{
		client: client, logger: logger,
		files: map[uint64]*checkpoint{}, dirty: map[*checkpoint]bool{}, wake: make(chan struct{}, 1),
	}
}

// load reads and returns the checkpoints of the last run.
func (c *checkpoints) load(ctx context.Context) ([]*checkpoint, error) {
	list, err := c.client.Get(ctx, indexKey)
	if err != nil {
		return nil, fmt.Errorf("cannot load the checkpoints: %w", err)
	}
	if list == nil {
		return nil, nil
	}
	var numbers []uint64
	if err := json.Unmarshal(list, &numbers); err != nil {
		return nil, fmt.Errorf("cannot read the list of checkpoints: %w", err)
	}
	var points []*checkpoint
	for _, number := range numbers {
		value, err := c.client.Get(ctx, keyOf(number))
		if err != nil {
			return nil, fmt.Errorf("cannot load a checkpoint: %w", err)
		}
		point := &checkpoint{number: number, saved: value}
		if err := json.Unmarshal(value, &point.file); err != nil {
			return nil, fmt.Errorf("cannot read checkpoint %d: %w", number, err)
		}
		c.last = max(c.last, number)
		c.files[number] = point
		points = append(points, point)
	}
	return points, nil
}

func keyOf(number uint64) string { return checkpointKey + strconv.FormatUint(number, 10) }

// add begins a checkpoint.
func (c *checkpoints) add() *checkpoint {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.last++
	point := &checkpoint{number: c.last}
	c.files[point.number] = point
	c.relist = true
	return point
}

// set says which file a checkpoint is of and how far it has been read, and whose
// ledger tells how far it is delivered.
func (c *checkpoints) set(point *checkpoint, file savedFile, l *ledger) {
	c.mu.Lock()
	point.file, point.ledger = file, l
	c.mu.Unlock()
	c.moved(point)
}

// moved says that a checkpoint may have moved on.
func (c *checkpoints) moved(point *checkpoint) {
	c.mu.Lock()
	c.dirty[point] = true
	c.mu.Unlock()
	c.signal()
}

// signal wakes keep, if it has not been woken yet.
func (c *checkpoints) signal() {
	select {
	case c.wake <- struct{}{}:
	default:
	}
}

// remove drops a checkpoint.
func (c *checkpoints) remove(point *checkpoint) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.files, point.number)
	delete(c.dirty, point)
	c.gone = append(c.gone, point.number)
	c.relist = true
}

// keep saves what moves on until the context ends.
func (c *checkpoints) keep(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-c.wake:
		}
		if c.save(ctx) != nil {
			select {
			case <-ctx.Done():
				return
			case <-time.After(saveAgain):
			}
		}
	}
}

// save writes what has moved on since the last save, in one transaction. A storage
// that fails is reported once, and holds up nothing: what is not saved is read again.
func (c *checkpoints) save(ctx context.Context) error {
	c.mu.Lock()
	var operations []*storage.Operation
	var changed []*checkpoint
	var values [][]byte
	for point, kept := range c.dirty {
		if value := point.value(); kept && !bytes.Equal(value, point.saved) {
			operations = append(operations, storage.SetOperation(keyOf(point.number), value))
			changed, values = append(changed, point), append(values, value)
		}
	}
	clear(c.dirty)
	relist := c.relist
	if relist {
		list, _ := json.Marshal(slices.Sorted(maps.Keys(c.files))) // numbers always marshal
		operations = append(operations, storage.SetOperation(indexKey, list))
	}
	gone := c.gone
	c.gone, c.relist = nil, false
	for _, number := range gone {
		operations = append(operations, storage.DeleteOperation(keyOf(number)))
	}
	c.mu.Unlock()
	if len(operations) == 0 {
		return nil
	}

	err := c.client.Batch(ctx, operations...)
	c.report(err)
	c.mu.Lock()
	defer c.mu.Unlock()
	if err != nil {
		for _, point := range changed {
			c.dirty[point] = c.files[point.number] == point
		}
		c.gone, c.relist = append(c.gone, gone...), c.relist || relist
		c.signal()
		return err
	}
	for i, point := range changed {
		point.saved = values[i]
	}
	return nil
}

// value returns what is stored. The file itself may have been read further.
func (p *checkpoint) value() []byte {
	file := p.file
	acked := p.ledger.acknowledged()
	file.Whole = file.Whole && acked.offset == file.Offset
	file.Offset, file.Tail = acked.offset, acked.tail
	value, _ := json.Marshal(file) // numbers and text always marshal
	return value
}

// report logs when saving begins to fail and when it works again.
func (c *checkpoints) report(err error) {
	switch {
	case err != nil && !c.failing:
		c.logger.Error("Cannot save the checkpoints; what is read from now on is read again after a restart", zap.Error(err))
	case err == nil && c.failing:
		c.logger.Info("The checkpoints are saved again")
	}
	c.failing = err != nil
}
