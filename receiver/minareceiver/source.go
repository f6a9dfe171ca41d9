package minareceiver

import (
	"time"

	"github.com/mina-observability/otelcol-mina/internal/minalog"
)

// source is the text of one file, or of standard input, on its way into batches.
type source struct {
	origin minalog.Origin
	limit  int
	ledger ledger
	// acknowledged is called when delivery has got further.
	acknowledged func()

	stream *minalog.Stream
	// end is the offset behind what has been written.
	end     int64
	written time.Time
	// text is what the stream has been given since the last batch, and before that
	// what was not complete then. tail is the end of what comes before it.
	text []string
	tail []byte
	// packed says that the batch at hand has text of this source.
	packed bool
}

// newSource returns a source that begins at a position, whose tail is known.
func newSource(origin minalog.Origin, limit int, offset int64, tail []byte) *source {
	s := &source{
		origin: origin, limit: limit, acknowledged: func() {},
		stream: minalog.NewStream(origin, limit), end: offset, tail: tail,
	}
	s.ledger.acked = position{offset, markOf(tail)}
	return s
}

// before returns the last bytes of the text, up to markSize, before its last n bytes.
func (s *source) before(n int64) []byte {
	tail := make([]byte, 0, 2*markSize)
	for i := len(s.text) - 1; i >= 0 && len(tail) < markSize; i-- {
		block := s.text[i]
		if n >= int64(len(block)) {
			n -= int64(len(block))
			continue
		}
		block = block[:int64(len(block))-n]
		n = 0
		tail = prepend(tail, block[max(0, len(block)-markSize+len(tail)):])
	}
	return prepend(tail, string(s.tail[max(0, len(s.tail)-markSize+len(tail)):]))
}

func prepend(tail []byte, text string) []byte { return append([]byte(text), tail...) }

// handOver ends a batch: what is complete belongs to it, and what is not waits for
// the next one.
func (s *source) handOver() piece {
	pending := s.stream.Pending()
	tail := s.before(pending)
	p := piece{
		source: s, text: s.text, whole: pending == 0,
		span: s.ledger.begin(position{s.end - pending, markOf(tail)}),
	}
	s.text, s.tail = lastBytes(s.text, pending), tail
	return p
}

// piece is the part of a batch that comes from one source.
type piece struct {
	source *source
	text   []string
	// whole says that nothing of the text waits for more lines.
	whole bool
	span  *span
}

func (p *piece) finish() {
	p.source.ledger.finish(p.span)
	p.source.acknowledged()
}

// decode reads the text once more.
func (p *piece) decode(decoder *minalog.Decoder, batch *minalog.Batch) {
	stream := minalog.NewStream(p.source.origin, p.source.limit)
	for _, block := range p.text {
		stream.Write(decoder, batch, block)
	}
	if p.whole {
		stream.Flush(decoder, batch)
	}
}

// wholeLines returns where the whole lines of a block end. What is longer than the
// limit counts as one.
func wholeLines[T string | []byte](block T, limit int) (end int) {
	for end = len(block); end > 0 && block[end-1] != '\n'; {
		end--
	}
	if end == 0 && len(block) >= limit {
		return limit
	}
	return end
}

// lastBytes returns the blocks that hold the last n bytes of the text.
func lastBytes(text []string, n int64) []string {
	if n == 0 {
		return nil
	}
	for i := len(text) - 1; i >= 0; i-- {
		size := int64(len(text[i]))
		if size >= n {
			return append([]string{text[i][size-n:]}, text[i+1:]...)
		}
		n -= size
	}
	return text
}
