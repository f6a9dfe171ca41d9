package minareceiver

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/stanza/adapter"
	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/stanza/fileconsumer/matcher"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/extension/xextension/storage"
	"go.opentelemetry.io/collector/receiver"
	"go.uber.org/zap"

	"github.com/mina-observability/otelcol-mina/internal/minalog"
)

// fileInput tails files.
type fileInput struct {
	cfg     *FileConfig
	set     receiver.Settings
	matcher *matcher.Matcher
	packer  *packer

	storage     storage.Client
	checkpoints *checkpoints
	stop        context.CancelFunc
	work        sync.WaitGroup
}

func newFileInput(set receiver.Settings, cfg *FileConfig, decoder *minalog.Decoder, delivery *delivery) (*fileInput, error) {
	files, err := matcher.New(matcher.Criteria{Include: cfg.Include, Exclude: cfg.Exclude})
	if err != nil {
		return nil, fmt.Errorf("file: %w", err)
	}
	return &fileInput{cfg: cfg, set: set, matcher: files, packer: newPacker(transportFile, decoder, delivery)}, nil
}

// Start begins to tail.
func (f *fileInput) Start(ctx context.Context, host component.Host) error {
	client, err := adapter.GetStorageClient(ctx, host, f.cfg.Storage, f.set.ID)
	if err != nil {
		return fmt.Errorf("file.storage: %w", err)
	}
	f.storage = client
	f.checkpoints = newCheckpoints(client, f.set.Logger)
	points, err := f.checkpoints.load(ctx)
	if err != nil {
		return errors.Join(fmt.Errorf("file.storage: %w", err), client.Close(ctx))
	}
	f.warnOfNothing()
	t := &tailer{
		cfg: f.cfg, logger: f.set.Logger, matcher: f.matcher, packer: f.packer, checkpoints: f.checkpoints,
		files: map[fileID]*tailedFile{}, buffer: make([]byte, blockSize), troubled: map[string]bool{},
		scanned: len(points) > 0,
	}
	t.restore(points)
	working, stop := context.WithCancel(context.Background())
	f.stop = stop
	f.work.Go(func() { t.run(working) })
	f.work.Go(func() { f.checkpoints.keep(working) })
	return nil
}

// warnOfNothing says so if there is no file to read yet, since a wrong pattern or
// a directory that may not be read look like a quiet application.
func (f *fileInput) warnOfNothing() {
	if found, _ := f.matcher.MatchFiles(); len(found) == 0 {
		f.set.Logger.Warn("No file matches file.include, or its directory may not be read; looking again at every poll", zap.Strings("include", f.cfg.Include))
	}
}

// Shutdown stops reading and saves the last checkpoints.
func (f *fileInput) Shutdown(ctx context.Context) error {
	if f.stop == nil {
		return nil // never started
	}
	f.stop()
	f.work.Wait()
	_ = f.checkpoints.save(ctx) // which has been reported
	return f.storage.Close(ctx)
}
