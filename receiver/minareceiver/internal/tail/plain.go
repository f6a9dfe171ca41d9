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
		if !bytes.HasPrefix(buffer[:n], known) || offset == 0 && (codecOf(buffer[:n]) != nil || foreignForm(buffer[:n]) != "") {
			return "", buffer, errReplaced
		}
		text := buffer[len(known):n]
		if len(text) == 0 {
			return "", buffer, nil
		}
		if nuls := len(text) - len(bytes.TrimLeft(text, "\x00")); nuls == len(text) || nuls > minHole {
			length, err := r.hole(offset, int64(nuls))
			if err == nil && length > 0 {
				err = hole(length)
			}
			return "", buffer, err
		}
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

func (r *plainReader) reached(offset int64) int64 { return offset }

func (r *plainReader) rest(offset int64, limit int) (string, error) {
	buffer := make([]byte, limit)
	n, err := r.readAt(buffer, offset)
	// What is empty behind it may still be written to.
	return string(bytes.TrimRight(buffer[:n], "\x00")), err
}

// minHole is the length in bytes of a run of NULs from which on it is a hole. Shorter
// ones are passed over with the line that they are in.
const minHole = checkpoint.FingerprintSize

// holeBlock is the length in bytes of the blocks in which the end of a hole is looked for.
const holeBlock = 256 << 10

var zeros [holeBlock]byte

// hole returns how long the run of NULs at an offset is, of which some are known, or
// 0 if nothing is behind it: then it may still be written to.
func (r *plainReader) hole(offset, known int64) (int64, error) {
	block := make([]byte, holeBlock)
	for at := offset + known; ; {
		data, found := nextData(r.handle, at)
		if !found {
			return 0, nil
		}
		at = data
		n, err := r.readAt(block, at)
		if n == 0 || err != nil {
			return 0, err
		}
		if bytes.Equal(block[:n], zeros[:n]) {
			at += int64(n)
			continue
		}
		text := bytes.TrimLeft(block[:n], "\x00")
		return at + int64(n-len(text)) - offset, nil
	}
}

// readAt reads what is there, which may be less than the buffer holds.
func (r *plainReader) readAt(buffer []byte, offset int64) (int, error) {
	n, err := r.handle.ReadAt(buffer, offset)
	if errors.Is(err, io.EOF) {
		err = nil
	}
	return n, err
}
