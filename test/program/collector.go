package program

import (
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"sync/atomic"
)

// Settings say how a collector is started.
type Settings struct {
	// Configs are configuration files, in config/ or with a path of their own.
	Configs []string
	// Overrides change single settings: receivers::mina::max_in_flight: 1MiB.
	Overrides []string
	// Env holds variables, as NAME=value.
	Env []string
	// Descriptors, if not 0, is how many files and connections it may have open.
	Descriptors int
}

// OTLP is the shipped set-up that reads files and sends them to an OTLP endpoint.
func OTLP(state, logs, endpoint, delivery string) Settings {
	return Settings{
		Configs: []string{"base.yaml", "otlp.yaml"},
		Env:     []string{"MINA_STATE_DIR=" + state, "MINA_LOGS=" + logs, "OTLP_ENDPOINT=" + endpoint, "MINA_DELIVERY=" + delivery},
	}
}

// Collector is a running collector.
type Collector struct {
	*Process
	// Intake is the address of the HTTP intake, in configurations with base.yaml.
	Intake string
	// OTLP is the address of the OTLP receiver over HTTP, and GRPC that over gRPC, in
	// configurations with gateway-otlp.yaml.
	OTLP, GRPC string
	// Status is the address of the status, in configurations with base.yaml, and Check
	// that of the health check.
	Status, Check string
	// Page is the address of the page, and Store what it shows, in configurations with
	// explore.yaml.
	Page  string
	Store Store
}

// Root returns the root of the repository.
func Root() string {
	_, file, _, _ := runtime.Caller(0)
	return filepath.Join(filepath.Dir(file), "..", "..")
}

// Binary returns the path of the built collector, or an error that says how to
// build it.
func Binary() (string, error) {
	path := filepath.Join(Root(), "_build", "otelcol-mina")
	if _, err := os.Stat(path); err != nil {
		return "", fmt.Errorf("build the collector with make build: %w", err)
	}
	return path, nil
}

// StartCollector starts the built binary, with addresses of its own, and returns
// before it is ready.
func StartCollector(s Settings) (*Collector, error) {
	binary, err := Binary()
	if err != nil {
		return nil, err
	}
	intake, health, status, page, store := FreeAddress(), FreeAddress(), FreeAddress(), FreeAddress(), FreeAddress()
	otlp, grpc := FreeAddress(), FreeAddress()
	var args []string
	for _, config := range s.Configs {
		if !filepath.IsAbs(config) {
			config = filepath.Join("config", config)
		}
		args = append(args, "--config", config)
		switch filepath.Base(config) {
		case "base.yaml":
			args = append(args, "--config", "yaml:receivers::mina::http::endpoint: "+intake, "--config", "yaml:extensions::mina_status::endpoint: "+status)
		case "gateway-otlp.yaml":
			args = append(args, "--config", "yaml:receivers::otlp::protocols::http::endpoint: "+otlp, "--config", "yaml:receivers::otlp::protocols::grpc::endpoint: "+grpc)
		case "explore.yaml":
			args = append(args, "--config", "yaml:extensions::log_store::listen: "+store, "--config", "yaml:extensions::log_page::endpoint: "+page)
		}
	}
	overrides := append([]string{
		"extensions::health_check::endpoint: " + health,
		"service::telemetry::metrics::level: none",
	}, s.Overrides...)
	for _, override := range overrides {
		args = append(args, "--config", "yaml:"+override)
	}
	cmd := exec.Command(binary, args...)
	if s.Descriptors > 0 {
		limited := fmt.Sprintf(`ulimit -n %d && exec "$0" "$@"`, s.Descriptors)
		cmd = exec.Command("sh", append([]string{"-c", limited, binary}, args...)...)
	}
	cmd.Dir, cmd.Env = Root(), append(os.Environ(), s.Env...)
	process, err := Start(cmd)
	if err != nil {
		return nil, err
	}
	return &Collector{Process: process, Intake: intake, OTLP: otlp, GRPC: grpc, Page: page, Store: storeOf(s.Env, store), Check: health, Status: status}, nil
}

// WaitReady returns when the collector is healthy, or has not become so.
func (c *Collector) WaitReady() error {
	return c.Await(readyDeadline, func() bool { return c.Health("") == http.StatusOK })
}

// Health returns what the health check answers for a pipeline, or, for "", for all
// of the collector: 200 for healthy, 0 for no answer.
func (c *Collector) Health(pipeline string) int {
	address := "http://" + c.Check
	if pipeline != "" {
		address += "/?pipeline=" + url.QueryEscape(pipeline)
	}
	response, err := http.Get(address)
	if err != nil {
		return 0
	}
	_ = response.Body.Close()
	return response.StatusCode
}

// The ports that FreeAddress gives out lie below those that the system gives to
// connections (Linux: from 32768), one of which could take the port before the program.
const (
	firstPort = 20000
	ports     = 12000
)

var nextPort atomic.Uint32

func init() { nextPort.Store(rand.Uint32N(ports)) }

// FreeAddress returns an address of loopback that nothing listens on, each once.
func FreeAddress() string {
	for range ports {
		address := fmt.Sprintf("localhost:%d", firstPort+nextPort.Add(1)%ports)
		if listener, err := net.Listen("tcp", address); err == nil {
			_ = listener.Close()
			return address
		}
	}
	return "localhost:0"
}
