package minareceiver

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"time"
)

// tailedFile is one file, whatever its name is at the moment. Its offsets are in
// the text, also where the file is compressed.
type tailedFile struct {
	path string
	id   fileID
	// listed says that the last scan found the file under its path, and quiet since
	// when it has not changed.
	listed bool
	quiet  time.Time
	// size and modified are what the last scan saw, -1 if none has.
	size     int64
	modified time.Time
	// start is the file's beginning, the first bytes of the text.
	start mark

	handle *os.File
	// compressed is the text of a file that is read through gzip, whole says that
	// its end has been reached.
	compressed *gzipText
	isGzip     bool
	whole      bool

	source     *source
	checkpoint *checkpoint
	// unread says that there may be more to read, partial that what is left is a
	// line without its end.
	unread, partial bool
	// unchecked says that the text before the offset may be another one than was read.
	unchecked bool
	// copyOf is the file that this one is a copy of, as far as can be seen: it is not
	// read while the other is there. compared says that it still is one since its
	// last change.
	copyOf   *tailedFile
	compared bool
}

// offset returns how far the file has been read.
func (f *tailedFile) offset() int64 { return f.source.end }

// open opens the file under its path, and fails if that is another one by now.
func (f *tailedFile) open() error {
	if f.handle != nil {
		return nil
	}
	handle, err := os.Open(f.path)
	if err != nil {
		return err
	}
	info, err := handle.Stat()
	if err == nil && idOf(info) != f.id {
		err = fs.ErrNotExist
	}
	if err != nil {
		return errors.Join(err, handle.Close())
	}
	f.handle = handle
	return nil
}

// close gives the file back to the system.
func (f *tailedFile) close() {
	f.compressed = nil
	if f.handle != nil {
		_ = f.handle.Close()
		f.handle = nil
	}
}

// beginning returns the first bytes of the text, up to markSize. An error says
// that they cannot be told yet.
func (f *tailedFile) beginning() ([]byte, error) {
	text := make([]byte, markSize)
	if !f.isGzip {
		n, err := f.handle.ReadAt(text, 0)
		if errors.Is(err, io.EOF) {
			err = nil
		}
		return text[:n], err
	}
	compressed, err := openGzip(f.handle)
	if err != nil {
		return nil, err
	}
	n, err := io.ReadFull(compressed, text)
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		err = compressed.cut
	}
	return text[:n], err
}

// errShorter says that a text ends before an offset.
var errShorter = errors.New("the text ends before the offset")

// before returns the bytes of the text, up to markSize, before an offset.
func (f *tailedFile) before(offset int64) ([]byte, error) {
	size := min(offset, markSize)
	if !f.isGzip {
		text := make([]byte, size)
		_, err := f.handle.ReadAt(text, offset-size)
		if errors.Is(err, io.EOF) {
			err = errShorter
		}
		return text, err
	}
	compressed, err := openGzip(f.handle)
	if err != nil {
		return nil, err
	}
	text, err := compressed.skip(offset)
	if err == nil {
		f.compressed = compressed // it stands where reading goes on
	}
	return text, err
}

// errReplaced says that the text is not the one that was read so far.
var errReplaced = errors.New("the file has been replaced or truncated")

// next reads a block of whole lines into a buffer, which it may let grow up to the
// limit. An empty block says that there are no more for now. What was read last is
// read with it, since the file may have been truncated and have grown again.
func (f *tailedFile) next(buffer []byte, limit int) (block string, _ []byte, err error) {
	if f.isGzip {
		return f.nextOfGzip(buffer, limit)
	}
	var known []byte
	if !f.unchecked {
		known = f.source.before(0)
	}
	for {
		n, err := f.handle.ReadAt(buffer, f.offset()-int64(len(known)))
		if err != nil && !errors.Is(err, io.EOF) {
			return "", buffer, err
		}
		if !bytes.HasPrefix(buffer[:n], known) {
			return "", buffer, errReplaced
		}
		text := buffer[len(known):n]
		if end := wholeLines(text, limit); end > 0 {
			return string(text[:end]), buffer, nil
		}
		if n < len(buffer) {
			f.partial = len(text) > 0
			return "", buffer, nil
		}
		buffer = make([]byte, min(2*len(buffer), max(limit+len(known), len(buffer)+1)))
	}
}

// rest returns what is left behind the whole lines.
func (f *tailedFile) rest(limit int) (string, error) {
	buffer := make([]byte, limit)
	n, err := f.handle.ReadAt(buffer, f.offset())
	if errors.Is(err, io.EOF) {
		err = nil
	}
	return string(buffer[:n]), err
}
