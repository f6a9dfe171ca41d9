package e2e

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mina-observability/otelcol-mina/test/program"
)

// stopWithin is how long any set-up may take to stop.
const stopWithin = 8 * time.Second

// unanswered is a set-up whose records are on their way when it is told to stop.
type unanswered struct {
	program.Settings
	// pipelines have a destination that does not answer.
	pipelines []string
	// busy reports whether records are on their way.
	busy func(c *program.Collector) bool
	// post, if there is one, keeps a request of a client open.
	post func(t *testing.T, c *program.Collector)
}

// afterwards is the same set-up with an endpoint behind the pipelines that takes all.
func (u *unanswered) afterwards(endpoint string) program.Settings {
	s := u.Settings
	s.Env = append(slices.Clone(s.Env), "OTLP_ENDPOINT="+endpoint)
	if !slices.Contains(s.Configs, "otlp.yaml") {
		s.Configs = append(slices.Clone(s.Configs), "otlp.yaml")
	}
	for _, pipeline := range u.pipelines {
		s.Overrides = append(slices.Clone(s.Overrides), "service::pipelines::"+pipeline+"::exporters: [lossless_otlp_http]")
	}
	return s
}

// hangingListener accepts connections, and neither reads nor answers.
func hangingListener(t testing.TB) (address string, accepted *atomic.Int32) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	accepted = &atomic.Int32{}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for {
			connection, err := listener.Accept()
			if err != nil {
				return
			}
			accepted.Add(1)
			defer connection.Close()
		}
	}()
	t.Cleanup(func() { _ = listener.Close(); <-ended })
	return listener.Addr().String(), accepted
}

func asked(requests *atomic.Int32) func(*program.Collector) bool {
	return func(*program.Collector) bool { return requests.Load() > 0 }
}

func hasSaid(text string) func(*program.Collector) bool {
	return func(c *program.Collector) bool { return strings.Contains(c.Output(), text) }
}

// answering counts requests and answers them all with a status.
func answering(t testing.TB, status int) (*httptest.Server, *atomic.Int32) {
	t.Helper()
	var requests atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		requests.Add(1)
		w.WriteHeader(status)
	}))
	t.Cleanup(server.Close)
	return server, &requests
}

// stalledUpload sends the beginning of a request.
func stalledUpload(t *testing.T, c *program.Collector) {
	t.Helper()
	connection, err := net.Dial("tcp", c.Intake)
	require.NoError(t, err)
	t.Cleanup(func() { _ = connection.Close() })
	_, err = fmt.Fprintf(connection, "POST /v1/mina HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{", c.Intake)
	require.NoError(t, err)
}

// waitingPost posts a record. A client that is not told 202 has it still.
func waitingPost(t *testing.T, c *program.Collector) {
	t.Helper()
	answered := make(chan struct{})
	go func() {
		defer close(answered)
		client := newClient(nil)
		response, err := client.Post("http://"+c.Intake+"/v1/mina", "application/json", strings.NewReader(oneRecord))
		if err == nil {
			_ = response.Body.Close()
		}
	}()
	t.Cleanup(func() { <-answered })
}

