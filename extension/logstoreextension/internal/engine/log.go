package engine

import (
	"errors"
	"io"
	"os"
)

// maxLog is how long what the engine prints may get, in bytes, in each of two files.
const maxLog = 4 << 20

// journal is the file that the engine prints to. It is the engine's own: one that writes
// to a pipe dies of what it prints after the collector was killed.
type journal struct{ path string }

// open returns the file, to print to, and where in it that begins.
func (j journal) open() (*os.File, int64, error) {
	if err := j.rotate(); err != nil {
		return nil, 0, err
	}
	file, err := os.OpenFile(j.path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, 0, err
	}
	begin, err := file.Seek(0, io.SeekEnd)
	return file, begin, err
}

// rotate copies what is long enough, and empties the file: whoever prints has it open.
func (j journal) rotate() error {
	info, err := os.Stat(j.path)
	if errors.Is(err, os.ErrNotExist) || err == nil && info.Size() < maxLog {
		return nil
	}
	if err != nil {
		return err
	}
	text, err := j.since(info.Size() - maxLog)
	if err != nil {
		return err
	}
	if err := os.WriteFile(j.path+".1", text, 0o600); err != nil {
		return err
	}
	return os.Truncate(j.path, 0)
}

// since returns what was printed behind a place, or, if the file has been emptied, all.
func (j journal) since(begin int64) ([]byte, error) {
	file, err := os.Open(j.path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	if info.Size() < begin {
		begin = 0
	}
	return io.ReadAll(io.NewSectionReader(file, begin, maxLog))
}
