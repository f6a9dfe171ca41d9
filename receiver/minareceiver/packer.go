package minareceiver

import (
	"context"
	"time"

	"github.com/mina-observability/otelcol-mina/internal/minalog"
)

// batchSize is the length in bytes of log text from which on a batch is handed over.
const batchSize = 384 << 10

// packer decodes the text of sources and hands it over in batches. It must not be
// used by several goroutines at once.
type packer struct {
	transport string
	decoder   *minalog.Decoder
	delivery  *delivery

	batch *minalog.Batch
	size  int64
	// sources are those that the batch has text of.
	sources []*source
}

func newPacker(transport string, decoder *minalog.Decoder, delivery *delivery) *packer {
	return &packer{transport: transport, decoder: decoder, delivery: delivery}
}

// full reports whether it is time to hand over.
func (p *packer) full() bool { return p.size >= batchSize }

// empty reports whether there is nothing to hand over.
func (p *packer) empty() bool { return len(p.sources) == 0 }

func (p *packer) open(s *source) {
	if p.batch == nil {
		p.batch = minalog.NewBatch(time.Now())
	}
	if !s.packed {
		s.packed = true
		p.sources = append(p.sources, s)
	}
}

// write decodes a block of lines of a source.
func (p *packer) write(s *source, block string) {
	p.open(s)
	s.stream.Write(p.decoder, p.batch, block)
	s.text = append(s.text, block)
	s.end += int64(len(block))
	s.written = time.Now()
	p.size += int64(len(block))
}

// flush decodes what of a source waits for more lines.
func (p *packer) flush(s *source) {
	if s.stream.Pending() > 0 {
		p.open(s)
		s.stream.Flush(p.decoder, p.batch)
	}
}

// handOver submits the records that are complete. While too much is in flight it
// waits, but not longer than the context; then it has to be called again. It
// returns false if nothing was handed over.
func (p *packer) handOver(ctx context.Context) bool {
	if p.empty() {
		return true
	}
	if !p.delivery.reserve(ctx, p.size) {
		return false
	}
	parcel := &parcel{transport: p.transport, batch: p.batch, size: p.size, pieces: make([]piece, len(p.sources))}
	for i, s := range p.sources {
		parcel.pieces[i] = s.handOver()
		s.packed = false
	}
	p.batch, p.size = nil, 0
	clear(p.sources)
	p.sources = p.sources[:0]
	p.delivery.submit(parcel)
	return true
}
