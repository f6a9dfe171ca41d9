package minareceiver

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/stanza/adapter"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/extension/xextension/storage"
	"go.opentelemetry.io/collector/receiver"

	"github.com/mina-observability/otelcol-mina/internal/minalog"
	"github.com/mina-observability/otelcol-mina/receiver/minareceiver/internal/checkpoint"
	"github.com/mina-observability/otelcol-mina/receiver/minareceiver/internal/inflight"
	"github.com/mina-observability/otelcol-mina/receiver/minareceiver/internal/tail"
)

// fileInput tails files.
type fileInput struct {
	cfg    *tail.Config
	set    receiver.Settings
	tailer *tail.Tailer

	client storage.Client
	store  *checkpoint.Store
	stop   context.CancelFunc
	work   sync.WaitGroup
}

func newFileInput(set receiver.Settings, cfg *Config, decoder *minalog.Decoder, sender *inflight.Sender) *fileInput {
	f := &fileInput{cfg: cfg.File.Get(), set: set}
	f.tailer = tail.New(f.cfg, set.Logger, inflight.NewBatcher(inflight.TransportFile, decoder, sender))
	if cfg.IncludeRecordUID {
		f.tailer.IdentifyTexts()
	}
	return f
}

// Start begins to tail.
func (f *fileInput) Start(ctx context.Context, host component.Host) error {
	client, err := adapter.GetStorageClient(ctx, host, f.cfg.Storage, f.set.ID)
	if err != nil {
		return fmt.Errorf("file.storage: %w", err)
	}
	f.client, f.store = client, checkpoint.NewStore(client, f.set.Logger)
	if err := f.tailer.Restore(ctx, f.store); err != nil {
		return errors.Join(fmt.Errorf("file.storage: %w", err), client.Close(ctx))
	}
	working, stop := context.WithCancel(context.Background())
	f.stop = stop
	f.work.Go(func() { f.tailer.Run(working) })
	f.work.Go(func() { f.store.Keep(working) })
	return nil
}

// Shutdown stops reading and saves the last checkpoints.
func (f *fileInput) Shutdown(ctx context.Context) error {
	if f.stop == nil {
		return nil // never started
	}
	f.stop()
	f.work.Wait()
	_ = f.store.Save(ctx) // which has been reported
	return f.client.Close(ctx)
}
