package losslessotlphttpexporter

import (
	"bytes"
	"sync"

	"github.com/klauspost/compress/gzip"
	"go.opentelemetry.io/collector/config/configcompression"
	"go.opentelemetry.io/collector/config/confighttp"
)

// compressor compresses with gzip here, where others leave it to the HTTP client: that
// has the standard library's, which takes 1.6 times the time (docs/decisions/006-gzip.md).
type compressor struct {
	writers sync.Pool
}

// newCompressor takes gzip out of the client's configuration. It returns nil where
// that asks for something else.
func newCompressor(client *confighttp.ClientConfig) *compressor {
	if client.Compression != configcompression.TypeGzip {
		return nil
	}
	level := int(client.CompressionParams.Level)
	if level == 0 {
		level = gzip.BestSpeed
	}
	client.Compression, client.CompressionParams = "", configcompression.CompressionParams{}
	c := &compressor{}
	c.writers.New = func() any {
		writer, err := gzip.NewWriterLevel(nil, level)
		if err != nil { // confighttp has checked the level
			writer = gzip.NewWriter(nil)
		}
		return writer
	}
	return c
}

// compress returns the compressed text. Its memory is not used again: the transport
// may read a body for longer than the request lasts.
func (c *compressor) compress(text []byte) ([]byte, error) {
	compressed := bytes.NewBuffer(make([]byte, 0, len(text)/4))
	writer := c.writers.Get().(*gzip.Writer)
	defer c.writers.Put(writer)
	writer.Reset(compressed)
	if _, err := writer.Write(text); err != nil {
		return nil, err
	}
	if err := writer.Close(); err != nil {
		return nil, err
	}
	return compressed.Bytes(), nil
}
