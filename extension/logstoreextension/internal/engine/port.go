package engine

import (
	"errors"
	"fmt"
	"net"
	"syscall"

	"github.com/mina-observability/otelcol-mina/internal/listening"
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

// holderOf returns, as "process 123 (nginx)", who listens on an address, as far as the
// system tells.
func holderOf(address string) string {
	process, _ := listening.On(address)
	if process.PID == 0 {
		return ""
	}
	return fmt.Sprintf("process %d (%s)", process.PID, process.Name)
}
