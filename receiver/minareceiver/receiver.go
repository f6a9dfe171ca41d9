package minareceiver

import (
	"context"
	"errors"
	"sync"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/receiver"

	"github.com/mina-observability/otelcol-mina/internal/minalog"
)

// input is one way in. Start must not block, and Shutdown must let go of
// everything that delivery has not answered for.
type input interface {
	Start(context.Context, component.Host) error
	Shutdown(context.Context) error
}

// minaReceiver runs the inputs that are configured.
type minaReceiver struct {
	inputs   []input
	delivery *delivery
	counters *counters
}

func newReceiver(set receiver.Settings, cfg *Config, next consumer.Logs) (*minaReceiver, error) {
	counters, err := newCounters(set.TelemetrySettings)
	if err != nil {
		return nil, err
	}
	r := &minaReceiver{counters: counters}
	decoders := newDecoders(&cfg.Config)
	if r.delivery, err = newDelivery(set, cfg, next, decoders, counters); err != nil {
		return nil, err
	}
	if cfg.File.HasValue() {
		in, err := newFileInput(set, cfg.File.Get(), decoders.get(), r.delivery)
		if err != nil {
			return nil, err
		}
		r.inputs = append(r.inputs, in)
	}
	if cfg.HTTP.HasValue() {
		in, err := newHTTPInput(set, cfg.HTTP.Get(), decoders, next, counters)
		if err != nil {
			return nil, err
		}
		r.inputs = append(r.inputs, in)
	}
	if cfg.Stdin.HasValue() {
		alone := !cfg.File.HasValue() && !cfg.HTTP.HasValue()
		r.inputs = append(r.inputs, newStdinInput(set, cfg.Stdin.Get(), decoders.get(), r.delivery, alone))
	}
	return r, nil
}

// Start starts every input, or none.
func (r *minaReceiver) Start(ctx context.Context, host component.Host) error {
	r.delivery.start(host)
	for i, in := range r.inputs {
		if err := in.Start(ctx, host); err != nil {
			errs := []error{err}
			for _, started := range r.inputs[:i] {
				errs = append(errs, started.Shutdown(ctx))
			}
			r.delivery.stop()
			return errors.Join(errs...)
		}
	}
	return nil
}

// Shutdown stops delivery first, so that no input waits for an answer.
func (r *minaReceiver) Shutdown(ctx context.Context) error {
	r.delivery.stop()
	var errs []error
	for _, in := range r.inputs {
		errs = append(errs, in.Shutdown(ctx))
	}
	r.counters.shutdown()
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

// decoders lends decoders, which keep buffers, to whoever has lines at hand.
type decoders struct{ pool sync.Pool }

func newDecoders(cfg *minalog.Config) *decoders {
	return &decoders{pool: sync.Pool{New: func() any {
		decoder, err := minalog.NewDecoder(cfg)
		if err != nil {
			panic(err) // the configuration has been validated
		}
		return decoder
	}}}
}

func (d *decoders) get() *minalog.Decoder        { return d.pool.Get().(*minalog.Decoder) }
func (d *decoders) put(decoder *minalog.Decoder) { d.pool.Put(decoder) }
