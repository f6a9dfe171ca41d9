package program

import (
	"fmt"
	"net"
	"os/exec"
	"path/filepath"
	"strings"
)

// Kafka is a broker that runs as a program, and keeps what it has on disk.
type Kafka struct {
	// Address is where it listens.
	Address string

	path string
	args []string
}

// BuildKafka builds test/kafka into a directory, in which it keeps what it has, too.
func BuildKafka(directory string) (*Kafka, error) {
	_, port, err := net.SplitHostPort(FreeAddress())
	if err != nil {
		return nil, err
	}
	k := &Kafka{
		Address: "127.0.0.1:" + port,
		path:    filepath.Join(directory, "kafka"),
		args:    []string{"-port", port, "-data", filepath.Join(directory, "kafka-data")},
	}
	cmd := exec.Command("go", "build", "-o", k.path, "./test/kafka")
	cmd.Dir = Root()
	if out, err := cmd.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("cannot build test/kafka: %w: %s", err, out)
	}
	return k, nil
}

// Start starts the broker, and returns when it listens.
func (k *Kafka) Start() (*Process, error) {
	p, err := Start(exec.Command(k.path, k.args...))
	if err != nil {
		return nil, err
	}
	if err := p.Await(readyDeadline, func() bool { return strings.Contains(p.Output(), "listening on") }); err != nil {
		p.Kill()
		return nil, err
	}
	return p, nil
}
