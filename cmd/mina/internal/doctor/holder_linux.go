package doctor

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// holder says which process listens on an address, as far as this user may see that: in
// words, and by its id.
func holder(address string) (words string, pid int) {
	_, port, err := net.SplitHostPort(address)
	if err != nil {
		return "", 0
	}
	sockets := listening(port)
	if len(sockets) == 0 {
		return "", 0
	}
	descriptors, _ := filepath.Glob("/proc/[0-9]*/fd/*")
	for _, descriptor := range descriptors {
		target, err := os.Readlink(descriptor)
		if err != nil || !slices.Contains(sockets, target) {
			continue
		}
		fields := strings.Split(descriptor, "/")
		name, _ := os.ReadFile(filepath.Join("/proc", fields[2], "comm"))
		pid, _ := strconv.Atoi(fields[2])
		return fmt.Sprintf(" by %s (pid %d)", strings.TrimSpace(string(name)), pid), pid
	}
	return " by another user's process", 0
}

// listening returns the sockets that listen on a port, as /proc names them.
func listening(port string) (sockets []string) {
	const local, state, inode, listens = 1, 3, 9, "0A"
	number, err := strconv.Atoi(port)
	if err != nil {
		return nil
	}
	for _, table := range []string{"/proc/net/tcp", "/proc/net/tcp6"} {
		text, _ := os.ReadFile(table)
		for _, line := range strings.Split(string(text), "\n") {
			fields := strings.Fields(line)
			if len(fields) > inode && fields[state] == listens && strings.HasSuffix(fields[local], fmt.Sprintf(":%04X", number)) {
				sockets = append(sockets, "socket:["+fields[inode]+"]")
			}
		}
	}
	return sockets
}
