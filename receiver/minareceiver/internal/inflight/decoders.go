package inflight

import (
	"sync"

	"github.com/mina-observability/otelcol-mina/internal/minalog"
)

// Decoders lends decoders, which keep buffers, to whoever has lines at hand.
type Decoders struct{ pool sync.Pool }

// NewDecoders returns decoders of a configuration that has been validated.
func NewDecoders(cfg *minalog.Config) *Decoders {
	return &Decoders{pool: sync.Pool{New: func() any {
		decoder, err := minalog.NewDecoder(cfg)
		if err != nil {
			panic(err)
		}
		return decoder
	}}}
}

// Get lends a decoder.
func (d *Decoders) Get() *minalog.Decoder { return d.pool.Get().(*minalog.Decoder) }

// Put takes a decoder back.
func (d *Decoders) Put(decoder *minalog.Decoder) { d.pool.Put(decoder) }
