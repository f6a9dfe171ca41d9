package logstoreextension

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componentstatus"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"go.uber.org/zap/zaptest/observer"

	"github.com/mina-observability/otelcol-mina/internal/logstore"
	"github.com/mina-observability/otelcol-mina/test/program"
)

// deadline is how long anything that is waited for may take.
const deadline = time.Minute

// realEngine returns the program that the tests run, or skips.
func realEngine(t *testing.T) string {
	t.Helper()
	if err := program.HasVictoriaLogs(); err != nil {
		t.Skip(err)
	}
	return filepath.Join(program.Root(), "_build", "victoria-logs")
}

// ownConfig is that of a store of its own, which looks often how it does.
func ownConfig(t *testing.T, path string) *Config {
	cfg := createDefaultConfig().(*Config)
	cfg.Path, cfg.Directory, cfg.Listen = path, t.TempDir(), program.FreeAddress()
	return cfg
}

// fixture is a store that runs, and what it says.
type fixture struct {
	*logStore
	cfg    *Config
	client http.Client
	logged *observer.ObservedLogs
	host   *host
}

// host takes the events of the component status.
type host struct {
	component.Host
	events chan *componentstatus.Event
}

func (h *host) Report(event *componentstatus.Event) { h.events <- event }

// prepare returns a store that has not started.
func prepare(t *testing.T, cfg *Config) *fixture {
	t.Helper()
	require.NoError(t, cfg.Validate())
	core, logged := observer.New(zapcore.InfoLevel)
	set := componenttest.NewNopTelemetrySettings()
	set.Logger = zap.New(core)
	store, err := newLogStore(cfg, set)
	require.NoError(t, err)
	if o, ok := store.store.(*own); ok {
		o.supervisor.interval = 50 * time.Millisecond
	}
	t.Cleanup(func() {
		for _, entry := range logged.All() {
			if t.Failed() {
				t.Log(entry.Time.Format(time.TimeOnly), entry.Message, entry.ContextMap())
			}
		}
	})
	tripper, err := store.RoundTripper(nil)
	require.NoError(t, err)
	return &fixture{
		logStore: store, cfg: cfg, logged: logged, client: http.Client{Transport: tripper, Timeout: deadline},
		host: &host{Host: componenttest.NewNopHost(), events: make(chan *componentstatus.Event, 1000)},
	}
}

// startStore starts a store, which ends with the test.
func startStore(t *testing.T, cfg *Config) *fixture {
	t.Helper()
	f := prepare(t, cfg)
	require.NoError(t, f.Start(t.Context(), f.host))
	t.Cleanup(func() { require.NoError(t, f.Shutdown(context.Background())) })
	return f
}

// waitFor polls until something holds.
func waitFor(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for until := time.Now().Add(deadline); !holds(); time.Sleep(5 * time.Millisecond) {
		require.True(t, time.Now().Before(until), "in vain: "+what)
	}
}

func (f *fixture) waitState(t *testing.T, state logstore.State) logstore.Status {
	t.Helper()
	waitFor(t, "state "+string(state), func() bool { return f.Status().State == state })
	return f.Status()
}

// insert writes records with these messages, of now, and returns what is answered.
func (f *fixture) insert(messages ...string) (int, error) {
	return f.insertAt(time.Now(), messages...)
}

func (f *fixture) insertAt(at time.Time, messages ...string) (int, error) {
	var lines strings.Builder
	for _, message := range messages {
		fmt.Fprintf(&lines, `{"_time":%q,"_msg":%q,"service.name":"test"}`+"\n", at.UTC().Format(time.RFC3339Nano), message)
	}
	response, err := f.client.Post("http://log_store/insert/jsonline?_stream_fields=service.name", "application/stream+json", strings.NewReader(lines.String()))
	if err != nil {
		return 0, err
	}
	defer response.Body.Close()
	return response.StatusCode, nil
}

// query returns the messages that a query has.
func (f *fixture) query(query string) ([]string, error) {
	response, err := f.client.Get("http://log_store/select/logsql/query?query=" + strings.ReplaceAll(query, " ", "+"))
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("status %s", response.Status)
	}
	var messages []string
	for lines := json.NewDecoder(response.Body); ; {
		var record struct {
			Message string `json:"_msg"`
		}
		switch err := lines.Decode(&record); err {
		case nil:
			messages = append(messages, record.Message)
		case io.EOF:
			return messages, nil
		default:
			return nil, err
		}
	}
}

// waitQuery waits until a query has these messages.
func (f *fixture) waitQuery(t *testing.T, query string, want ...string) {
	t.Helper()
	var got []string
	waitFor(t, fmt.Sprintf("records %v", want), func() bool {
		var err error
		got, err = f.query(query)
		return err == nil && assert.ElementsMatch(new(testing.T), want, got)
	})
}

func TestStoreIsWrittenAndReadWithoutItsPasswordOrAddress(t *testing.T) {
	f := startStore(t, ownConfig(t, realEngine(t)))
	f.waitState(t, logstore.StateRunning)
	status, err := f.insert("hello")
	require.NoError(t, err)
	assert.Equal(t, http.StatusOK, status)
	f.waitQuery(t, "hello", "hello")
	response, err := http.Get("http://" + f.cfg.Listen + "/select/logsql/query?query=*")
	require.NoError(t, err)
	defer response.Body.Close()
	assert.Equal(t, http.StatusUnauthorized, response.StatusCode, "others have no password")
}

func TestRequestsForOthersAndForOtherPathsAreRefused(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { t.Error("a request came to", r.URL) }))
	defer server.Close()
	cfg := createDefaultConfig().(*Config)
	cfg.ClientConfig.Endpoint = server.URL
	f := startStore(t, cfg)
	for _, url := range []string{
		"http://example.com/select/logsql/query", server.URL + "/select/logsql/query", "http://log_store.example.com/select/", "http://log_store:80/select/",
		"http://log_store/delete/run_task", "http://log_store/delete/run_task/", "http://log_store/select//", "http://log_store/select/../", "http://log_store/select/../delete/run_task", "http://log_store/metrics", "http://log_store/flags", "http://log_store/", "http://log_store/internal/force_flush",
	} {
		_, err := f.client.Get(url)
		assert.ErrorContains(t, err, "log_store is for", url)
	}
}
