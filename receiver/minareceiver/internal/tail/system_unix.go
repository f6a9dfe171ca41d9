//go:build unix

package tail

import (
	"errors"
	"io/fs"
	"os"
	"syscall"

	"golang.org/x/sys/unix"

	"github.com/mina-observability/otelcol-mina/receiver/minareceiver/internal/checkpoint"
)

func idOf(info fs.FileInfo) checkpoint.FileID {
	if stat, ok := info.Sys().(*syscall.Stat_t); ok {
		return checkpoint.FileID{Device: uint64(stat.Dev), Inode: stat.Ino} //nolint:unconvert // it has another type on other systems
	}
	return checkpoint.FileID{}
}

func ownerOf(info fs.FileInfo) uint32 {
	if stat, ok := info.Sys().(*syscall.Stat_t); ok {
		return stat.Uid
	}
	return 0
}

// nextData returns where the first data at an offset or behind it begins, if there is any. A
// file system that knows of no holes has data everywhere.
func nextData(file *os.File, offset int64) (data int64, found bool) {
	data, err := file.Seek(offset, unix.SEEK_DATA)
	switch {
	case errors.Is(err, unix.ENXIO):
		return 0, false
	case err != nil:
		return offset, true
	}
	return max(offset, data), true
}
