package e2e

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/plog/plogotlp"
	"go.uber.org/goleak"
)

const deadline = 30 * time.Second

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m, goleak.IgnoreTopFunction("net/http.(*persistConn).readLoop"), goleak.IgnoreTopFunction("net/http.(*persistConn).writeLoop"))
}

func root(t testing.TB) string {
	t.Helper()
	dir, err := filepath.Abs("../..")
	require.NoError(t, err)
	return dir
}

func binary(t testing.TB) string {
	t.Helper()
	path := filepath.Join(root(t), "_build", "otelcol-mina")
	require.FileExists(t, path, "build it with: make build")
	return path
}

func eventually(t testing.TB, condition func() bool, message string, args ...any) {
	t.Helper()
	require.Eventually(t, condition, deadline, 20*time.Millisecond, append([]any{message}, args...)...)
}

func freePort(t testing.TB) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer listener.Close()
	_, port, err := net.SplitHostPort(listener.Addr().String())
	require.NoError(t, err)
	return port
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

// process is a program that a test has started.
type process struct {
	cmd    *exec.Cmd
	output *output
	ended  chan struct{}
	once   sync.Once
}

// start starts a program, and ends it with the test. What it printed is shown if
// the test fails.
func start(t testing.TB, cmd *exec.Cmd) *process {
	t.Helper()
	p := &process{cmd: cmd, output: &output{}, ended: make(chan struct{})}
	cmd.Stdout, cmd.Stderr = p.output, p.output
	if cmd.Dir == "" {
		cmd.Dir = root(t)
	}
	require.NoError(t, cmd.Start())
	go func() {
		_ = cmd.Wait()
		close(p.ended)
	}()
	t.Cleanup(func() {
		p.stop()
		if t.Failed() {
			t.Logf("%s printed:\n%s", filepath.Base(cmd.Path), p.output)
		}
	})
	return p
}

// stop asks the program to end, and kills it if it does not.
func (p *process) stop() {
	p.once.Do(func() {
		_ = p.cmd.Process.Signal(syscall.SIGTERM)
		select {
		case <-p.ended:
		case <-time.After(deadline):
			_ = p.cmd.Process.Kill()
			<-p.ended
		}
	})
}

// kill ends the program as a crash does.
func (p *process) kill() {
	p.once.Do(func() {
		_ = p.cmd.Process.Kill()
		<-p.ended
	})
}

// collector is a running collector.
type collector struct {
	*process
	intake string
}

type settings struct {
	configs []string
	env     []string
	args    []string
}

// startCollector runs the binary with shipped configurations, and addresses of
// the test's own.
func startCollector(t testing.TB, s settings) collector {
	t.Helper()
	intake, health := freePort(t), freePort(t)
	var args []string
	for _, config := range s.configs {
		args = append(args, "--config", "config/"+config)
	}
	args = append(args,
		"--config", "yaml:receivers::mina::http::endpoint: localhost:"+intake,
		"--config", "yaml:extensions::health_check::endpoint: localhost:"+health,
		"--config", "yaml:service::telemetry::metrics::level: none",
	)
	cmd := exec.Command(binary(t), append(args, s.args...)...)
	cmd.Env = append(os.Environ(), s.env...)
	c := collector{start(t, cmd), "localhost:" + intake}
	eventually(t, func() bool {
		select {
		case <-c.ended:
			t.Fatalf("the collector has ended: %s", c.output)
		default:
		}
		response, err := http.Get("http://localhost:" + health)
		if err != nil {
			return false
		}
		defer response.Body.Close()
		return response.StatusCode == http.StatusOK
	}, "the collector is healthy")
	return c
}

// endpoint is an OTLP/HTTP endpoint that keeps what it takes.
type endpoint struct {
	*httptest.Server
	mu       sync.Mutex
	requests []plog.Logs
	raw      bytes.Buffer
	refuse   func() int
}

func newEndpoint(t testing.TB) *endpoint {
	t.Helper()
	e := &endpoint{}
	e.Server = httptest.NewServer(http.HandlerFunc(e.handle))
	t.Cleanup(e.Close)
	return e
}

func (e *endpoint) handle(w http.ResponseWriter, r *http.Request) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.refuse != nil {
		if status := e.refuse(); status != 0 {
			w.WriteHeader(status)
			return
		}
	}
	body := io.Reader(r.Body)
	if r.Header.Get("Content-Encoding") == "gzip" {
		var err error
		if body, err = gzip.NewReader(r.Body); err != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
	}
	text, err := io.ReadAll(body)
	request := plogotlp.NewExportRequest()
	if err != nil || r.URL.Path != "/v1/logs" || request.UnmarshalProto(text) != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	e.raw.Write(text)
	e.requests = append(e.requests, request.Logs())
	answer, _ := plogotlp.NewExportResponse().MarshalProto()
	w.Header().Set("Content-Type", "application/x-protobuf")
	_, _ = w.Write(answer)
}

func (e *endpoint) setRefuse(refuse func() int) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.refuse = refuse
}

// taken is one record as the endpoint has it.
type taken struct {
	plog.LogRecord
	resource, attributes map[string]any
	scope                string
}

func (e *endpoint) records() (all []taken) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, logs := range e.requests {
		for _, rl := range logs.ResourceLogs().All() {
			for _, sl := range rl.ScopeLogs().All() {
				for _, record := range sl.LogRecords().All() {
					all = append(all, taken{record, rl.Resource().Attributes().AsRaw(), record.Attributes().AsRaw(), sl.Scope().Name()})
				}
			}
		}
	}
	return all
}

func (e *endpoint) bytes() string {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.raw.String()
}

// bodies counts the records by their body.
func (e *endpoint) bodies() map[string]int {
	count := map[string]int{}
	for _, record := range e.records() {
		count[record.Body().AsString()]++
	}
	return count
}

// requireNumbered asserts that the records 0 to n have arrived, each at most so often.
func (e *endpoint) requireNumbered(t testing.TB, n, most int) {
	t.Helper()
	bodies := e.bodies()
	for i := range n {
		count := bodies[fmt.Sprintf("record %d", i)]
		require.Positive(t, count, "record %d is lost", i)
		require.LessOrEqual(t, count, most, "record %d", i)
	}
}

// numbered returns the lines of the records from..to.
func numbered(from, to int) string {
	var text strings.Builder
	for i := from; i < to; i++ {
		fmt.Fprintf(&text, `{"timestamp": "2025-10-01T16:12:05Z", "level": "INFO", "logger": "app", "message": "record %d"}`+"\n", i)
	}
	return text.String()
}

func appendTo(t testing.TB, path, text string) {
	t.Helper()
	file, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	require.NoError(t, err)
	_, err = file.WriteString(text)
	require.NoError(t, err)
	require.NoError(t, file.Close())
}

func otlp(state, logs, endpoint, delivery string) settings {
	return settings{
		configs: []string{"base.yaml", "otlp.yaml"},
		env:     []string{"MINA_STATE_DIR=" + state, "MINA_LOGS=" + logs, "OTLP_ENDPOINT=" + endpoint, "MINA_DELIVERY=" + delivery},
	}
}

var deliveries = []string{"acknowledged", "queued"}
