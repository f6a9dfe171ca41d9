package program

import (
	"fmt"
	"net"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// Kafka is a broker that runs as a program, and keeps what it has on disk.
type Kafka struct {
	// Address is where it listens.
	Address string

	path, data string
}

// BuildKafka builds test/kafka into a directory, in which it keeps what it has, too.
func BuildKafka(directory string) (*Kafka, error) {
	k := &Kafka{path: filepath.Join(directory, "kafka"), data: filepath.Join(directory, "kafka-data")}
	_, port, err := net.SplitHostPort(FreeAddress())
	if err != nil {
		return nil, err
	}
	k.Address = "127.0.0.1:" + port
	cmd := exec.Command("go", "build", "-o", k.path, "./test/kafka")
	cmd.Dir = Root()
	if out, err := cmd.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("cannot build test/kafka: %w: %s", err, out)
	}
	return k, nil
}

// Start starts the broker, and returns when it listens.
func (k *Kafka) Start() (*Process, error) {
	_, port, err := net.SplitHostPort(k.Address)
	if err != nil {
		return nil, err
	}
	p, err := Start(exec.Command(k.path, "-port", port, "-data", k.data))
	if err != nil {
		return nil, err
	}
	for until := time.Now().Add(readyDeadline); time.Now().Before(until); time.Sleep(5 * time.Millisecond) {
		select {
		case <-p.Ended:
			return nil, fmt.Errorf("%w: %s", errEnded, lastLines(p.Output()))
		default:
		}
		if strings.Contains(p.Output(), "listening on") {
			return p, nil
		}
	}
	return nil, fmt.Errorf("the broker does not listen after %s", readyDeadline)
}
