package inflight

import (
	"time"

	"github.com/mina-observability/otelcol-mina/internal/minalog"
	"github.com/mina-observability/otelcol-mina/internal/turn"
	"github.com/mina-observability/otelcol-mina/receiver/minareceiver/internal/checkpoint"
)

// batch is on its way to the next consumer.
type batch struct {
	transport string
	records   *minalog.Batch
	// size is the length in bytes of the text that the records were decoded from.
	size int64
	// read is when the first of it was.
	read  time.Time
	parts []part
	// turn is its place among the batches in flight.
	turn *turn.Turn
}

// part is what of a batch comes from one source.
type part struct {
	source *Source
	text   []block
	// cuts is how the stream stood where the text begins, and next where what was not
	// complete does.
	cuts, next minalog.Cuts
	// pending is how much of the text, at its end, waited for more lines.
	pending int64
	// ended says that none will come.
	ended bool
	ack   *checkpoint.Ack
}

// again decodes the text once more. A consumer that refuses a batch may have
// changed it, or have taken its records apart, so the same one is never offered twice.
func (b *batch) again(decoders *Decoders) *minalog.Batch {
	decoder := decoders.Get()
	defer decoders.Put(decoder)
	records := minalog.NewBatch(time.Now())
	for i := range b.parts {
		b.parts[i].decode(decoder, records)
	}
	return records
}

// delivered says that the next consumer has taken the batch.
func (b *batch) delivered() {
	for _, p := range b.parts {
		p.source.acks.Done(p.ack)
		p.source.acknowledged()
	}
}

func (p *part) decode(decoder *minalog.Decoder, records *minalog.Batch) {
	stream := minalog.NewStream(p.source.origin, p.source.limit)
	stream.Resume(p.cuts)
	for _, block := range p.text {
		stream.Write(decoder, records, block.text)
		stream.Skip(block.hole)
	}
	switch {
	case p.ended:
		stream.End(decoder, records)
	case p.pending == 0:
		stream.Flush(decoder, records)
	default:
		stream.FlushUpTo(decoder, records, &p.next)
	}
}
