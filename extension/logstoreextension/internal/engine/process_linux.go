package engine

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"syscall"
)

// attributes has the child be asked to end when this process is killed, and keeps it out
// of the group that Ctrl-C ends: the pipelines end first.
func attributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGTERM}
}

// arguments returns what a process was started with, or nothing if it has ended.
func arguments(pid int) []string {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
	if err != nil {
		return nil
	}
	return strings.Split(string(bytes.TrimRight(text, "\x00")), "\x00")
}
