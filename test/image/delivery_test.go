package image

import (
	"flag"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mina-observability/otelcol-mina/test/endpoint"
)

// records is how many each container with little memory delivers. The default is more than
// one with 64 MiB survived that took 200 of them.
var records = flag.Int("records", 60_000, "how many records each container with little memory delivers")

// backend is a double of a vendor that containers reach by the address of their host.
type backend struct {
	*endpoint.Endpoint
	address string
	token   atomic.Value
}

func newBackend(t *testing.T) *backend {
	taken, err := endpoint.New(nil)
	require.NoError(t, err)
	t.Cleanup(taken.Close)
	listener, err := net.Listen("tcp", ":0")
	require.NoError(t, err)
	b := &backend{Endpoint: taken}
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b.token.Store(r.Header.Get("dd-api-key"))
		taken.ServeHTTP(w, r)
	}))
	require.NoError(t, server.Listener.Close())
	server.Listener = listener
	server.Start()
	t.Cleanup(func() { server.CloseClientConnections(); server.Close() })
	_, port, err := net.SplitHostPort(listener.Addr().String())
	require.NoError(t, err)
	b.address = "http://host.containers.internal:" + port
	return b
}

// logs returns the directory of a log with so many records, which a group may read.
func logs(t *testing.T, n int) string {
	t.Helper()
	directory := t.TempDir()
	for d := directory; d != os.TempDir(); d = filepath.Dir(d) {
		require.NoError(t, os.Chmod(d, 0o755))
	}
	var text strings.Builder
	for i := range n {
		fmt.Fprintf(&text, `{"timestamp": "2025-10-01T16:12:%02d.%06d+00:00", "level": "INFO", "logger": "app", "message": "Request %d handled for ana@example.com with token=%032x", `+
			`"module": "main", "function": "end", "line": 62, "process_id": 10177, "hostname": "mina-prod-01", "request_id": "0f8fad5b-d9cb-469f-a165-%012d", `+
			`"http": {"method": "POST", "path": "/api/meetings/7/transcribe?lang=de", "ip": "203.0.113.9", "user_agent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36"}, `+
			`"user": {"id": 42, "username": "ana"}, "status_code": 200, "processing_time_ms": 12.5, "detail": %q}`+"\n", i/1000%60, i%1000*1000, i, i, i, strings.Repeat("x", 200))
	}
	path := filepath.Join(directory, "app.log")
	require.NoError(t, os.WriteFile(path, []byte(text.String()), 0o640))
	require.NoError(t, os.Chown(path, 0, logReaders))
	return directory
}

// logReaders is Debian's group adm, which may read logs.
const logReaders = 4

func deliversWithATokenAlone(t *testing.T, i *image) {
	b := newBackend(t)
	const n = 100
	c := i.start(t, "--volume", logs(t, n)+":/var/log/mina:ro", "--group-add", fmt.Sprint(logReaders), "--env", "MINA_LOGS=/var/log/mina/*.log",
		"--env", "DD_OTLP_ENDPOINT="+b.address, "--env", "DD_API_KEY=planted-key", i.name)
	c.wait(t, "the records are delivered", deadline, func() bool { return b.Taken() >= n })
	assert.Equal(t, "planted-key", b.token.Load())
	assert.Contains(t, c.logs(t), `{"destinations": ["datadog"]}`)
	assert.NotContains(t, c.logs(t), "planted-key")

	// The next one goes on where this one has ended, since the volume keeps the state.
	volume := c.inspect(t, "{{range .Mounts}}{{if eq .Destination \"/var/lib/otelcol-mina\"}}{{.Name}}{{end}}{{end}}")
	require.NotEmpty(t, volume)
	out, err := c.run(t, "podman", "stop", "--time", "20", c.id)
	require.NoError(t, err, out)
	next := i.start(t, "--volume", volume+":/var/lib/otelcol-mina", "--env", "MINA_LOGS=/var/log/mina/*.log",
		"--volumes-from", c.id, "--group-add", fmt.Sprint(logReaders), "--env", "OTLP_ENDPOINT="+b.address, i.name)
	code, answer := 0, ""
	next.wait(t, "it takes a record", deadline, func() bool {
		code, answer = ask(http.MethodPost, next.address(t, 8319)+"/v1/mina", `{"message": "one more"}`)
		return code == http.StatusAccepted
	})
	assert.Equal(t, http.StatusAccepted, code, answer)
	assert.EqualValues(t, n+1, b.Taken(), "nothing is read again")
}

// deliversWithLittleMemory has containers read much with the memory that the smallest have.
func deliversWithLittleMemory(t *testing.T, i *image) {
	directory := logs(t, *records)
	for _, limit := range []int{64, 96, 128, 256} {
		t.Run(fmt.Sprintf("%d MiB", limit), func(t *testing.T) {
			t.Parallel()
			b := newBackend(t)
			memory := fmt.Sprintf("%dm", limit)
			c := i.start(t, "--memory", memory, "--memory-swap", memory, "--volume", directory+":/var/log/mina:ro", "--group-add", fmt.Sprint(logReaders),
				"--env", "MINA_LOGS=/var/log/mina/*.log", "--env", "OTLP_ENDPOINT="+b.address, i.name)
			begun := time.Now()
			c.wait(t, "the records are delivered", 10*time.Minute, func() bool { return b.Taken() >= int64(*records) })
			t.Logf("%d records in %s", b.Taken(), time.Since(begun).Round(100*time.Millisecond))
			usable := min(200, limit*8/10)
			assert.Contains(t, c.logs(t), fmt.Sprintf(`"limit_mib": %d,`, usable))
			assert.Equal(t, "running", c.inspect(t, "{{.State.Status}}"))
		})
	}
}
