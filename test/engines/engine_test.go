package engines

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/mina-observability/otelcol-mina/test/program"
)

// deadline bounds every wait of a test.
const deadline = 30 * time.Second

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m, goleak.IgnoreTopFunction("net/http.(*persistConn).readLoop"), goleak.IgnoreTopFunction("net/http.(*persistConn).writeLoop"))
}

// engine is a running store of logs.
type engine struct {
	*program.Process
	// url is its base URL, and logs the path that takes OTLP.
	url, logs string
}

// binary returns the path of a program that make test-engines builds.
func binary(t testing.TB, name string) string {
	t.Helper()
	path := filepath.Join(program.Root(), "_build", name)
	if _, err := os.Stat(path); err != nil {
		t.Skipf("%s has not been built: make test-engines", name)
	}
	return path
}

// run starts an engine, and returns when it is ready.
func run(t testing.TB, cmd *exec.Cmd, address, logs, ready string) *engine {
	t.Helper()
	process, err := program.Start(cmd)
	require.NoError(t, err)
	e := &engine{Process: process, url: "http://" + address, logs: logs}
	t.Cleanup(func() {
		process.Kill()
		if t.Failed() {
			t.Logf("%s printed:\n%s", filepath.Base(cmd.Path), lastOf(process.Output()))
		}
	})
	require.NoError(t, process.Await(deadline, func() bool {
		status, _ := e.get(ready, nil)
		return status == http.StatusOK
	}))
	return e
}

// lastOf returns the end of what a program has printed.
func lastOf(text string) string { return text[max(0, len(text)-4000):] }

// get returns the status and the text of an answer, or 0 and the error.
func (e *engine) get(path string, query url.Values) (int, string) {
	address := e.url + path
	if len(query) > 0 {
		address += "?" + query.Encode()
	}
	response, err := http.Get(address)
	if err != nil {
		return 0, err.Error()
	}
	defer response.Body.Close()
	text, _ := io.ReadAll(response.Body)
	return response.StatusCode, string(text)
}

// post sends a body to the engine as it is.
func (e *engine) post(t *testing.T, path string, header http.Header, body []byte) (*http.Response, string) {
	t.Helper()
	request, err := http.NewRequestWithContext(context.Background(), http.MethodPost, e.url+path, strings.NewReader(string(body)))
	require.NoError(t, err)
	request.Header = header
	response, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	return response, string(text)
}

func eventually(t testing.TB, condition func() bool, message string, args ...any) {
	t.Helper()
	require.Eventually(t, condition, deadline, 100*time.Millisecond, append([]any{message}, args...)...)
}

// eventuallyHolds is eventually for a condition that may fail on its way, as it does at a
// line that is only half written.
func eventuallyHolds(t *testing.T, condition func(t require.TestingT) bool, message string, args ...any) {
	t.Helper()
	said := append([]any{message}, args...)
	require.EventuallyWithT(t, func(c *assert.CollectT) { assert.True(c, condition(c), said...) }, deadline, 100*time.Millisecond, said...)
}

// write writes a file for an engine.
func write(t *testing.T, path, format string, args ...any) string {
	t.Helper()
	require.NoError(t, os.WriteFile(path, fmt.Appendf(nil, format, args...), 0o600))
	return path
}
