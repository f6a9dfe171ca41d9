package intake

import (
	"io"

	"github.com/klauspost/compress/zstd"
)

// maxWindow is what RFC 8878 asks of every decoder, and what zstd needs up to its
// level 19. confighttp's own decoder takes as much memory as the client asks for.
const maxWindow = 8 << 20

// Zstd reads a body that is compressed with zstd.
func Zstd(body io.ReadCloser) (io.ReadCloser, error) {
	decoder, err := zstd.NewReader(body, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(maxWindow), zstd.WithDecoderLowmem(true))
	if err != nil {
		return nil, err
	}
	return decoder.IOReadCloser(), nil
}
