package minareceiver

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"go.opentelemetry.io/collector/extension/xextension/storage"
	"go.uber.org/zap"
)

const (
	// knownFilesKey is the key under which fileconsumer saves its checkpoints.
	knownFilesKey = "knownFiles"
	// fileIDKey is the file attribute by which a checkpoint and a source find each
	// other. fileconsumer keeps file attributes with the fingerprint, so the id
	// follows a file through renames and restarts.
	fileIDKey = "mina.file.id"
	// fingerprintSize is fileconsumer's default.
	fingerprintSize = 1000
	// saveInterval bounds how much is read again after a kill.
	saveInterval = 100 * time.Millisecond
)

// checkpoints is the persister that fileconsumer saves its checkpoints through.
// fileconsumer believes that what it has emitted is delivered; what reaches the
// storage here is each file's acknowledged offset instead. It also saves between
// the polls, which can be long: a poll reads every file to its end.
type checkpoints struct {
	client storage.Client
	logger *zap.Logger

	// progress says that a file's acknowledged offset has moved since the last save.
	progress atomic.Bool

	mu    sync.Mutex
	files map[string]*checkpoint
	// order has the files as fileconsumer listed them last, then the ones that it
	// does not list.
	order []*checkpoint
	// list is what fileconsumer saved last, saved what is in the storage.
	list    []byte
	saved   []byte
	failing bool
}

func newCheckpoints(client storage.Client, logger *zap.Logger) *checkpoints {
	return &checkpoints{client: client, logger: logger, files: map[string]*checkpoint{}}
}

// Get loads the checkpoints.
func (c *checkpoints) Get(ctx context.Context, key string) ([]byte, error) {
	value, err := c.client.Get(ctx, key)
	if err != nil {
		return nil, fmt.Errorf("cannot load the checkpoints: %w", err)
	}
	if key == knownFilesKey {
		c.mu.Lock()
		defer c.mu.Unlock()
		if err := c.read(value); err != nil {
			return nil, err
		}
		c.list, c.saved = value, value
	}
	return value, nil
}

// Set stores a value that is not a checkpoint.
func (c *checkpoints) Set(ctx context.Context, key string, value []byte) error {
	return c.client.Set(ctx, key, value)
}

// Delete removes a value.
func (c *checkpoints) Delete(ctx context.Context, key string) error { return c.client.Delete(ctx, key) }

// Batch takes the checkpoints of a poll. A storage that fails is reported once,
// and holds up nothing: what is not saved is read again.
func (c *checkpoints) Batch(ctx context.Context, ops ...*storage.Operation) error {
	for _, op := range ops {
		if op.Type == storage.Set && op.Key == knownFilesKey {
			c.takeList(ctx, op.Value)
		}
	}
	return nil
}

func (c *checkpoints) takeList(ctx context.Context, list []byte) {
	progress := c.progress.Swap(false)
	c.mu.Lock()
	defer c.mu.Unlock()
	if bytes.Equal(list, c.list) && !progress {
		return
	}
	if err := c.read(list); err != nil {
		c.report(err)
		return
	}
	c.list = list
	c.forget()
	c.save(ctx)
}

// saveProgress saves the offsets that were acknowledged since the last poll.
func (c *checkpoints) saveProgress(ctx context.Context) {
	if c.progress.Swap(false) {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.save(ctx)
	}
}

// track enters the source of a file, of which text has been read at the offset.
// For a file that is read from its beginning, the text tells its fingerprint.
func (c *checkpoints) track(id string, s *source, path string, offset int64, text []byte) *checkpoint {
	c.mu.Lock()
	defer c.mu.Unlock()
	cp := c.files[id]
	if cp == nil {
		cp = &checkpoint{}
		if offset == 0 {
			cp.known = newKnownFile(id, text)
		}
		c.files[id] = cp
		c.order = append(c.order, cp)
	}
	fresh := cp.source == nil
	if fresh {
		cp.source = s
		s.acknowledged = func() { c.progress.Store(true) }
		if cp.known != nil {
			s.restart(cp.known.offset)
		}
	}
	if offset == 0 && (fresh || s.end != 0) {
		cp.path = path
		cp.readAnew(isGzip(path), text)
	}
	return cp
}

// find returns the source of a file, or nil.
func (c *checkpoints) find(id string) *source {
	c.mu.Lock()
	defer c.mu.Unlock()
	if cp := c.files[id]; cp != nil {
		return cp.source
	}
	return nil
}

// sources returns the sources of all files.
func (c *checkpoints) sources() (all []*source) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, cp := range c.files {
		if cp.source != nil {
			all = append(all, cp.source)
		}
	}
	return all
}

// compressed returns the compressed files that a poll has read, and not to their end.
func (c *checkpoints) compressed() map[*checkpoint]*knownFile {
	c.mu.Lock()
	defer c.mu.Unlock()
	all := map[*checkpoint]*knownFile{}
	for _, cp := range c.files {
		if cp.compressed && !cp.whole && cp.listed && cp.known.fileType == gzipType {
			all[cp] = cp.known
		}
	}
	return all
}

// setWhole notes that a compressed file has been read to its end.
func (c *checkpoints) setWhole(cp *checkpoint, whole bool) {
	if whole {
		c.mu.Lock()
		cp.whole = true
		c.mu.Unlock()
		c.progress.Store(true)
	}
}

// read takes over a list of known files.
func (c *checkpoints) read(list []byte) error {
	known, err := parseKnownFiles(list)
	if err != nil {
		return err
	}
	for _, cp := range c.files {
		cp.listed = false
	}
	c.order = c.order[:0]
	for _, file := range known {
		cp := c.files[file.id]
		if cp == nil || file.id == "" {
			cp = &checkpoint{}
		}
		if file.id != "" {
			c.files[file.id] = cp
		}
		cp.known, cp.listed = file, true
		cp.moved = cp.source != nil && cp.source.read.Load() != file.offset
		c.order = append(c.order, cp)
	}
	for _, cp := range c.files {
		if !cp.listed {
			c.order = append(c.order, cp)
		}
	}
	return nil
}

// forget drops the files that fileconsumer does not know any more, once
// everything that was read of them is delivered.
func (c *checkpoints) forget() {
	gone := func(cp *checkpoint) bool {
		return !cp.listed && (cp.source == nil || cp.source.delivered())
	}
	c.order = slices.DeleteFunc(c.order, gone)
	maps.DeleteFunc(c.files, func(_ string, cp *checkpoint) bool { return gone(cp) })
}

// save writes the list of known files, if it has changed.
func (c *checkpoints) save(ctx context.Context) {
	list := make([]byte, 0, len(c.saved)+fingerprintSize)
	for _, cp := range c.order {
		if cp.known != nil {
			offset, fileType := cp.acknowledged()
			list = cp.known.appendTo(list, offset, fileType)
		}
	}
	if bytes.Equal(list, c.saved) {
		return
	}
	err := c.client.Set(ctx, knownFilesKey, list)
	c.report(err)
	if err != nil {
		c.progress.Store(true) // so that it is tried again
		return
	}
	c.saved = list
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
