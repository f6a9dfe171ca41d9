//go:build !linux

package engine

import (
	"os/exec"
	"strconv"
	"strings"
	"syscall"
)

// attributes keeps the child out of the group that Ctrl-C ends: the pipelines end first.
// One whose collector was killed is ended by the next that takes the directory.
func attributes() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }

// arguments returns what a process was started with, or nothing if it has ended.
func arguments(pid int) []string {
	line, err := exec.Command("ps", "-ww", "-o", "args=", "-p", strconv.Itoa(pid)).Output()
	if err != nil {
		return nil
	}
	return strings.Fields(string(line))
}
