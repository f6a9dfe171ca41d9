//go:build unix

package goruntimeextension

import "syscall"

// keepFilesPrivate has all new files made for their owner alone, and returns what undoes that.
func keepFilesPrivate() (undo func()) {
	before := syscall.Umask(0o077)
	return func() { syscall.Umask(before) }
}
