package listening

import (
	"bufio"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// On returns which process listens on the port of an address, on whatever address of this
// machine, as far as /proc tells, and whether one does.
func On(address string) (process Process, listens bool) {
	_, port, err := net.SplitHostPort(address)
	if err != nil {
		return Process{}, false
	}
	sockets := slices.Concat(socketsOf("/proc/net/tcp", port), socketsOf("/proc/net/tcp6", port))
	if len(sockets) == 0 {
		return Process{}, false
	}
	descriptors, _ := filepath.Glob("/proc/[0-9]*/fd/*")
	for _, descriptor := range descriptors {
		if target, err := os.Readlink(descriptor); err != nil || !slices.Contains(sockets, target) {
			continue
		}
		pid := strings.Split(descriptor, "/")[2]
		name, _ := os.ReadFile(filepath.Join("/proc", pid, "comm"))
		process.Name = strings.TrimSpace(string(name))
		process.PID, _ = strconv.Atoi(pid)
		break
	}
	return process, true
}

// stateListen is the state of a socket that listens, in /proc/net/tcp.
const stateListen = "0A"

// socketsOf returns the sockets that listen on a port, by the names that descriptors have.
func socketsOf(table, port string) (sockets []string) {
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
	for lines := bufio.NewScanner(file); lines.Scan(); {
		// 0: 0100007F:24D4 00000000:0000 0A 00000000:00000000 00:00000000 00000000 0 0 12345 …
		fields := strings.Fields(lines.Text())
		if len(fields) > 9 && strings.HasSuffix(fields[1], suffix) && fields[3] == stateListen {
			sockets = append(sockets, "socket:["+fields[9]+"]")
		}
	}
	return sockets
}