// unansweredSetups are made for a test, by name.
var unansweredSetups = map[string]func(t *testing.T, state, logs, delivery string) *unanswered{
	"a destination that hangs": func(t *testing.T, state, logs, delivery string) *unanswered {
		server, requests := hangingServer(t)
		return &unanswered{Settings: program.OTLP(state, logs, server.URL, delivery), busy: asked(requests)}
	},
	"a destination that refuses connections": func(_ *testing.T, state, logs, delivery string) *unanswered {
		return &unanswered{
			Settings: program.OTLP(state, logs, "http://"+program.FreeAddress(), delivery),
			busy:     hasSaid("cannot reach the destination"),
		}
	},
	"a destination that answers 503": func(t *testing.T, state, logs, delivery string) *unanswered {
		server, requests := answering(t, http.StatusServiceUnavailable)
		return &unanswered{Settings: program.OTLP(state, logs, server.URL, delivery), busy: asked(requests)}
	},
	"a destination that answers 401": func(t *testing.T, state, logs, delivery string) *unanswered {
		server, requests := answering(t, http.StatusUnauthorized)
		return &unanswered{Settings: program.OTLP(state, logs, server.URL, delivery), busy: asked(requests)}
	},
	"papertrail, which refuses connections": func(_ *testing.T, state, logs, delivery string) *unanswered {
		s := program.OTLP(state, logs, "", delivery)
		s.Configs, s.Env = []string{"base.yaml", "papertrail.yaml"}, append(s.Env, "PAPERTRAIL_ENDPOINT="+program.FreeAddress())
		return &unanswered{Settings: s, pipelines: []string{"logs/papertrail"}, busy: hasSaid("cannot connect to")}
	},
	"sentry, which refuses connections": func(_ *testing.T, state, logs, delivery string) *unanswered {
		s := program.OTLP(state, logs, "", delivery)
		s.Configs, s.Env = []string{"base.yaml", "sentry.yaml"}, append(s.Env, "SENTRY_DSN=http://0123456789abcdef@"+program.FreeAddress()+"/1")
		return &unanswered{Settings: s, pipelines: []string{"logs/sentry"}, busy: hasSaid("cannot reach Sentry")}
	},
	"two destinations, one hangs": func(t *testing.T, state, logs, delivery string) *unanswered {
		server, requests := hangingServer(t)
		s := program.OTLP(state, logs, newEndpoint(t).URL, delivery)
		s.Configs = append(s.Configs, stockOTLP(t, server.URL))
		return &unanswered{Settings: s, pipelines: []string{"logs/stock"}, busy: asked(requests)}
	},
	"two destinations that hang": func(t *testing.T, state, logs, delivery string) *unanswered {
		one, _ := hangingServer(t)
		other, requests := hangingServer(t)
		s := program.OTLP(state, logs, one.URL, delivery)
		s.Configs = append(s.Configs, stockOTLP(t, other.URL))
		return &unanswered{Settings: s, pipelines: []string{"logs/stock"}, busy: asked(requests)}
	},
	"six destinations that hang": func(t *testing.T, state, logs, delivery string) *unanswered {
		server, requests := hangingServer(t)
		u := &unanswered{Settings: program.OTLP(state, logs, server.URL, delivery), busy: asked(requests)}
		for i := range 5 {
			u.Overrides = append(u.Overrides, fmt.Sprintf("{exporters: {lossless_otlp_http/%d: {endpoint: %q}}, service: {pipelines: {logs/%d: {receivers: [fanout], exporters: [lossless_otlp_http/%d]}}}}", i, server.URL, i, i))
			u.pipelines = append(u.pipelines, fmt.Sprint("logs/", i))
		}
		return u
	},
	"papertrail, which hangs": func(t *testing.T, state, logs, delivery string) *unanswered {
		address, accepted := hangingListener(t)
		s := program.OTLP(state, logs, "", delivery)
		s.Configs, s.Env = []string{"base.yaml", "papertrail.yaml"}, append(s.Env, "PAPERTRAIL_ENDPOINT="+address)
		return &unanswered{Settings: s, pipelines: []string{"logs/papertrail"}, busy: asked(accepted)}
	},
	"sentry, which hangs": func(t *testing.T, state, logs, delivery string) *unanswered {
		server, requests := hangingServer(t)
		s := program.OTLP(state, logs, "", delivery)
		s.Configs, s.Env = []string{"base.yaml", "sentry.yaml"}, append(s.Env, "SENTRY_DSN="+strings.Replace(server.URL, "://", "://0123456789abcdef@", 1)+"/1")
		return &unanswered{Settings: s, pipelines: []string{"logs/sentry"}, busy: asked(requests)}
	},
	"kafka, which hangs": func(t *testing.T, state, logs, delivery string) *unanswered {
		address, accepted := hangingListener(t)
		return &unanswered{Settings: toKafka(&broker{address: address}, state, logs, delivery), pipelines: []string{"logs/kafka"}, busy: asked(accepted)}
	},
	"an upload that stalls": func(t *testing.T, state, logs, delivery string) *unanswered {
		server, requests := hangingServer(t)
		return &unanswered{Settings: program.OTLP(state, logs, server.URL, delivery), busy: asked(requests), post: stalledUpload}
	},
	"a post that waits": func(t *testing.T, state, logs, delivery string) *unanswered {
		server, requests := hangingServer(t)
		return &unanswered{Settings: program.OTLP(state, logs, server.URL, delivery), busy: asked(requests), post: waitingPost}
	},
}

// unansweredLines are records that every destination is sent.
func unansweredLines() string {
	return strings.ReplaceAll(numbered(0, unansweredRecords), "INFO", "ERROR")
}

