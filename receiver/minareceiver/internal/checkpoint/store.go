package checkpoint

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
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

// FileID tells files on one machine apart, whatever their names. The number of a
// deleted file may come again.
type FileID struct {
	Device uint64 `json:"device"`
	Inode  uint64 `json:"inode"`
}

// File is a checkpoint as it is stored.
type File struct {
	Path string `json:"path"`
	FileID
	// Start is the fingerprint of the beginning of the text, Tail that of what comes
	// before Offset.
	Start  Fingerprint `json:"start"`
	Tail   Fingerprint `json:"tail"`
	Offset int64       `json:"offset"`
	// Gzip says that the text is compressed, and Whole that a compressed file has been
	// delivered to its end. Size is how long the file was.
	Gzip  bool  `json:"gzip,omitempty"`
	Whole bool  `json:"whole,omitempty"`
	Size  int64 `json:"size,omitempty"`
	// Text tells the text from that of every other file, whatever it is called and whether
	// it is compressed. It is 0 where nobody has asked for that.
	Text uint64 `json:"text,omitempty"`
}

var (
	errMissing    = errors.New("it is missing")
	errNewer      = errors.New("a newer release has written it")
	errImpossible = errors.New("it is damaged")
)

// parse reads a checkpoint as it is stored.
func parse(value []byte) (File, error) {
	var stored struct {
		File
		// Version is for a release that stores something else.
		Version int `json:"version"`
	}
	if value == nil {
		return File{}, errMissing
	}
	if err := json.Unmarshal(value, &stored); err != nil {
		return File{}, err
	}
	switch {
	case stored.Version != 0:
		return File{}, errNewer
	case stored.Offset < 0 || stored.Size < 0 || !stored.Start.isPossible() || !stored.Tail.isPossible():
		return File{}, errImpossible
	}
	return stored.File, nil
}

// pathOf returns the path that a checkpoint has which cannot be read, or nothing.
func pathOf(value []byte) string {
	tokens := json.NewDecoder(bytes.NewReader(value))
	for key := json.Token(nil); ; {
		token, err := tokens.Token()
		if err != nil {
			return ""
		}
		if path, ok := token.(string); ok && key == "path" {
			return path
		}
		key = token
	}
}

// Checkpoint is what is kept of one file, up to where its records are delivered.
type Checkpoint struct {
	number uint64
	file   File
	acks   *Acks
	saved  []byte
}

// File returns what was stored of the file.
func (c *Checkpoint) File() File { return c.file }

// Store keeps the checkpoints in the storage. One is saved as soon as it moves on,
// so that a kill repeats what was on its way at that moment and no more.
type Store struct {
	client storage.Client
	logger *zap.Logger

	// saving keeps one save from overtaking another.
	saving sync.Mutex
	mu     sync.Mutex
	files  map[uint64]*Checkpoint
	last   uint64
	// dirty are those that may have moved on, gone those to remove.
	dirty map[*Checkpoint]bool
	gone  []uint64
	// relist says that the list of checkpoints has changed.
	relist  bool
	failing bool

	wake chan struct{}
}

// NewStore returns a store in the client, which stays the caller's to close.
func NewStore(client storage.Client, logger *zap.Logger) *Store {
	return &Store{
		client: client, logger: logger,
		files: map[uint64]*Checkpoint{}, dirty: map[*Checkpoint]bool{}, wake: make(chan struct{}, 1),
	}
}

// Load reads and returns the checkpoints of the last run. known says that there were
// some, also where none can be read: then this is no first start.
func (s *Store) Load(ctx context.Context) (points []*Checkpoint, known bool, err error) {
	list, err := s.client.Get(ctx, indexKey)
	if err != nil {
		return nil, false, fmt.Errorf("cannot load the checkpoints: %w", err)
	}
	if list == nil {
		return nil, false, nil
	}
	var numbers []uint64
	if err := json.Unmarshal(list, &numbers); err != nil {
		s.logger.Warn("The list of the checkpoints cannot be read: every file is read again", zap.Error(err))
		s.relist = true
		return nil, true, nil
	}
	for _, number := range numbers {
		value, err := s.client.Get(ctx, keyOf(number))
		if err != nil {
			return nil, false, fmt.Errorf("cannot load a checkpoint: %w", err)
		}
		s.last = max(s.last, number)
		file, err := parse(value)
		if err != nil {
			s.logger.Warn("A checkpoint cannot be read: its file is read again",
				zap.Uint64("checkpoint", number), zap.String("path", pathOf(value)), zap.Error(err))
			s.gone, s.relist = append(s.gone, number), true
			continue
		}
		point := &Checkpoint{number: number, file: file, saved: value}
		s.files[number] = point
		points = append(points, point)
	}
	return points, len(numbers) > 0, nil
}

