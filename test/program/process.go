package program

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

// readyDeadline is how long a program may take to be ready.
const readyDeadline = 30 * time.Second

// stopDeadline is how long a program may take to end when it is asked to.
const stopDeadline = 30 * time.Second

// Process is a program that has been started.
type Process struct {
	// Ended is closed when the program has ended.
	Ended <-chan struct{}

	cmd    *exec.Cmd
	output output
}

// Start starts a program. What it prints is kept.
func Start(cmd *exec.Cmd) (*Process, error) {
	ended := make(chan struct{})
	p := &Process{Ended: ended, cmd: cmd}
	cmd.Stdout, cmd.Stderr = &p.output, &p.output
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("cannot start %s: %w", p.name(), err)
	}
	go func() {
		_ = cmd.Wait()
		close(ended)
	}()
	return p, nil
}

// Await returns when the program is ready, and otherwise says what it printed when it has
// ended, or is not ready in time.
func (p *Process) Await(within time.Duration, ready func() bool) error {
	for until := time.Now().Add(within); time.Now().Before(until); time.Sleep(5 * time.Millisecond) {
		select {
		case <-p.Ended:
			return fmt.Errorf("%s has ended: %s", p.name(), lastLines(p.Output()))
		default:
		}
		if ready() {
			return nil
		}
	}
	return fmt.Errorf("%s is not ready after %s: %s", p.name(), within, lastLines(p.Output()))
}

func (p *Process) name() string { return filepath.Base(p.cmd.Path) }

func lastLines(text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return strings.Join(lines[max(0, len(lines)-5):], "\n")
}

// Stop asks the program to end, and kills it if it does not.
func (p *Process) Stop() {
	_ = p.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-p.Ended:
	case <-time.After(stopDeadline):
		p.Kill()
	}
}

// Signal sends the program a signal.
func (p *Process) Signal(signal os.Signal) { _ = p.cmd.Process.Signal(signal) }

// Kill ends the program as a crash does.
func (p *Process) Kill() {
	_ = p.cmd.Process.Kill()
	<-p.Ended
}

// Children returns the ids of the programs that it has started, and that run.
func (p *Process) Children() []int {
	var children []int
	tasks, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", p.cmd.Process.Pid))
	for _, task := range tasks {
		text, _ := os.ReadFile(task)
		for _, field := range strings.Fields(string(text)) {
			if id, err := strconv.Atoi(field); err == nil {
				children = append(children, id)
			}
		}
	}
	return children
}

// Output returns what the program has printed so far.
func (p *Process) Output() string { return p.output.String() }

// ExitCode returns the exit code of a program that has ended.
func (p *Process) ExitCode() int { return p.cmd.ProcessState.ExitCode() }

// clockTick is the unit of the times in /proc/PID/stat: USER_HZ, proc(5).
const clockTick = 10 * time.Millisecond

// CPU returns the user and system time that the program has used so far.
func (p *Process) CPU() time.Duration {
	if state := p.cmd.ProcessState; state != nil {
		return state.UserTime() + state.SystemTime()
	}
	return CPU(p.cmd.Process.Pid)
}

// CPU returns the user and system time that a process which runs has used so far.
func CPU(pid int) time.Duration {
	stat, _ := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	// The name, in parentheses, may hold blanks. utime and stime are fields 14 and 15.
	fields := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:]))
	if len(fields) < 13 {
		return 0
	}
	user, _ := strconv.Atoi(fields[11])
	system, _ := strconv.Atoi(fields[12])
	return time.Duration(user+system) * clockTick
}

// Resident returns how much memory the program has resident, in bytes.
func (p *Process) Resident() int64 { return p.status("VmRSS:") }

// Anonymous returns how much of the resident memory is the program's own, without
// the files that it has mapped, which the system takes back when it needs the room.
func (p *Process) Anonymous() int64 { return p.status("RssAnon:") }

// PeakResident returns the most memory that the program has had resident, in bytes.
func (p *Process) PeakResident() int64 {
	if state := p.cmd.ProcessState; state != nil {
		if usage, ok := state.SysUsage().(*syscall.Rusage); ok {
			return usage.Maxrss << 10
		}
	}
	return p.status("VmHWM:")
}

func (p *Process) status(name string) int64 {
	status, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	_, value, _ := strings.Cut(string(status), name)
	fields := strings.Fields(value)
	if len(fields) == 0 {
		return 0
	}
	kib, _ := strconv.ParseInt(fields[0], 10, 64)
	return kib << 10
}

// output collects what a process prints.
type output struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}
