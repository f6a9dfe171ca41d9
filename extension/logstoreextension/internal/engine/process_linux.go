package engine

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
)

// shell begins a program that a second SIGINT does not end, by the rules of os/signal.
const shell = "/bin/sh"

// command returns the child. It is asked to end when this process is killed, once for each
// of its threads, and a second SIGTERM would end an engine that is writing what it has.
// Ctrl-C does not reach it, since the pipelines end first.
func command(program string, flags []string) *exec.Cmd {
	cmd := exec.Command(program, flags...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGTERM}
	if _, err := os.Stat(shell); err == nil {
		cmd.Path, cmd.Args = shell, append([]string{shell, "-c", `trap "" INT; exec "$0" "$@"`, program}, flags...)
		cmd.SysProcAttr.Pdeathsig = syscall.SIGINT
	}
	return cmd
}

// arguments returns what a process was started with, or nothing if it has ended.
func arguments(pid int) []string {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
	if err != nil {
		return nil
	}
	return strings.Split(string(bytes.TrimRight(text, "\x00")), "\x00")
}
