package minareceiver

import (
	"bytes"
	"sync"
	"sync/atomic"
	"time"

	"github.com/mina-observability/otelcol-mina/internal/minalog"
)

// batchSize is the length in bytes of log text from which on a batch is handed over.
const batchSize = 512 << 10

// source decodes the text of one file, or of standard input, and hands it over in
// batches.
type source struct {
	transport string
	origin    minalog.Origin
	limit     int
	decoders  *decoders
	delivery  *delivery
	ledger    ledger
	// acknowledged is called when delivery has got further.
	acknowledged func()
	// read is the offset behind what has been read.
	read atomic.Int64

	mu     sync.Mutex
	stream *minalog.Stream
	// end is the offset behind what has been written.
	end     int64
	written time.Time
	batch   *minalog.Batch
	// text is what the stream has been given since the last batch, and before that
	// what was not complete then. Its blocks are never changed.
	text [][]byte
	size int64
}

func newSource(transport string, origin minalog.Origin, limit int, decoders *decoders, delivery *delivery) *source {
	return &source{
		transport: transport, origin: origin, limit: limit, decoders: decoders, delivery: delivery,
		acknowledged: func() {},
		stream:       minalog.NewStream(origin, limit),
	}
}

// delivered reports whether everything that has been read is delivered.
func (s *source) delivered() bool { return s.ledger.acknowledged() == s.read.Load() }

// restart goes on at another offset, as after a truncation.
func (s *source) restart(offset int64) {
	s.ledger.restart(offset)
	s.stream = minalog.NewStream(s.origin, s.limit)
	s.read.Store(offset)
	s.end, s.text, s.size, s.batch = offset, nil, 0, nil
}

// write decodes a block, which the source keeps. It returns false if the
// receiver stops.
func (s *source) write(block []byte) bool {
	decoder := s.decoders.get()
	s.stream.Write(decoder, s.openBatch(), block)
	s.decoders.put(decoder)
	s.text = append(s.text, block)
	s.size += int64(len(block))
	s.end += int64(len(block))
	s.written = time.Now()
	return s.size < batchSize || s.handOver()
}

func (s *source) openBatch() *minalog.Batch {
	if s.batch == nil {
		s.batch = minalog.NewBatch(time.Now())
	}
	return s.batch
}

// flush hands over everything, also what waits for more lines.
func (s *source) flush() {
	if s.stream.Pending() > 0 {
		decoder := s.decoders.get()
		s.stream.Flush(decoder, s.openBatch())
		s.decoders.put(decoder)
	}
	s.handOver()
}

// flushIdle flushes if nothing was written for the given time.
func (s *source) flushIdle(after time.Duration) {
	if !s.mu.TryLock() {
		return // it is being written to
	}
	defer s.mu.Unlock()
	if s.stream.Pending() > 0 && time.Since(s.written) >= after {
		s.flush()
	}
}

// handOver submits the records that are complete. It returns false if the
// receiver stops.
func (s *source) handOver() bool {
	if s.size == 0 && (s.batch == nil || s.batch.Len() == 0) {
		return true
	}
	pending := s.stream.Pending()
	span := s.ledger.begin(s.end - pending)
	text, batch, size := s.text, s.openBatch(), s.size
	s.text, s.batch, s.size = lastBytes(text, pending), nil, 0
	if batch.Len() == 0 {
		s.delivery.counters.count(s.delivery.offering, s.transport, batch, size)
		s.finish(span)
		return true
	}
	return s.delivery.submit(&parcel{
		transport: s.transport,
		batch:     batch,
		size:      size,
		again:     func() *minalog.Batch { return s.decode(text, pending == 0) },
		done:      func() { s.finish(span) },
	})
}

func (s *source) finish(span *span) {
	s.ledger.finish(span)
	s.acknowledged()
}

// decode reads the text of one batch once more. If all of it belonged to the
// batch, nothing waits for more lines.
func (s *source) decode(text [][]byte, all bool) *minalog.Batch {
	decoder := s.decoders.get()
	defer s.decoders.put(decoder)
	batch := minalog.NewBatch(time.Now())
	stream := minalog.NewStream(s.origin, s.limit)
	for _, block := range text {
		stream.Write(decoder, batch, block)
	}
	if all {
		stream.Flush(decoder, batch)
	}
	return batch
}

// wholeLines returns where the whole lines of a block end. What is longer than the
// limit counts as one.
func wholeLines(block []byte, limit int) (end int) {
	if end = bytes.LastIndexByte(block, '\n') + 1; end == 0 && len(block) >= limit {
		return limit
	}
	return end
}

// lastBytes returns the blocks that hold the last n bytes of the text.
func lastBytes(text [][]byte, n int64) [][]byte {
	if n == 0 {
		return nil
	}
	for i := len(text) - 1; i >= 0; i-- {
		if size := int64(len(text[i])); size < n {
			n -= size
			continue
		}
		last := append([][]byte{text[i][int64(len(text[i]))-n:]}, text[i+1:]...)
		return last
	}
	return text
}
