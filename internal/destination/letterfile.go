package destination

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/mina-observability/otelcol-mina/internal/filelock"
)

// letterFile is the file that letters are appended to, NAME.jsonl, with those that were
// full before, NAME.TIME.jsonl. Other processes may append to it too, such as one that
// sends letters again, and a person may move it away at any time.
type letterFile struct{ directory, name string }

const (
	letterSuffix = ".jsonl"
	// fullSince is the form of the time in the name of a file that is full.
	fullSince = "20060102T150405.000Z"
)

// errMoved says that the file is no longer under its name: it was full, or somebody has
// moved it away.
var errMoved = errors.New("the dead-letter file was moved away")

func (f letterFile) path() string { return filepath.Join(f.directory, f.name+letterSuffix) }

// open opens the file for appending, and only a file: what another user has put in its
// place, a link or a pipe, is refused. Only its owner may read it.
func (f letterFile) open(create int) (*os.File, error) {
	if info, err := os.Lstat(f.directory); err == nil && info.Mode()&os.ModeSymlink != 0 && !trusted(info) {
		return nil, fmt.Errorf("%s is a link that another user has made", f.directory)
	}
	file, err := os.OpenFile(f.path(), create|os.O_RDWR|os.O_APPEND|noLinkNoPipe, 0o600)
	if errors.Is(err, syscall.ELOOP) {
		return nil, fmt.Errorf("%s is a link; dead letters are only written to a file", f.path())
	}
	if err != nil {
		return nil, err
	}
	info, err := file.Stat()
	switch {
	case err != nil:
	case !info.Mode().IsRegular():
		err = fmt.Errorf("%s is no file", f.path())
	case links(info) > 1:
		err = fmt.Errorf("%s has other names too: dead letters are only written to a file of their own", f.path())
	case info.Mode().Perm() != 0o600:
		err = file.Chmod(0o600)
	}
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return file, nil
}

// append writes lines to the file, all or none. One that would become longer than most
// is full, and gets another name. After errMoved it is to be called again.
func (f letterFile) append(lines []byte, most int64) (err error) {
	file, err := f.open(os.O_CREATE)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	// The lock goes with the file. A file system without locks is written to as well.
	_ = filelock.Lock(file)
	if err := f.inPlace(file); err != nil {
		return err
	}
	size, err := repair(file)
	if err != nil {
		return err
	}
	if size > 0 && size+int64(len(lines)) > most {
		return f.rotate()
	}
	if _, err = file.Write(lines); err == nil {
		err = file.Sync()
	}
	if err != nil {
		return errors.Join(err, file.Truncate(size))
	}
	if size == 0 {
		f.syncDirectory()
	}
	// Whoever has moved it away meanwhile may have read it already.
	return f.inPlace(file)
}

// inPlace returns errMoved for a file that is not the one under its name.
func (f letterFile) inPlace(file *os.File) error {
	info, err := file.Stat()
	if err != nil {
		return err
	}
	if named, err := os.Lstat(f.path()); err != nil || !os.SameFile(info, named) {
		return errMoved
	}
	return nil
}

// repair ends the last line, and returns how long the file is then. Of a letter that a
// killed process has written half of nobody was told that it is kept: it is taken back.
func repair(file *os.File) (size int64, err error) {
	info, err := file.Stat()
	if err != nil {
		return 0, err
	}
	size = info.Size()
	end, err := endOfLines(file, size)
	if err != nil || end == size {
		return size, err
	}
	rest := make([]byte, size-end)
	if _, err := file.ReadAt(rest, end); err != nil {
		return 0, err
	}
	if rest[0] == '{' && !json.Valid(rest) {
		return end, file.Truncate(end)
	}
	_, err = file.WriteString("\n")
	return size + 1, err
}

// endOfLines returns where the last whole line ends.
func endOfLines(file *os.File, size int64) (int64, error) {
	var block [4 << 10]byte
	for end := size; end > 0; {
		read := block[:min(end, int64(len(block)))]
		end -= int64(len(read))
		if _, err := file.ReadAt(read, end); err != nil {
			return 0, err
		}
		if at := bytes.LastIndexByte(read, '\n'); at >= 0 {
			return end + int64(at) + 1, nil
		}
	}
	return 0, nil
}

// rotate gives the file, which is full, the time as a name.
func (f letterFile) rotate() error {
	for now := time.Now().UTC(); ; now = now.Add(time.Millisecond) {
		full := filepath.Join(f.directory, f.name+"."+now.Format(fullSince)+letterSuffix)
		if _, err := os.Lstat(full); err == nil {
			continue
		}
		if err := os.Rename(f.path(), full); err != nil {
			return err
		}
		f.syncDirectory()
		return errMoved
	}
}

// used returns how long the file and those that were full before are together.
func (f letterFile) used() (size int64, err error) {
	entries, err := os.ReadDir(f.directory)
	if err != nil {
		return 0, err
	}
	for _, entry := range entries {
		if !f.isOne(entry.Name()) {
			continue
		}
		if info, err := entry.Info(); err == nil && info.Mode().IsRegular() {
			size += info.Size()
		}
	}
	return size, nil
}

// isOne reports whether a name is that of the file, or of one that was full before.
func (f letterFile) isOne(name string) bool {
	since, ours := strings.CutPrefix(strings.TrimSuffix(name, letterSuffix), f.name)
	if !ours || !strings.HasSuffix(name, letterSuffix) {
		return false
	}
	_, err := time.Parse("."+fullSince, since)
	return since == "" || err == nil
}

// syncDirectory keeps the file's name through a power cut, where folders can be synced.
func (f letterFile) syncDirectory() {
	if directory, err := os.Open(f.directory); err == nil {
		_ = directory.Sync()
		_ = directory.Close()
	}
}
