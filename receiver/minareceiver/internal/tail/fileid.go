package tail

import (
	"io/fs"
	"syscall"

	"github.com/mina-observability/otelcol-mina/receiver/minareceiver/internal/checkpoint"
)

func idOf(info fs.FileInfo) checkpoint.FileID {
	if stat, ok := info.Sys().(*syscall.Stat_t); ok {
		return checkpoint.FileID{Device: uint64(stat.Dev), Inode: stat.Ino} //nolint:unconvert // it has another type on other systems
	}
	return checkpoint.FileID{}
}
