package destination

import (
	"bytes"
	"sync"

	"github.com/klauspost/compress/gzip"
	"go.opentelemetry.io/collector/config/configcompression"
)

// gzipper compresses with gzip here, where others leave it to the HTTP client: that has
// the standard library's, which takes 1.6 times the time (docs/decisions/006-gzip.md).
type gzipper struct {
	writers sync.Pool
}

func newGzipper(params configcompression.CompressionParams) *gzipper {
	level := int(params.Level)
	if level == 0 {
		level = gzip.BestSpeed
	}
	g := &gzipper{}
	g.writers.New = func() any {
		writer, err := gzip.NewWriterLevel(nil, level)
		if err != nil { // confighttp has checked the level
			writer = gzip.NewWriter(nil)
		}
		return writer
	}
	return g
}

// compress returns the compressed text. Its memory is not used again: the transport
// may read a body for longer than the request lasts.
func (g *gzipper) compress(text []byte) ([]byte, error) {
	compressed := bytes.NewBuffer(make([]byte, 0, len(text)/4))
	writer := g.writers.Get().(*gzip.Writer)
	defer g.writers.Put(writer)
	writer.Reset(compressed)
	if _, err := writer.Write(text); err != nil {
		return nil, err
	}
	if err := writer.Close(); err != nil {
		return nil, err
	}
	return compressed.Bytes(), nil
}
