package e2e

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
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

	"github.com/mina-observability/otelcol-mina/test/program"
)

// stockOTLP adds a destination with the collector's own exporter.
func stockOTLP(t testing.TB, endpoint string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "stock.yaml")
	require.NoError(t, os.WriteFile(path, []byte(fmt.Sprintf(`
exporters:
  otlp_http/stock:
    endpoint: %s
    sending_queue: {enabled: false}
service:
  pipelines:
    logs/stock: {receivers: [fanout], exporters: [otlp_http/stock]}
`, endpoint)), 0o600))
	return path
}

// withStock is base.yaml with a stock exporter.
func withStock(t testing.TB, state, logs, endpoint, delivery string) program.Settings {
	t.Helper()
	return program.Settings{
		Configs: []string{"base.yaml", stockOTLP(t, endpoint)},
		Env:     []string{"MINA_STATE_DIR=" + state, "MINA_LOGS=" + logs, "MINA_DELIVERY=" + delivery},
	}
}

// hangingServer counts requests and answers none.
func hangingServer(t testing.TB) (*httptest.Server, *atomic.Int32) {
	t.Helper()
	var requests atomic.Int32
	end := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		requests.Add(1)
		select {
		case <-r.Context().Done():
		case <-end:
		}
	}))
	t.Cleanup(func() { close(end); server.CloseClientConnections(); server.Close() })
	return server, &requests
}

func deadLettersOf(state, pipeline string) string {
	text, _ := os.ReadFile(filepath.Join(state, "dead-letter", "fanout_logs_"+pipeline+".jsonl"))
	return string(text)
}

func TestStockExporterThatIsRefusedLosesNothing(t *testing.T) {
	for _, delivery := range deliveries {
		for _, status := range []int{http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound} {
			t.Run(fmt.Sprint(delivery, " ", status), func(t *testing.T) {
				t.Parallel()
				e, state, path := newEndpoint(t), t.TempDir(), filepath.Join(t.TempDir(), "app.log")
				var refused atomic.Int32
				e.setRefuse(func() int { refused.Add(1); return status })
				appendTo(t, path, numbered(0, 100))
				c := startCollector(t, withStock(t, state, path, e.URL, delivery))
				eventually(t, func() bool { return refused.Load() > 1 }, "it is refused")
				e.setRefuse(nil)
				eventually(t, func() bool { return len(e.bodies()) == 100 }, "all, when the operator has acted")
				c.Stop()
				assert.Empty(t, deadLettersOf(state, "stock"))
			})
		}
	}
}

func TestStockExporterBuriesWhatIsRefusedBesideOthers(t *testing.T) {
	for _, delivery := range deliveries {
		t.Run(delivery, func(t *testing.T) {
			e, state, path := newEndpoint(t), t.TempDir(), filepath.Join(t.TempDir(), "app.log")
			front := httptest.NewServer(poisoned(e, "poison"))
			t.Cleanup(front.Close)
			appendTo(t, path, numbered(0, 50)+strings.ReplaceAll(numbered(50, 51), "record 50", "poison")+numbered(51, 100))
			c := startCollector(t, withStock(t, state, path, front.URL, delivery))
			eventually(t, func() bool { return len(e.bodies()) == 99 && deadLettersOf(state, "stock") != "" }, "the others")
			c.Stop()
			assert.Len(t, e.records(), 99, "each once")
			for line := range strings.Lines(c.Output()) {
				assert.Regexp(t, `^\d{4}-\d{2}-\d{2}T`, line, "a line is an entry, and no part of a stack trace")
			}
			assert.Contains(t, deadLettersOf(state, "stock"), "poison")
		})
	}
}

// poisoned refuses requests that hold a text.
func poisoned(e *endpoint, poison string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, text := readRequest(r)
		if strings.Contains(text, poison) {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		r.Body = body
		e.handle(w, r)
	})
}

func TestDeadDestinationDoesNotStopTheOthers(t *testing.T) {
	t.Parallel()
	for _, delivery := range deliveries {
		t.Run(delivery, func(t *testing.T) {
			live, dead, state, path := newEndpoint(t), newEndpoint(t), t.TempDir(), filepath.Join(t.TempDir(), "app.log")
			var down atomic.Bool
			down.Store(true)
			dead.setRefuse(func() int {
				if down.Load() {
					return http.StatusServiceUnavailable
				}
				return 0
			})
			s := program.OTLP(state, path, live.URL, delivery)
			s.Configs = append(s.Configs, stockOTLP(t, dead.URL))
			const records = 150_000 // more than may be in flight
			appendTo(t, path, numbered(0, records))
			c := startCollector(t, s)
			eventually(t, func() bool { return len(live.bodies()) == records }, "the live one has all")
			eventually(t, func() bool { return c.Health("logs/stock") != http.StatusOK }, "the dead one is unhealthy")
			assert.Equal(t, http.StatusOK, c.Health("logs/otlp"))
			assert.Contains(t, c.Output(), "The destination takes nothing; records wait until it does")
			c.Kill()
			down.Store(false)
			c = startCollector(t, s)
			eventually(t, func() bool { return len(dead.bodies()) == records }, "the dead one comes back")
			eventually(t, func() bool { return c.Health("logs/stock") == http.StatusOK }, "and is healthy")
			c.Stop()
		})
	}
}

func TestHealthIsByAcknowledgementWhateverTheExporter(t *testing.T) {
	for _, delivery := range deliveries {
		t.Run(delivery, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "app.log")
			server, _ := hangingServer(t)
			c := startCollector(t, withStock(t, t.TempDir(), path, server.URL, delivery))
			begin := time.Now()
			appendTo(t, path, numbered(0, 10))
			eventually(t, func() bool { return c.Health("logs/stock") != http.StatusOK }, "unhealthy")
			assert.InDelta(t, 5, time.Since(begin).Seconds(), 1.5)
			assert.Contains(t, c.Output(), "The destination takes nothing; records wait until it does")
			stopping := time.Now()
			c.Stop()
			assert.Less(t, time.Since(stopping), stopWithin)
		})
	}
}

// readRequest returns a request's body, to be read again, and its text.
func readRequest(r *http.Request) (io.ReadCloser, string) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return http.NoBody, ""
	}
	text := body
	if unpacked, err := gzip.NewReader(bytes.NewReader(body)); err == nil {
		text, _ = io.ReadAll(unpacked)
	}
	return io.NopCloser(bytes.NewReader(body)), string(text)
}
