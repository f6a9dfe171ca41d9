package engine

import (
	"os/exec"
	"syscall"
)

// What follows is of no use: Start refuses to run an engine here.

func command(program string, flags []string) *exec.Cmd { return exec.Command(program, flags...) }

func arguments(int) []string { return nil }

func kill(int, syscall.Signal) error { return nil }
