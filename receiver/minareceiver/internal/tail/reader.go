package tail

import (
	"errors"
	"os"
)

// reader reads the text of one open file. Offsets are in the text, also where the
// file is compressed.
type reader interface {
	// beginning returns the first bytes, as many as a fingerprint takes. An error
	// says that they cannot be told yet.
	beginning() ([]byte, error)
	// before returns so many bytes before an offset, or all.
	before(offset, size int64) ([]byte, error)
	// next reads a block of whole lines from an offset, before which the known text
	// has to stand, into a buffer that it may let grow up to the limit. An empty block
	// says that there are no more for now, errHalfLine that a line has no end yet, and
	// io.EOF, which may come with the last block, that there will be no more.
	next(offset int64, known, buffer []byte, limit int) (block string, _ []byte, err error)
	// rest returns what is left behind the whole lines.
	rest(offset int64, limit int) (string, error)
}

var (
	// errShorter says that a text ends before an offset.
	errShorter = errors.New("the text ends before the offset")
	// errReplaced says that the text is not the one that was read so far.
	errReplaced = errors.New("the file has been replaced or truncated")
	// errHalfLine says that what is left is a line without its end.
	errHalfLine = errors.New("the last line has no end")
)

// newReader returns the reader of an open file.
func newReader(handle *os.File, compressed bool) reader {
	if compressed {
		return &gzipReader{handle: handle}
	}
	return &plainReader{handle: handle}
}