func keyOf(number uint64) string { return checkpointKey + strconv.FormatUint(number, 10) }

// Add begins a checkpoint.
func (s *Store) Add() *Checkpoint {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.last++
	point := &Checkpoint{number: s.last}
	s.files[point.number] = point
	s.relist = true
	return point
}

// Set says which file a checkpoint is of and how far it has been read, and whose
// acks tell how far it is delivered.
func (s *Store) Set(point *Checkpoint, file File, acks *Acks) {
	s.mu.Lock()
	point.file, point.acks = file, acks
	s.mu.Unlock()
	s.Moved(point)
}

// Moved says that a checkpoint may have moved on.
func (s *Store) Moved(point *Checkpoint) {
	s.mu.Lock()
	s.dirty[point] = true
	s.mu.Unlock()
	s.signal()
}

// signal wakes Keep, if it has not been woken yet.
func (s *Store) signal() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// Remove drops a checkpoint.
func (s *Store) Remove(point *Checkpoint) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.files, point.number)
	delete(s.dirty, point)
	s.gone = append(s.gone, point.number)
	s.relist = true
}

// Keep saves what moves on until the context ends.
func (s *Store) Keep(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-s.wake:
		}
		if s.Save(ctx) != nil {
			select {
			case <-ctx.Done():
				return
			case <-time.After(saveAgain):
			}
		}
	}
}

// Save writes what has moved on since the last save, in one transaction. A storage
// that fails is reported once, and holds up nothing: what is not saved is read again.
func (s *Store) Save(ctx context.Context) error {
	s.saving.Lock()
	defer s.saving.Unlock()
	s.mu.Lock()
	var operations []*storage.Operation
	var changed []*Checkpoint
	var values [][]byte
	for point, kept := range s.dirty {
		if value := point.value(); kept && !bytes.Equal(value, point.saved) {
			operations = append(operations, storage.SetOperation(keyOf(point.number), value))
			changed, values = append(changed, point), append(values, value)
		}
	}
	clear(s.dirty)
	relist := s.relist
	if relist {
		list, _ := json.Marshal(slices.Sorted(maps.Keys(s.files))) // numbers always marshal
		operations = append(operations, storage.SetOperation(indexKey, list))
	}
	gone := s.gone
	s.gone, s.relist = nil, false
	for _, number := range gone {
		operations = append(operations, storage.DeleteOperation(keyOf(number)))
	}
	s.mu.Unlock()
	if len(operations) == 0 {
		return nil
	}

	err := s.client.Batch(ctx, operations...)
	s.report(err)
	s.mu.Lock()
	defer s.mu.Unlock()
	if err != nil {
		for _, point := range changed {
			s.dirty[point] = s.files[point.number] == point
		}
		s.gone, s.relist = append(s.gone, gone...), s.relist || relist
		s.signal()
		return err
	}
	for i, point := range changed {
		point.saved = values[i]
	}
	return nil
}

// value returns what is stored. The file itself may have been read further.
func (c *Checkpoint) value() []byte {
	file := c.file
	acked := c.acks.Acknowledged()
	file.Whole = file.Whole && acked.Offset == file.Offset
	file.Offset, file.Tail = acked.Offset, acked.Tail
	value, _ := json.Marshal(file) // numbers and text always marshal
	return value
}

// report logs when saving begins to fail and when it works again.
func (s *Store) report(err error) {
	switch {
	case err != nil && !s.failing:
		s.logger.Error("Cannot save the checkpoints; what is read from now on is read again after a restart", zap.Error(err))
	case err == nil && s.failing:
		s.logger.Info("The checkpoints are saved again")
	}
	s.failing = err != nil
}
