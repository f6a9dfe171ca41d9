package engine

import (
	"bufio"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// checkPort reports who has the address that the engine is to listen on.
func checkPort(address string) error {
	listener, err := net.Listen("tcp", address)
	if err == nil {
		return listener.Close()
	}
	if !errors.Is(err, syscall.EADDRINUSE) {
		return &Problem{Reason: fmt.Sprintf("listen %q cannot be used: %s", address, err), Action: "name another address of this machine with listen"}
	}
	holder := holderOf(address)
	if holder == "" {
		holder = "another process"
	}
	return &Problem{
		Reason: fmt.Sprintf("listen %q is taken by %s", address, holder),
		Action: "end that one, or name another port with listen; one that is a VictoriaLogs can be used by naming it with endpoint",
	}
}

// holderOf returns, as "process 123 (nginx)", who listens on an address, as far as /proc
// tells. Its arguments may be secrets.
func holderOf(address string) string {
	_, port, err := net.SplitHostPort(address)
	if err != nil {
		return ""
	}
	for _, table := range []string{"/proc/net/tcp", "/proc/net/tcp6"} {
		for _, socket := range listening(table, port) {
			if pid := ownerOf(socket); pid != "" {
				command, _ := os.ReadFile(filepath.Join("/proc", pid, "comm"))
				return fmt.Sprintf("process %s (%s)", pid, strings.TrimSpace(string(command)))
			}
		}
	}
	return ""
}

// stateListen is the state of a socket that listens, in /proc/net/tcp.
const stateListen = "0A"

// listening returns the inodes of the sockets that listen on a port, on whatever address.
func listening(table, port string) []string {
	number, err := strconv.Atoi(port)
	if err != nil {
		return nil
	}
	file, err := os.Open(table)
	if err != nil {
		return nil
	}
	defer file.Close()
	suffix := fmt.Sprintf(":%04X", number)
	var sockets []string
	for lines := bufio.NewScanner(file); lines.Scan(); {
		// 0: 0100007F:24D4 00000000:0000 0A 00000000:00000000 00:00000000 00000000 0 0 12345 …
		fields := strings.Fields(lines.Text())
		if len(fields) > 9 && strings.HasSuffix(fields[1], suffix) && fields[3] == stateListen {
			sockets = append(sockets, fields[9])
		}
	}
	return sockets
}

// ownerOf returns the process that has a socket open.
func ownerOf(socket string) string {
	descriptors, _ := filepath.Glob("/proc/[0-9]*/fd/*")
	for _, descriptor := range descriptors {
		if target, err := os.Readlink(descriptor); err == nil && target == "socket:["+socket+"]" {
			return strings.Split(descriptor, "/")[2]
		}
	}
	return ""
}
