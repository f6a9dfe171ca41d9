package intake

import (
	"io"
	"sync"
	"time"

	"github.com/klauspost/compress/zstd"
)

const (
	// maxWindow is what RFC 8878 asks of every decoder, and what zstd needs up to its
	// level 19. confighttp's own decoder takes as much memory as the client asks for
	// (docs/decisions/009-zstd.md).
	maxWindow = 8 << 20
	// zstdBodies is how many bodies are decoded at once, each with a window of its own
	// that is taken before anything of it is read.
	zstdBodies = 4
)

// Zstd returns a decoder of bodies that are compressed with zstd. A body waits so long
// for its turn.
func Zstd(wait time.Duration) func(io.ReadCloser) (io.ReadCloser, error) {
	turns := make(chan struct{}, zstdBodies)
	return func(body io.ReadCloser) (io.ReadCloser, error) {
		select {
		case turns <- struct{}{}:
		case <-time.After(wait):
			return nil, ErrBusy
		}
		decoder, err := zstd.NewReader(body, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(maxWindow), zstd.WithDecoderLowmem(true))
		if err != nil {
			<-turns
			return nil, err
		}
		return &zstdBody{ReadCloser: decoder.IOReadCloser(), end: sync.OnceFunc(func() { <-turns })}, nil
	}
}

type zstdBody struct {
	io.ReadCloser
	end func()
}

func (b *zstdBody) Close() error {
	defer b.end()
	return b.ReadCloser.Close()
}
