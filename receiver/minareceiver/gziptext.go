package minareceiver

import (
	"compress/gzip"
	"errors"
	"io"
	"math"
	"os"
)

// gzipText is the text of a compressed file (RFC 1952).
type gzipText struct {
	stream *gzip.Reader
	// rest is what was read behind the last whole line.
	rest []byte
	// cut is the error of a file that ends within its compressed text, as one does
	// that is still being written.
	cut error
}

// isGzip reports whether a file begins as RFC 1952, section 2.3.1, says.
func isGzip(file *os.File) bool {
	var magic [2]byte
	_, err := file.ReadAt(magic[:], 0)
	return err == nil && magic == [2]byte{0x1f, 0x8b}
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

// skip passes over the text up to an offset and returns the last bytes before it,
// up to markSize.
func (g *gzipText) skip(offset int64) ([]byte, error) {
	text := make([]byte, min(offset, markSize))
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

// nextOfGzip is next for a compressed file. At the end of the text also what has no
// newline is a line.
func (f *tailedFile) nextOfGzip(buffer []byte, limit int) (string, []byte, error) {
	if f.whole {
		return "", buffer, nil
	}
	if f.compressed == nil {
		if _, err := f.before(f.offset()); err != nil {
			return "", buffer, f.compressedError(err)
		}
	}
	g := f.compressed
	for {
		if len(g.rest) >= len(buffer) {
			buffer = make([]byte, len(g.rest)+blockSize)
		}
		rest := copy(buffer, g.rest)
		n, err := io.ReadFull(g, buffer[rest:])
		text := buffer[:rest+n]
		ended := errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
		if err != nil && !ended {
			return "", buffer, err
		}
		end := wholeLines(text, limit)
		if ended && g.cut == nil {
			f.whole, end = true, len(text)
		}
		g.rest = append(g.rest[:0], text[end:]...)
		if end == 0 && !ended {
			continue
		}
		if ended {
			f.compressed = nil // it has to be opened again to go on
		}
		return string(text[:end]), buffer, nil
	}
}

// compressedError returns no error for a file that is still being compressed.
func (f *tailedFile) compressedError(err error) error {
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
		return nil
	}
	return err
}
