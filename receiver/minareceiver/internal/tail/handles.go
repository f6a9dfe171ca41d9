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
	open, limit int
	// giveBack closes a file that need not be open, and reports whether there was one.
	giveBack func() bool
	// exhausted says that there was none, since the last scan.
	exhausted bool
}

// take opens a file without waiting for what a pipe would wait for: what has taken a
// file's name since it was found may be one.
func (h *handles) take(path string) (*os.File, error) {
	if h.open >= h.limit && !h.makeRoom() {
		return nil, errNoRoom
	}
	handle, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if outOfDescriptors(err) && h.makeRoom() {
		handle, err = os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	}
	switch {
	case outOfDescriptors(err):
		return nil, errNoRoom
	case err != nil:
		return nil, err
	}
	h.open++
	return handle, nil
}

func (h *handles) makeRoom() bool {
	h.exhausted = h.exhausted || !h.giveBack()
	return !h.exhausted
}

// outOfDescriptors reports whether the process or the system has no more.
func outOfDescriptors(err error) bool {
	return errors.Is(err, syscall.EMFILE) || errors.Is(err, syscall.ENFILE)
}

// give closes a file.
func (h *handles) give(handle *os.File) error {
	h.open--
	return handle.Close()
}

// closeOne closes a file that has been read to its end, and can be found again when it
// grows.
func (t *Tailer) closeOne() bool {
	for _, f := range t.files {
		if f.handle != nil && f.state != unread && !f.state.mayBeCopy() && f.isThere() {
			f.close()
			return true
		}
	}
	return false
}

// isThere reports whether the file's path still leads to it.
func (f *file) isThere() bool {
	info, err := os.Stat(f.path)
	return err == nil && idOf(info) == f.id
}
