//go:build unix && !linux

package engine

import (
	"os/exec"
	"strconv"
	"strings"
	"syscall"
)

// command returns the child. Ctrl-C does not reach it, since the pipelines end first. One
// whose collector was killed is ended by the next that takes the directory.
func command(program string, flags []string) *exec.Cmd {
	cmd := exec.Command(program, flags...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	return cmd
}

// arguments returns what a process was started with, or nothing if it has ended.
func arguments(pid int) []string {
	line, err := exec.Command("ps", "-ww", "-o", "args=", "-p", strconv.Itoa(pid)).Output()
	if err != nil {
		return nil
	}
	return strings.Fields(string(line))
}
