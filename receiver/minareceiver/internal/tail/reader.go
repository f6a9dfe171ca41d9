package tail

import (
	"errors"
	"fmt"
	"io/fs"
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
	// io.EOF, which may come with the last block, that there will be no more. A hole is
	// where there is no text.
	next(offset int64, known, buffer []byte, limit int) (block string, _ []byte, err error)
	// reached returns how much of the file has been read for the text up to an offset.
	reached(offset int64) int64
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

// hole is a run of NULs, and how long it is: a truncated file has one where its
// writer goes on, and one whose last blocks were lost in a power cut.
type hole int64

func (h hole) Error() string { return fmt.Sprintf("a hole of %d bytes", int64(h)) }

// isFailure reports whether an error is that of the system: a disk fails, or a server
// has lost what was open. It says nothing of the text.
func isFailure(err error) bool {
	var failure *fs.PathError
	return errors.As(err, &failure)
}

// newReader returns the reader of an open file that begins so.
func newReader(handle *os.File, start []byte, compressed bool) reader {
	if c := codecOf(start); compressed && c != nil {
		return &decodedReader{handle: handle, codec: c, halfAt: -1}
	}
	return &plainReader{handle: handle}
}
