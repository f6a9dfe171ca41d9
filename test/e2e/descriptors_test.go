package e2e

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mina-observability/otelcol-mina/test/program"
)

// TestMoreFilesThanDescriptors reads more files than the process may have open, which are
// rotated and grow meanwhile, while somebody sends records over HTTP and asks for the health.
func TestMoreFilesThanDescriptors(t *testing.T) {
	for _, tt := range []struct{ descriptors, files int }{{64, 200}, {256, 2000}} {
		t.Run(fmt.Sprintf("%d files, %d descriptors", tt.files, tt.descriptors), func(t *testing.T) {
			const each = 10
			e, dir := newEndpoint(t), t.TempDir()
			path := func(i int) string { return filepath.Join(dir, fmt.Sprintf("app-%d.log", i)) }
			for i := range tt.files {
				appendTo(t, path(i), numbered(each*i, each*i+each))
			}
			s := program.OTLP(t.TempDir(), dir+"/*", e.URL, "acknowledged")
			s.Descriptors = tt.descriptors
			c := startCollector(t, s)
			eventually(t, func() bool { return len(e.bodies()) == tt.files*each }, "the first records")
			post(t, c, tt.files*each)

			for i := range tt.files {
				if i%2 == 0 {
					require.NoError(t, os.Rename(path(i), path(i)+".1"))
				}
				appendTo(t, path(i), numbered(each*(1+tt.files+i), each*(1+tt.files+i)+each))
			}
			want := 2*tt.files*each + 1
			eventually(t, func() bool { return len(e.bodies()) == want }, "those after the rotation")
			assert.Equal(t, http.StatusOK, c.Health(""))
			c.Stop()
			for body, count := range e.bodies() {
				require.Equal(t, 1, count, body)
			}
			bounds := 0
			for line := range strings.Lines(c.Output()) {
				if strings.Contains(line, "is bounded by what the process may have open") {
					bounds++
					assert.Contains(t, line, fmt.Sprintf(`"descriptors": %d`, tt.descriptors))
				}
				assert.NotContains(t, line, "too many open files")
			}
			assert.Equal(t, 2, bounds, "for the files and for the connections, once")
		})
	}
}

// TestEverythingAtOnceWithFewDescriptors has a destination that answers late, so that many
// requests are on their way, and more clients than there may be connections.
func TestEverythingAtOnceWithFewDescriptors(t *testing.T) {
	const files, each, clients = 100, 500, 30
	e, dir := newEndpoint(t), t.TempDir()
	late := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		time.Sleep(200 * time.Millisecond) // as a destination that is far away
		e.handle(w, r)
	}))
	t.Cleanup(late.Close)
	for i := range files {
		appendTo(t, filepath.Join(dir, fmt.Sprintf("app-%d.log", i)), numbered(each*i, each*i+each))
	}
	s := program.OTLP(t.TempDir(), dir+"/*", late.URL, "acknowledged")
	s.Descriptors = 64
	c := startCollector(t, s)
	var sending sync.WaitGroup
	for i := range clients {
		sending.Go(func() {
			client := &http.Client{Transport: &http.Transport{}} // with a connection of its own
			defer client.CloseIdleConnections()
			for j := range 5 {
				number := files*each + 5*i + j
				response, err := client.Post("http://"+c.Intake+"/v1/mina", "application/json", strings.NewReader(numbered(number, number+1)))
				if assert.NoError(t, err) {
					assert.NoError(t, response.Body.Close())
					assert.Equal(t, http.StatusAccepted, response.StatusCode)
				}
			}
		})
	}
	eventually(t, func() bool { return len(e.bodies()) == files*each+5*clients }, "all of it")
	sending.Wait()
	assert.Equal(t, http.StatusOK, c.Health(""))
	c.Stop()
	e.requireNumbered(t, files*each+5*clients, 1)
	assert.NotContains(t, c.Output(), "too many open files")
}

// post sends a record over HTTP.
func post(t *testing.T, c *program.Collector, number int) {
	t.Helper()
	response, err := http.Post("http://"+c.Intake+"/v1/mina", "application/json", strings.NewReader(numbered(number, number+1)))
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	require.Equal(t, http.StatusAccepted, response.StatusCode)
}
