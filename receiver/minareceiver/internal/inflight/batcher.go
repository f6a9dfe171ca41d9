package inflight

import (
	"context"
	"strings"
	"time"

	"github.com/mina-observability/otelcol-mina/internal/minalog"
	"github.com/mina-observability/otelcol-mina/receiver/minareceiver/internal/checkpoint"
)

// BlockSize is the length in bytes of the blocks of lines that sources are given.
const BlockSize = 64 << 10

// batchSize is the length in bytes of log text from which on a batch is handed over.
const batchSize = 384 << 10

// Batcher decodes the text of sources and hands it over in batches. It must not be
// used by several goroutines at once.
type Batcher struct {
	transport string
	decoder   *minalog.Decoder
	sender    *Sender

	records *minalog.Batch
	size    int64
	// read is when the first text of the batch was.
	read time.Time
	// sources are those that the batch has text of.
	sources []*Source
}

// NewBatcher returns a batcher for what comes through a transport.
func NewBatcher(transport string, decoder *minalog.Decoder, sender *Sender) *Batcher {
	return &Batcher{transport: transport, decoder: decoder, sender: sender}
}

// Full reports whether it is time to hand over.
func (b *Batcher) Full() bool { return b.size >= batchSize }

// Empty reports whether there is nothing to hand over.
func (b *Batcher) Empty() bool { return len(b.sources) == 0 }

func (b *Batcher) open(s *Source) {
	if b.records == nil {
		b.read = time.Now()
		b.records = minalog.NewBatch(b.read)
	}
	if !s.batched {
		s.batched = true
		b.sources = append(b.sources, s)
	}
}

// Write decodes a block of lines of a source.
func (b *Batcher) Write(s *Source, text string) {
	b.open(s)
	s.stream.Write(b.decoder, b.records, text)
	s.text = append(s.text, block{text: text})
	s.written = time.Now()
	b.size += int64(len(text))
}

// Flush decodes what of a source waits for more lines, which may still come.
func (b *Batcher) Flush(s *Source) {
	if s.Pending() {
		b.open(s)
		s.stream.Flush(b.decoder, b.records)
	}
}

// FlushIdle decodes what of a source has waited for more lines, and reports whether
// there was something. If several write the source, each has its own patience.
func (b *Batcher) FlushIdle(s *Source, patience time.Duration) bool {
	switch {
	case !s.Pending():
		return false
	case time.Since(s.written) >= patience:
		b.Flush(s)
		return true
	case !s.stream.Shared() || time.Since(s.marked) < patience:
		return false
	}
	b.open(s)
	s.stream.FlushIdle(b.decoder, b.records, s.mark)
	s.mark, s.marked = s.Offset(), time.Now()
	return true
}

// End decodes what of a source waits for more lines, of which none will come.
func (b *Batcher) End(s *Source) {
	s.ended = true
	if s.Pending() {
		b.open(s)
		s.stream.End(b.decoder, b.records)
	}
}

// SkipNULs passes over a hole in a source.
func (b *Batcher) SkipNULs(s *Source, n int64) {
	b.Flush(s) // what is open ends there
	kept := min(n, checkpoint.FingerprintSize)
	b.Write(s, strings.Repeat("\x00", int(kept)))
	s.stream.Skip(n - kept)
	s.text[len(s.text)-1].hole = n - kept
	b.records.NULs += n - kept
}

// SkipFile counts the bytes of a file that is no log text.
func (b *Batcher) SkipFile(size int64) {
	b.sender.counters.builder.ReceiverMinaSkippedBytes.Add(context.Background(), size, b.sender.counters.skipped[skippedCompressed])
}

// Lose counts the bytes of a file that are gone and were not read.
func (b *Batcher) Lose(size int64) {
	b.sender.counters.builder.ReceiverMinaLostBytes.Add(context.Background(), size)
}

// HandOver submits the records that are complete. While too much is in flight it
// waits, but not longer than the context; then it has to be called again. It
// returns false if nothing was handed over.
func (b *Batcher) HandOver(ctx context.Context) bool {
	if b.Empty() {
		return true
	}
	if !b.sender.reserve(ctx, b.size) {
		return false
	}
	handed := &batch{transport: b.transport, records: b.records, size: b.size, read: b.read, parts: make([]part, len(b.sources))}
	for i, s := range b.sources {
		handed.parts[i] = s.handOver()
		s.batched = false
	}
	b.records, b.size = nil, 0
	clear(b.sources)
	b.sources = b.sources[:0]
	b.sender.submit(handed)
	return true
}

// Wait blocks until every batch is answered for, or the stop has ended it, and
// returns whether all were taken.
func (b *Batcher) Wait() bool { return b.sender.wait() }
