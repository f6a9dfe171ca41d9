package minareceiver

import (
	"context"
	"errors"
	"slices"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/receiver"

	"github.com/mina-observability/otelcol-mina/internal/destination"
	"github.com/mina-observability/otelcol-mina/internal/minalog"
	"github.com/mina-observability/otelcol-mina/receiver/minareceiver/internal/inflight"
	"github.com/mina-observability/otelcol-mina/receiver/minareceiver/internal/metadata"
	"github.com/mina-observability/otelcol-mina/receiver/minareceiver/internal/tail"
)

// input is one way in. Start must not block, and Shutdown must let go of
// everything that has not been answered for.
type input interface {
	Start(context.Context, component.Host) error
	Shutdown(context.Context) error
}

// minaReceiver runs the inputs that are configured.
type minaReceiver struct {
	// inputs hand their records to the sender.
	inputs []input
	// http offers them itself. It is nil where it is not configured.
	http      input
	sender    *inflight.Sender
	telemetry *metadata.TelemetryBuilder
}

func newReceiver(set receiver.Settings, cfg *Config, next consumer.Logs) (*minaReceiver, error) {
	telemetry, err := metadata.NewTelemetryBuilder(set.TelemetrySettings)
	if err != nil {
		return nil, err
	}
	cfg = withinDescriptors(*cfg, set.Logger)
	counters, decoders := inflight.NewCounters(telemetry), inflight.NewDecoders(&cfg.Config)
	sender, err := inflight.NewSender(set, cfg.InFlight, next, decoders, counters)
	if err != nil {
		return nil, err
	}
	r := &minaReceiver{sender: sender, telemetry: telemetry}
	measures := newMeasures(telemetry, set.ID)
	var files *tail.Tailer
	if cfg.File.HasValue() {
		in := newFileInput(set, cfg, decoders.Get(), sender)
		files = in.tailer
		if err := measures.ofFiles(files); err != nil {
			return nil, err
		}
		r.inputs = append(r.inputs, in)
	}
	if cfg.HTTP.HasValue() {
		in, err := newHTTPInput(set, cfg.HTTP.Get(), decoders, next, counters)
		if err != nil {
			return nil, err
		}
		r.http = in
	}
	if cfg.Stdin.HasValue() {
		alone := !cfg.File.HasValue() && !cfg.HTTP.HasValue()
		if alone && cfg.Format == minalog.FormatOTLPJSON {
			destination.SendAgain()
		}
		r.inputs = append(r.inputs, newStdinInput(set, cfg, decoders.Get(), sender, alone))
	}
	return r, measures.ofInFlight(sender, files)
}

// Start starts every input, or none.
func (r *minaReceiver) Start(ctx context.Context, host component.Host) error {
	r.sender.Start(host)
	inputs := r.inputs
	if r.http != nil {
		inputs = append(slices.Clip(inputs), r.http)
	}
	for i, in := range inputs {
		if err := in.Start(ctx, host); err != nil {
			errs := []error{err}
			for _, started := range inputs[:i] {
				errs = append(errs, started.Shutdown(ctx))
			}
			r.sender.Stop()
			return errors.Join(errs...)
		}
	}
	return nil
}

// Shutdown stops the sender before its inputs, so that none of them waits for an answer.
// HTTP waits for its own answers at the same time.
func (r *minaReceiver) Shutdown(ctx context.Context) error {
	stopped := make(chan error, 1)
	go func() {
		if r.http == nil {
			stopped <- nil
			return
		}
		stopped <- r.http.Shutdown(ctx)
	}()
	r.sender.Stop()
	var errs []error
	for _, in := range r.inputs {
		errs = append(errs, in.Shutdown(ctx))
	}
	errs = append(errs, <-stopped)
	r.telemetry.Shutdown()
	return errors.Join(errs...)
}

// every calls do at intervals until done is closed.
func every(done <-chan struct{}, interval time.Duration, do func()) {
	ticker := time.NewTicker(interval)
	defer ticker.Stop()
	for {
		select {
		case <-done:
			return
		case <-ticker.C:
			do()
		}
	}
}
