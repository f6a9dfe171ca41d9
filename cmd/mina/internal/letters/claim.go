package letters

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/mina-observability/otelcol-mina/internal/filelock"
)

// claim keeps other processes from sending a file until it is released. What is locked lies
// beside the file: the collector waits for whoever has locked the file itself.
func claim(file string) (release func(), err error) {
	path := strings.TrimSuffix(file, suffix) + claimSuffix
	claimed, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	// A file system without locks is worked on as well.
	if err := filelock.TryLock(claimed); errors.Is(err, filelock.ErrTaken) || !inPlace(claimed, path) {
		_ = claimed.Close()
		return nil, fmt.Errorf("%s is being sent by another process: wait for its end", file)
	}
	return func() { _, _ = os.Remove(path), claimed.Close() }, nil
}

// inPlace reports whether a file is the one under its name: who has released it has taken
// that away.
func inPlace(file *os.File, path string) bool {
	info, err := file.Stat()
	named, namedErr := os.Lstat(path)
	return err == nil && namedErr == nil && os.SameFile(info, named)
}
