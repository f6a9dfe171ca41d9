//go:build unix

package minareceiver

import "syscall"

// mostDescriptors returns how many files and connections this process may have open.
func mostDescriptors() (most int, known bool) {
	var limit syscall.Rlimit
	err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit)
	return int(min(limit.Cur, 1<<30)), err == nil
}
