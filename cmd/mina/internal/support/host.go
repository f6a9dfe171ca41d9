package support

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

// host says what system there is, and what a process may use of it.
func host(process string) string {
	var text strings.Builder
	_, _ = fmt.Fprintf(&text, "%s/%s, %d processors, %s\n", runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), time.Now().Format(time.RFC3339))
	for _, file := range []string{"/etc/os-release", "/proc/version", "/proc/uptime", "/proc/loadavg", "/proc/meminfo"} {
		show(&text, file)
	}
	for _, file := range []string{"status", "limits", "cgroup"} {
		show(&text, filepath.Join("/proc", process, file))
	}
	groups, _ := os.ReadFile(filepath.Join("/proc", process, "cgroup"))
	for _, line := range strings.Split(string(groups), "\n") {
		fields := strings.SplitN(line, ":", 3)
		if len(fields) != 3 {
			continue
		}
		for _, file := range []string{"memory.max", "memory.current", "memory.events", "cpu.max", "memory/memory.limit_in_bytes", "memory/memory.usage_in_bytes"} {
			controller, name := filepath.Split(file)
			show(&text, filepath.Join("/sys/fs/cgroup", controller, fields[2], name))
		}
	}
	return text.String()
}

// show copies a file of the system's, if it is there.
func show(text *strings.Builder, file string) {
	if content, err := os.ReadFile(file); err == nil {
		_, _ = fmt.Fprintf(text, "\n%s\n%s", file, content)
	}
}

// describe writes how large a file is, and when it was changed last.
func describe(text *strings.Builder, name string) {
	info, err := os.Lstat(name)
	if err != nil {
		_, _ = fmt.Fprintf(text, "  %s: %v\n", name, err)
		return
	}
	_, _ = fmt.Fprintf(text, "  %s %12d %s %s\n", info.Mode(), info.Size(), info.ModTime().UTC().Format(time.RFC3339), name)
}
