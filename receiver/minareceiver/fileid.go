package minareceiver

import (
	"io/fs"
	"syscall"
)

// fileID tells files on one machine apart, whatever their names. The number of a
// deleted file may come again.
type fileID struct {
	Device uint64 `json:"device"`
	Inode  uint64 `json:"inode"`
}

func idOf(info fs.FileInfo) fileID {
	if stat, ok := info.Sys().(*syscall.Stat_t); ok {
		return fileID{uint64(stat.Dev), stat.Ino} //nolint:unconvert // it has another type on other systems
	}
	return fileID{}
}
