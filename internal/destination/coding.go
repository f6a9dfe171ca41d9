package destination

import (
	"context"
	"net/http"
	"strings"
	"sync/atomic"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/config/configcompression"
	"go.opentelemetry.io/collector/config/confighttp"
	"go.uber.org/zap"
)

// none is the name of the coding that does not compress.
const none = "none"

// coding is a way to compress bodies.
type coding struct {
	name configcompression.Type
	// http is the client, which compresses where gzip is nil.
	http *http.Client
	gzip *gzipper
}

// codings are the configured coding and those that are tried where a destination does
// not know it: gzip, and then none.
type codings struct {
	all     []coding
	current atomic.Int32
	logger  *zap.Logger
}

func newCodings(ctx context.Context, cfg confighttp.ClientConfig, host component.Host, set component.TelemetrySettings) (*codings, error) {
	plain := cfg
	plain.Compression, plain.CompressionParams = "", configcompression.CompressionParams{}
	uncompressed, err := newHTTPClient(ctx, plain, host, set)
	if err != nil {
		return nil, err
	}
	last := coding{name: none, http: uncompressed}
	c := &codings{all: []coding{last}, logger: set.Logger}
	if !cfg.Compression.IsCompressed() {
		return c, nil
	}
	if cfg.Compression == configcompression.TypeGzip {
		c.all = []coding{{name: cfg.Compression, http: uncompressed, gzip: newGzipper(cfg.CompressionParams)}, last}
		return c, nil
	}
	compressing, err := newHTTPClient(ctx, cfg, host, set)
	if err != nil {
		return nil, err
	}
	second := coding{name: configcompression.TypeGzip, http: uncompressed, gzip: newGzipper(configcompression.CompressionParams{})}
	c.all = []coding{{name: cfg.Compression, http: compressing}, second, last}
	return c, nil
}

// newHTTPClient returns a client that follows no redirect and sets no timeout.
func newHTTPClient(ctx context.Context, cfg confighttp.ClientConfig, host component.Host, set component.TelemetrySettings) (*http.Client, error) {
	cfg.Timeout = 0 // each request has its own
	client, err := cfg.ToClient(ctx, host.GetExtensions(), set)
	if err != nil {
		return nil, secrets{}.scrubError(err)
	}
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return client, nil
}

// now returns the coding that requests have for now, and its number.
func (c *codings) now() (*coding, int32) {
	i := c.current.Load()
	return &c.all[i], i
}

// next passes on from a coding that the destination does not know, and reports whether
// there is another one. After the last comes the first again.
func (c *codings) next(unknown int32) bool {
	following := (unknown + 1) % int32(len(c.all))
	if c.current.CompareAndSwap(unknown, following) && following != 0 {
		c.logger.Warn("The destination does not know the compression; going on with another one",
			zap.String("compression", string(c.all[unknown].name)), zap.String("instead", string(c.all[following].name)))
	}
	return following != 0
}

// isUnknown reports whether an answer refuses a request for its coding. Some say so with 400.
func (c *coding) isUnknown(answer *Answer) bool {
	switch answer.Status {
	case http.StatusUnsupportedMediaType:
		return true
	case http.StatusBadRequest, http.StatusNotAcceptable:
		text := strings.ToLower(answer.message())
		return c.name != none && strings.Contains(text, "unsupported") && (strings.Contains(text, "encoding") || strings.Contains(text, string(c.name)))
	}
	return false
}

func (c *codings) close() {
	for _, coding := range c.all {
		coding.http.CloseIdleConnections()
	}
}

// encode compresses a body, unless the client does.
func (c *coding) encode(body []byte, header http.Header) ([]byte, error) {
	if c.gzip == nil {
		return body, nil
	}
	header.Set("Content-Encoding", "gzip")
	return c.gzip.compress(body)
}