const unansweredRecords = 10_000

func TestStopsWithinEightSecondsAndLosesNothing(t *testing.T) {
	term, interrupt := []os.Signal{syscall.SIGTERM}, []os.Signal{syscall.SIGINT}
	for name, setup := range unansweredSetups {
		for _, delivery := range deliveries {
			all := [][]os.Signal{term}
			if name == "a destination that hangs" {
				all = append(all, interrupt, append(interrupt, interrupt...))
			}
			for _, signals := range all {
				t.Run(fmt.Sprint(name, " ", delivery, " ", signals), func(t *testing.T) {
					t.Parallel()
					state, path := t.TempDir(), filepath.Join(t.TempDir(), "app.log")
					appendTo(t, path, unansweredLines())
					u := setup(t, state, path, delivery)
					c := startCollector(t, u.Settings)
					eventually(t, func() bool { return u.busy(c) }, "records are on their way")
					if u.post != nil {
						u.post(t, c)
					}
					begin := time.Now()
					for _, signal := range signals {
						c.Signal(signal)
					}
					<-c.Ended
					t.Logf("stopped in %s", time.Since(begin).Round(time.Millisecond))
					assert.Less(t, time.Since(begin), stopWithin)
					assert.NotContains(t, c.Output(), "Dropping data")
					requireNothingLost(t, u)
				})
			}
		}
	}
}

func requireNothingLost(t *testing.T, u *unanswered) {
	t.Helper()
	e := newEndpoint(t)
	c := startCollector(t, u.afterwards(e.URL))
	eventually(t, func() bool { return len(e.bodies()) >= unansweredRecords }, "nothing is lost")
	c.Stop()
}

// TestReloadLosesNothing sends a SIGHUP, on which the collector reads its configuration
// again and makes every component anew.
func TestReloadLosesNothing(t *testing.T) {
	for _, name := range []string{"a destination that hangs", "two destinations, one hangs", "kafka, which hangs", "an upload that stalls"} {
		setup := unansweredSetups[name]
		for _, delivery := range deliveries {
			t.Run(name+" "+delivery, func(t *testing.T) {
				t.Parallel()
				state, path := t.TempDir(), filepath.Join(t.TempDir(), "app.log")
				appendTo(t, path, unansweredLines())
				u := setup(t, state, path, delivery)
				c := startCollector(t, u.Settings)
				eventually(t, func() bool { return u.busy(c) }, "records are on their way")
				ready := func(times int) func() bool {
					return func() bool { return strings.Count(c.Output(), "Everything is ready") == times }
				}
				eventually(t, ready(1), "it listens to signals")
				begin := time.Now()
				c.Signal(syscall.SIGHUP)
				eventually(t, ready(2), "it is reloaded")
				assert.Less(t, time.Since(begin), stopWithin)
				eventually(t, func() bool { return c.Health("logs") == http.StatusOK }, "it takes records")
				t.Logf("reloaded in %s", time.Since(begin).Round(time.Millisecond))
				begin = time.Now()
				c.Stop()
				assert.Less(t, time.Since(begin), stopWithin)
				requireNothingLost(t, u)
			})
		}
	}
}

// TestStandardInputStopsToo ends with 3, since what is left of the input is gone.
func TestStandardInputStopsToo(t *testing.T) {
	for name, signal := range map[string]os.Signal{"terminated": syscall.SIGTERM, "interrupted": syscall.SIGINT, "reloaded": syscall.SIGHUP} {
		for input, open := range map[string]bool{"at its end": false, "that goes on": true} {
			t.Run(name+" "+input, func(t *testing.T) {
				t.Parallel()
				server, requests := hangingServer(t)
				text := unansweredLines()[:32<<10]
				stdin := io.Reader(strings.NewReader(text))
				if open {
					stdin = openInput(t, text)
				}
				p := pipe(t, stdin, server.URL, "acknowledged")
				eventually(t, func() bool { return requests.Load() > 0 }, "records are on their way")
				begin := time.Now()
				p.Signal(signal)
				eventually(t, func() bool {
					select {
					case <-p.Ended:
						return true
					default:
						return false
					}
				}, "it ends")
				assert.Less(t, time.Since(begin), stopWithin)
				assert.Equal(t, 3, p.ExitCode())
				assert.NotContains(t, p.Output(), "Dropping data")
			})
		}
	}
}
