//go:build unix

package engine

import "syscall"

func kill(pid int, signal syscall.Signal) error { return syscall.Kill(pid, signal) }
