package minareceiver

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/stanza/adapter"
	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/stanza/fileconsumer"
	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/stanza/fileconsumer/attrs"
	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/stanza/fileconsumer/matcher"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/extension/xextension/storage"
	"go.opentelemetry.io/collector/receiver"
	"go.uber.org/zap"

	"github.com/mina-observability/otelcol-mina/internal/minalog"
)

// blockSize is the length in bytes of the blocks of lines in which files are read.
const blockSize = 32 << 10

// fileInput tails files. fileconsumer finds and reads them; see checkpoints for
// how its offsets are held to what is delivered.
type fileInput struct {
	cfg      *FileConfig
	set      receiver.Settings
	decoders *decoders
	delivery *delivery

	manager     *fileconsumer.Manager
	storage     storage.Client
	checkpoints *checkpoints
	nextID      atomic.Int64

	stop       context.CancelFunc
	background sync.WaitGroup
}

func newFileInput(set receiver.Settings, cfg *FileConfig, decoders *decoders, delivery *delivery) (*fileInput, error) {
	f := &fileInput{cfg: cfg, set: set, decoders: decoders, delivery: delivery}
	f.nextID.Store(time.Now().UnixNano())

	tail := fileconsumer.NewConfig()
	tail.Include, tail.Exclude = cfg.Include, cfg.Exclude
	tail.StartAt = cfg.StartAt
	tail.PollInterval = cfg.PollInterval
	tail.MaxLogSize = cfg.MaxLogSize
	tail.OnTruncate = cfg.OnTruncate
	tail.FlushPeriod = cfg.FlushAfter
	tail.MaxConcurrentFiles = cfg.MaxConcurrentFiles
	tail.FingerprintSize = fingerprintSize
	tail.InitialBufferSize = blockSize
	tail.Encoding = "nop"
	tail.Compression = "auto"
	tail.IncludeFileName = true
	tail.IncludeFilePath = true
	manager, err := tail.Build(set.TelemetrySettings, f.emit, fileconsumer.WithSplitFunc(splitBlocks))
	if err != nil {
		return nil, fmt.Errorf("file: %w", err)
	}
	f.manager = manager
	return f, nil
}

// splitBlocks hands over as many whole lines as there are, since a line at a time costs more
// than the decoder does. Together the blocks are the file, byte by byte.
func splitBlocks(data []byte, _ bool) (advance int, token []byte, err error) {
	if end := bytes.LastIndexByte(data, '\n'); end >= 0 {
		return end + 1, data[:end+1], nil
	}
	return 0, nil, nil
}

// Start begins to tail.
func (f *fileInput) Start(ctx context.Context, host component.Host) error {
	client, err := adapter.GetStorageClient(ctx, host, f.cfg.Storage, f.set.ID)
	if err != nil {
		return fmt.Errorf("file.storage: %w", err)
	}
	f.storage = client
	f.checkpoints = newCheckpoints(client, f.set.Logger)
	if err := f.manager.Start(f.checkpoints); err != nil {
		return errors.Join(fmt.Errorf("file: %w", err), client.Close(ctx))
	}
	f.warnOfNothing()
	background, stop := context.WithCancel(context.Background())
	f.stop = stop
	f.background.Go(func() { every(background.Done(), saveInterval, func() { f.checkpoints.saveProgress(background) }) })
	f.background.Go(func() { every(background.Done(), f.cfg.FlushAfter/4+time.Millisecond, f.flushIdle) })
	f.background.Go(func() { every(background.Done(), gzipInterval, f.readOn) })
	return nil
}

// warnOfNothing says so if there is no file to read yet, since a wrong pattern or
// a directory that may not be read look like a quiet application.
func (f *fileInput) warnOfNothing() {
	files, err := matcher.New(matcher.Criteria{Include: f.cfg.Include, Exclude: f.cfg.Exclude})
	if err != nil {
		return
	}
	if found, _ := files.MatchFiles(); len(found) == 0 {
		f.set.Logger.Warn("No file matches file.include, or its directory may not be read; looking again at every poll", zap.Strings("include", f.cfg.Include))
	}
}

// Shutdown stops reading and saves the last checkpoints.
func (f *fileInput) Shutdown(ctx context.Context) error {
	if f.stop == nil {
		return nil // never started
	}
	f.stop()
	f.background.Wait()
	if err := f.manager.Stop(); err != nil {
		return err
	}
	f.checkpoints.saveProgress(ctx)
	return f.storage.Close(ctx)
}

// flushIdle hands over the text records that nothing has followed for a while.
func (f *fileInput) flushIdle() {
	for _, s := range f.checkpoints.sources() {
		s.flushIdle(f.cfg.FlushAfter)
	}
}

// emit takes blocks of one file from fileconsumer. It blocks while too much is in
// flight. It never fails: fileconsumer would log the error and move on anyway, and
// what is not delivered holds back the checkpoint.
func (f *fileInput) emit(_ context.Context, blocks [][]byte, attributes map[string]any, _ int64, offsets []int64) error {
	id, known := attributes[fileIDKey].(string)
	if !known {
		id = strconv.FormatInt(f.nextID.Add(1), 36)
		attributes[fileIDKey] = id
	}
	s := f.checkpoints.find(id)
	if s == nil {
		s = newSource(transportFile, f.origin(attributes), int(f.cfg.MaxLogSize), f.decoders, f.delivery)
	}
	path, _ := attributes[attrs.LogFilePath].(string)

	s.mu.Lock()
	defer s.mu.Unlock()
	cp := f.checkpoints.track(id, s, path, offsets[0], blocks[0])
	offset := cp.base + offsets[0]
	if offset != s.end && (!cp.compressed || offset > s.end) {
		s.restart(offset)
	}
	s.read.Store(max(s.end, cp.base+offsets[len(blocks)]))
	for _, block := range blocks {
		// Of a file that was compressed, a part may have been read before.
		known := min(max(s.end-offset, 0), int64(len(block)))
		offset += int64(len(block))
		if known < int64(len(block)) && !s.write(block[known:]) {
			return nil
		}
	}
	s.handOver()
	return nil
}

func (f *fileInput) origin(attributes map[string]any) (origin minalog.Origin) {
	if f.cfg.IncludeFileName {
		origin.FileName, _ = attributes[attrs.LogFileName].(string)
	}
	if f.cfg.IncludeFilePath {
		origin.FilePath, _ = attributes[attrs.LogFilePath].(string)
	}
	return origin
}
