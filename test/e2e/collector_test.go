package e2e

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/plog/plogotlp"
	"go.uber.org/goleak"

	"github.com/mina-observability/otelcol-mina/test/program"
)

const deadline = 30 * time.Second

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m, goleak.IgnoreTopFunction("net/http.(*persistConn).readLoop"), goleak.IgnoreTopFunction("net/http.(*persistConn).writeLoop"))
}

func binary(t testing.TB) string {
	t.Helper()
	path, err := program.Binary()
	require.NoError(t, err)
	return path
}

func eventually(t testing.TB, condition func() bool, message string, args ...any) {
	t.Helper()
	require.Eventually(t, condition, deadline, 20*time.Millisecond, append([]any{message}, args...)...)
}

// eventuallyHolds is eventually for a condition that may fail on its way, as it does at a
// line that is only half written.
func eventuallyHolds(t testing.TB, condition func(t require.TestingT) bool, message string, args ...any) {
	t.Helper()
	said := append([]any{message}, args...)
	require.EventuallyWithT(t, func(c *assert.CollectT) { assert.True(c, condition(c), said...) }, deadline, 20*time.Millisecond, said...)
}

// endWith ends a program with the test. What it printed is shown if the test fails.
func endWith(t testing.TB, p *program.Process) {
	t.Helper()
	t.Cleanup(func() {
		p.Stop()
		if t.Failed() {
			t.Logf("it printed:\n%s", p.Output())
		}
	})
}

// start starts a program, at the root of the repository if it says no other place.
func start(t testing.TB, cmd *exec.Cmd) *program.Process {
	t.Helper()
	if cmd.Dir == "" {
		cmd.Dir = program.Root()
	}
	p, err := program.Start(cmd)
	require.NoError(t, err)
	endWith(t, p)
	return p
}

// startCollector starts a collector, and waits until it is healthy.
func startCollector(t testing.TB, s program.Settings) *program.Collector {
	t.Helper()
	c, err := program.StartCollector(s)
	require.NoError(t, err)
	endWith(t, c.Process)
	require.NoError(t, c.WaitReady())
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

var deliveries = []string{"acknowledged", "queued"}
