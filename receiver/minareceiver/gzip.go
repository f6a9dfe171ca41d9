package minareceiver

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"io"
	"os"
	"time"
)

// fileconsumer reads a compressed file to where it ends at that moment, and never
// goes on in the middle of a stream. A file that was still being compressed is
// therefore read on here.

// gzipType is fileconsumer's name for the type of a compressed file.
const gzipType = ".gz"

// gzipInterval is the pause between two looks at compressed files that are not whole.
const gzipInterval = time.Second

// isGzip reports whether a file begins as RFC 1952 says.
func isGzip(path string) bool {
	file, err := os.Open(path)
	if err != nil {
		return false
	}
	defer file.Close()
	var magic [2]byte
	_, err = file.ReadAt(magic[:], 0)
	return err == nil && magic == [2]byte{0x1f, 0x8b}
}

// readOn reads what has come to the compressed files since fileconsumer read them.
func (f *fileInput) readOn() {
	for cp, known := range f.checkpoints.compressed() {
		if cp.source.mu.TryLock() {
			whole := cp.readOn(known)
			cp.source.mu.Unlock()
			f.checkpoints.setWhole(cp, whole)
		}
	}
}

// readOn reads a compressed file from where its source stands, and reports whether
// its end has been reached.
func (cp *checkpoint) readOn(known *knownFile) (whole bool) {
	file, err := os.Open(cp.path)
	if err != nil {
		return false
	}
	defer file.Close()
	size, textSize, err := gzipSizes(file)
	if err != nil || size == cp.size {
		return false
	}
	stream, err := gzip.NewReader(file)
	if err != nil {
		return false
	}
	beginning := make([]byte, len(known.beginning))
	if _, err := io.ReadFull(stream, beginning); err != nil || !bytes.Equal(beginning, known.beginning) {
		return false // another file has the name now
	}
	s := cp.source
	if textSize == uint32(s.end) {
		return true
	}
	cp.size = size
	text := io.MultiReader(bytes.NewReader(beginning), stream)
	if _, err := io.CopyN(io.Discard, text, s.end); err != nil {
		return false
	}
	return s.readFrom(text) && s.handOver()
}

// gzipSizes returns a file's size and the field ISIZE at its end, the size of the
// text modulo 2^32.
func gzipSizes(file *os.File) (size int64, textSize uint32, err error) {
	info, err := file.Stat()
	if err != nil {
		return 0, 0, err
	}
	var isize [4]byte
	if _, err := file.ReadAt(isize[:], info.Size()-int64(len(isize))); err != nil {
		return 0, 0, err
	}
	return info.Size(), binary.LittleEndian.Uint32(isize[:]), nil
}

// readFrom writes whole lines, and at the end of the text what is left. It reports
// whether that has been reached.
func (s *source) readFrom(text io.Reader) bool {
	var rest []byte
	for {
		block := make([]byte, len(rest)+blockSize)
		copy(block, rest)
		n, err := io.ReadFull(text, block[len(rest):])
		block = block[:len(rest)+n]
		ended := errors.Is(err, io.EOF)
		if errors.Is(err, io.ErrUnexpectedEOF) {
			// Either the text has ended or the stream is cut: the next read tells.
			_, err = text.Read(make([]byte, 1))
			ended = errors.Is(err, io.EOF)
		}
		end := len(block)
		if !ended {
			end = wholeLines(block, s.limit)
		}
		rest = block[end:]
		s.read.Store(s.end + int64(end))
		if end > 0 && !s.write(block[:end]) {
			return false
		}
		if err != nil {
			if !ended {
				s.handOver()
			}
			return ended
		}
	}
}
