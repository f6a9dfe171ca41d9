package inflight

import (
	"bytes"
	"time"

	"github.com/mina-observability/otelcol-mina/internal/minalog"
	"github.com/mina-observability/otelcol-mina/receiver/minareceiver/internal/checkpoint"
)

// Source is the text of one file, or of standard input, on its way into batches.
type Source struct {
	origin minalog.Origin
	limit  int
	acks   *checkpoint.Acks
	// acknowledged is called when delivery has got further.
	acknowledged func()

	stream  *minalog.Stream
	written time.Time
	// mark is the offset that had been written to at a time, to tell who has written nothing since.
	mark   int64
	marked time.Time
	// text is what the stream has been given since the last batch, and before that
	// what was not complete then. tail is the end of what comes before it.
	text []block
	tail []byte
	// cuts is how the stream stood where the text begins.
	cuts minalog.Cuts
	// ended says that no more will come.
	ended bool
	// batched says that the batch at hand has text of this source.
	batched bool
}

// NewSource returns a source whose text begins at a position. Its records are at
// most limit bytes long.
func NewSource(origin minalog.Origin, limit int, from checkpoint.Position) *Source {
	stream := minalog.NewStream(origin, limit)
	stream.StartAt(from.Offset)
	return &Source{
		origin: origin, limit: limit, acks: checkpoint.NewAcks(from), acknowledged: func() {},
		stream: stream, cuts: stream.Cuts(),
	}
}

// block is a part of a source's text, and the length of the hole behind it.
type block struct {
	text string
	hole int64
}

// OnAcknowledged has a function called whenever delivery has got further.
func (s *Source) OnAcknowledged(do func()) { s.acknowledged = do }

// Follows says which text comes before the first that will be written. Of that no
// more than a fingerprint takes is kept.
func (s *Source) Follows(tail []byte) {
	s.tail = bytes.Clone(tail[max(0, len(tail)-checkpoint.FingerprintSize):])
	s.stream.ResumeBehind(tail)
	s.cuts = s.stream.Cuts()
}

// Acks returns how far the source is delivered.
func (s *Source) Acks() *checkpoint.Acks { return s.acks }

// Offset returns how far the source has been written.
func (s *Source) Offset() int64 { return s.stream.Offset() }

// Pending reports whether lines have been written that wait for more.
func (s *Source) Pending() bool { return s.stream.Pending() > 0 }

// Before returns the last bytes before the offset, as many as a fingerprint takes.
func (s *Source) Before() []byte { return s.before(0) }

// before returns the last bytes of the text before its last n bytes.
func (s *Source) before(n int64) []byte {
	const size = checkpoint.FingerprintSize
	tail := make([]byte, 0, 2*size)
	for i := len(s.text) - 1; i >= 0 && len(tail) < size; i-- {
		block := s.text[i].text
		if n >= int64(len(block)) {
			n -= int64(len(block))
			continue
		}
		block = block[:int64(len(block))-n]
		n = 0
		tail = prepend(tail, block[max(0, len(block)-size+len(tail)):])
	}
	return prepend(tail, string(s.tail[max(0, len(s.tail)-size+len(tail)):]))
}

func prepend(tail []byte, text string) []byte { return append([]byte(text), tail...) }

// handOver ends a batch: what is complete belongs to it, and what is not waits for
// the next one.
func (s *Source) handOver() part {
	pending := s.stream.Pending()
	tail := s.before(pending)
	p := part{
		source: s, text: s.text, cuts: s.cuts, next: s.stream.Cuts(), pending: pending, ended: s.ended,
		ack: s.acks.Expect(checkpoint.Position{Offset: s.Offset() - pending, Tail: checkpoint.FingerprintOf(tail)}),
	}
	s.text, s.tail, s.cuts = lastBytes(s.text, pending), tail, p.next
	return p
}

// WholeLines returns where the whole lines of a block end. What is longer than the
// limit counts as one.
func WholeLines[T string | []byte](block T, limit int) (end int) {
	for end = len(block); end > 0 && block[end-1] != '\n'; {
		end--
	}
	if end == 0 && len(block) >= limit {
		return limit
	}
	return end
}

// lastBytes returns the blocks that hold the last n bytes of the text.
func lastBytes(text []block, n int64) []block {
	if n == 0 {
		return nil
	}
	for i := len(text) - 1; i >= 0; i-- {
		size := int64(len(text[i].text))
		if size >= n {
			return append([]block{{text: text[i].text[size-n:]}}, text[i+1:]...)
		}
		n -= size
	}
	return text
}
