//go:build unix

package directory

import "golang.org/x/sys/unix"

// Free returns how much room this process has on the disk of a directory, in bytes.
func Free(path string) (int64, error) {
	var disk unix.Statfs_t
	if err := unix.Statfs(path, &disk); err != nil {
		return 0, err
	}
	return int64(disk.Bavail) * int64(disk.Bsize), nil //nolint:unconvert // the types differ by system
}

// Writable returns why this process may not make files in a directory, or nil.
func Writable(path string) error { return unix.Access(path, unix.W_OK|unix.X_OK) }
