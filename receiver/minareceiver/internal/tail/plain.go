package tail

import (
	"bytes"
	"errors"
	"io"
	"os"

	"github.com/mina-observability/otelcol-mina/receiver/minareceiver/internal/checkpoint"
	"github.com/mina-observability/otelcol-mina/receiver/minareceiver/internal/inflight"
)

// plainReader reads a file that is its own text.
type plainReader struct{ handle *os.File }

func (r *plainReader) beginning() ([]byte, error) {
	text := make([]byte, checkpoint.FingerprintSize)
	n, err := r.readAt(text, 0)
	return text[:n], err
}

func (r *plainReader) before(offset, size int64) ([]byte, error) {
	text := make([]byte, min(offset, size))
	n, err := r.readAt(text, offset-int64(len(text)))
	if err == nil && n < len(text) {
		err = errShorter
	}
	return text, err
}

// next reads what was read last once more, since the file may have been truncated
// and have grown again. A file that was found empty may turn out to be compressed.
func (r *plainReader) next(offset int64, known, buffer []byte, limit int) (block string, _ []byte, err error) {
	for {
		n, err := r.readAt(buffer, offset-int64(len(known)))
		if err != nil {
			return "", buffer, err
		}
		if !bytes.HasPrefix(buffer[:n], known) || offset == 0 && bytes.HasPrefix(buffer[:n], gzipMagic) {
			return "", buffer, errReplaced
		}
		text := buffer[len(known):n]
		if end := inflight.WholeLines(text, limit); end > 0 {
			return string(text[:end]), buffer, nil
		}
		if n < len(buffer) {
			if len(text) > 0 {
				return "", buffer, errHalfLine
			}
			return "", buffer, nil
		}
		buffer = make([]byte, min(2*len(buffer), max(limit+len(known), len(buffer)+1)))
	}
}

func (r *plainReader) rest(offset int64, limit int) (string, error) {
	buffer := make([]byte, limit)
	n, err := r.readAt(buffer, offset)
	return string(buffer[:n]), err
}

// readAt reads what is there, which may be less than the buffer holds.
func (r *plainReader) readAt(buffer []byte, offset int64) (int, error) {
	n, err := r.handle.ReadAt(buffer, offset)
	if errors.Is(err, io.EOF) {
		err = nil
	}
	return n, err
}
