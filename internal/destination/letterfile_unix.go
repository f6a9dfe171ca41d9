//go:build unix

package destination

import (
	"os"
	"syscall"
)

// noLinkNoPipe keeps open from following a link, and from waiting for the reader of a pipe.
const noLinkNoPipe = syscall.O_NOFOLLOW | syscall.O_NONBLOCK

// trusted reports whether a file is of the collector's own user, or root's.
func trusted(info os.FileInfo) bool {
	stat, ok := info.Sys().(*syscall.Stat_t)
	return ok && (stat.Uid == 0 || int(stat.Uid) == os.Geteuid())
}

// links returns under how many names a file is known.
func links(info os.FileInfo) uint64 {
	if stat, ok := info.Sys().(*syscall.Stat_t); ok {
		return uint64(stat.Nlink) //nolint:unconvert // not as wide everywhere
	}
	return 1
}
