package tail

import (
	"errors"
	"os"
	"syscall"
)

// errNoRoom says that as many files are open as may be.
var errNoRoom = errors.New("as many files are open as may be")

// handles bounds how many files are open at once.
type handles struct {
	limit int
	open  map[*file]bool
}

// take opens a file without waiting for what a pipe would wait for: what has taken a
// file's name since it was found may be one.
func (h *handles) take(f *file) (*os.File, error) {
	if len(h.open) >= h.limit && !h.makeRoom() {
		return nil, errNoRoom
	}
	handle, err := os.OpenFile(f.path, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if outOfDescriptors(err) && h.makeRoom() {
		handle, err = os.OpenFile(f.path, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	}
	switch {
	case outOfDescriptors(err):
		return nil, errNoRoom
	case err != nil:
		return nil, err
	}
	h.open[f] = true
	return handle, nil
}

// outOfDescriptors reports whether the process or the system has no more.
func outOfDescriptors(err error) bool {
	return errors.Is(err, syscall.EMFILE) || errors.Is(err, syscall.ENFILE)
}

// give closes a file.
func (h *handles) give(f *file, handle *os.File) error {
	delete(h.open, f)
	return handle.Close()
}

// makeRoom closes a file that can be found again, and reports whether there was one:
// one that has been read to its end, or else one whose turn will open it again.
func (h *handles) makeRoom() bool {
	for _, mayBeClosed := range []func(*file) bool{(*file).isIdle, (*file).isToBeRead} {
		for f := range h.open {
			if mayBeClosed(f) && f.isThere() {
				f.close()
				return true
			}
		}
	}
	return false
}

func (f *file) isIdle() bool { return f.state == caughtUp || f.state == halfLine }

func (f *file) isToBeRead() bool { return f.state == unread && !f.isHalfDecoded() }

// isHalfDecoded reports whether the text of a compressed file has been read in part: if
// the file were closed, that would have to be done again.
func (f *file) isHalfDecoded() bool {
	text, ok := f.text.(*decodedReader)
	return ok && f.state == unread && text.text != nil && text.offset > 0
}

// mayDecode reports whether a file may be read that cannot be closed before its end.
// Such files keep no more than half of the room from the others.
func (h *handles) mayDecode(f *file) bool {
	if !f.compressed || f.isHalfDecoded() {
		return true
	}
	decoding := 0
	for other := range h.open {
		if other.isHalfDecoded() {
			decoding++
		}
	}
	return decoding < max(1, h.limit/2)
}

// isThere reports whether the file's path still leads to it.
func (f *file) isThere() bool {
	info, err := os.Stat(f.path)
	return err == nil && idOf(info) == f.id
}
