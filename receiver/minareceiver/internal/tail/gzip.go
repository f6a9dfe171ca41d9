package tail

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"math"
	"os"

	"github.com/mina-observability/otelcol-mina/receiver/minareceiver/internal/checkpoint"
	"github.com/mina-observability/otelcol-mina/receiver/minareceiver/internal/inflight"
)

// gzipReader reads the text of a compressed file (RFC 1952).
type gzipReader struct {
	handle *os.File
	// text goes on at the offset, if it is open.
	text   *gzipText
	offset int64
}

// gzipMagic is how a compressed file begins (RFC 1952, section 2.3.1).
var gzipMagic = []byte{0x1f, 0x8b}

func isGzip(file *os.File) bool {
	start := make([]byte, len(gzipMagic))
	_, err := file.ReadAt(start, 0)
	return err == nil && bytes.Equal(start, gzipMagic)
}

func (r *gzipReader) beginning() ([]byte, error) {
	text, err := openGzip(r.handle)
	if err != nil {
		return nil, err
	}
	start := make([]byte, checkpoint.FingerprintSize)
	n, err := io.ReadFull(text, start)
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		err = text.cut
	}
	return start[:n], err
}

func (r *gzipReader) before(offset, size int64) ([]byte, error) {
	text, err := openGzip(r.handle)
	if err != nil {
		return nil, err
	}
	tail, err := text.skip(offset, size)
	if err == nil {
		r.text, r.offset = text, offset
	}
	return tail, err
}

// next takes also what has no newline at the end of the text for a line.
func (r *gzipReader) next(offset int64, _, buffer []byte, limit int) (string, []byte, error) {
	if r.text == nil || r.offset != offset {
		if _, err := r.before(offset, 0); err != nil {
			return "", buffer, beingCompressed(err)
		}
	}
	for {
		if len(r.text.rest) >= len(buffer) {
			buffer = make([]byte, len(r.text.rest)+inflight.BlockSize)
		}
		rest := copy(buffer, r.text.rest)
		n, err := io.ReadFull(r.text, buffer[rest:])
		text := buffer[:rest+n]
		ended := errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
		if err != nil && !ended {
			return "", buffer, err
		}
		if ended && r.text.cut == nil {
			r.text = nil
			return string(text), buffer, io.EOF
		}
		end := inflight.WholeLines(text, limit)
		r.text.rest = append(r.text.rest[:0], text[end:]...)
		r.offset += int64(end)
		if ended {
			r.text = nil // it has to be opened again to go on
		}
		if end > 0 || ended {
			return string(text[:end]), buffer, nil
		}
	}
}

// A text without an end has no rest: that comes with the end.
func (r *gzipReader) rest(int64, int) (string, error) { return "", nil }

// gzipText is the text of a compressed file from one place on.
type gzipText struct {
	stream *gzip.Reader
	// rest is what was read behind the last whole line.
	rest []byte
	// cut is the error of a file that ends within its compressed text, as one does
	// that is still being written.
	cut error
}

func openGzip(file *os.File) (*gzipText, error) {
	stream, err := gzip.NewReader(io.NewSectionReader(file, 0, math.MaxInt64))
	if err != nil {
		return nil, err
	}
	return &gzipText{stream: stream}, nil
}

// Read reads text, and ends also where the file is cut.
func (g *gzipText) Read(p []byte) (int, error) {
	n, err := g.stream.Read(p)
	if errors.Is(err, io.ErrUnexpectedEOF) {
		g.cut, err = err, io.EOF
	}
	return n, err
}

// skip passes over the text up to an offset and returns so many bytes before it.
func (g *gzipText) skip(offset, size int64) ([]byte, error) {
	text := make([]byte, min(offset, size))
	if _, err := io.CopyN(io.Discard, g, offset-int64(len(text))); err != nil {
		return nil, g.shorter(err)
	}
	if _, err := io.ReadFull(g, text); err != nil {
		return nil, g.shorter(err)
	}
	return text, nil
}

func (g *gzipText) shorter(err error) error {
	if g.cut != nil {
		return g.cut
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return errShorter
	}
	return err
}

// beingCompressed returns no error for a file that is still being compressed.
func beingCompressed(err error) error {
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
		return nil
	}
	return err
}
