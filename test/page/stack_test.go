package page

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mina-observability/otelcol-mina/test/program"
)

// stack is the built collector with a store and the page, over a log file.
type stack struct {
	*program.Collector
	// url is the page's, and logs the file that is read.
	url, logs string
	mu        sync.Mutex
}

// shared is the stack of all tests that only read and write.
var shared = struct {
	sync.Once
	*stack
	end  func()
	fail error
}{end: func() {}}

// sharedStack returns a running stack, whose records are told apart by their logger.
func sharedStack(t *testing.T) *stack {
	t.Helper()
	shared.Do(func() {
		var state string
		if state, shared.fail = os.MkdirTemp("", "page"); shared.fail != nil {
			return
		}
		if shared.stack, shared.fail = startStack(state); shared.fail == nil {
			shared.end = func() {
				shared.Stop()
				_ = os.RemoveAll(state)
			}
		}
	})
	require.NoError(t, shared.fail)
	return shared.stack
}

// ownStack starts a stack for a test that ends what belongs to it.
func ownStack(t *testing.T, overrides ...string) *stack {
	t.Helper()
	s, err := startStack(t.TempDir(), overrides...)
	require.NoError(t, err)
	t.Cleanup(func() {
		s.Stop()
		if t.Failed() {
			t.Logf("the collector printed:\n%s", s.Output())
		}
	})
	return s
}

func startStack(state string, overrides ...string) (*stack, error) {
	page, store := program.FreeAddress(), program.FreeAddress()
	s := &stack{url: "http://" + page, logs: filepath.Join(state, "Start_application_1.log")}
	if err := os.WriteFile(s.logs, nil, 0o600); err != nil {
		return nil, err
	}
	c, err := program.StartCollector(program.Settings{
		Configs:   []string{"base.yaml", "explore.yaml"},
		Overrides: append([]string{"extensions::log_page::endpoint: " + page, "extensions::log_store::listen: " + store}, overrides...),
		Env:       []string{"MINA_STATE_DIR=" + state, "MINA_LOGS=" + s.logs},
	})
	if err != nil {
		return nil, err
	}
	if err := c.WaitReady(); err != nil {
		c.Stop()
		return nil, err
	}
	s.Collector = c
	return s, nil
}

// fields are those of a line of the application.
type fields = map[string]any

// line is a line of the application's log, at a time: level and logger stand in fields or are
// usual ones.
func line(at time.Time, message string, more fields) string {
	all := fields{
		"timestamp": at.UTC().Format("2006-01-02T15:04:05.000000+00:00"), "level": "INFO", "logger": "app", "message": message,
		"hostname": "mina-prod-01", "process_id": 101,
	}
	for name, value := range more {
		all[name] = value
	}
	text, err := json.Marshal(all)
	if err != nil {
		panic(err)
	}
	return string(text) + "\n"
}

// write appends lines to the log.
func (s *stack) write(t *testing.T, lines ...string) {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	file, err := os.OpenFile(s.logs, os.O_APPEND|os.O_WRONLY, 0)
	if assert.NoError(t, err) {
		_, err = file.WriteString(strings.Join(lines, ""))
		assert.NoError(t, errors.Join(err, file.Close()))
	}
}

// stored waits until a search finds so many records of the last hour.
func (s *stack) stored(t *testing.T, q string, records int) {
	t.Helper()
	s.storedSince(t, "now-1h", q, records)
}

// storedSince waits until a search finds so many records since a time, and shows them:
// VictoriaLogs counts those of a new stream a while before it can say of which they are.
func (s *stack) storedSince(t *testing.T, from, q string, records int) {
	t.Helper()
	limit := min(records, 200)
	eventually(t, func() bool {
		var counted struct{ Total int }
		var shown struct{ Records []json.RawMessage }
		return s.answers("/api/volume", url.Values{"q": {q}, "from": {from}}, &counted) && counted.Total == records &&
			(limit == 0 || s.answers("/api/records", url.Values{"q": {q}, "from": {from}, "limit": {strconv.Itoa(limit)}}, &shown) && len(shown.Records) == limit)
	}, fmt.Sprintf("%d records of %s", records, q))
}

// answers reports whether there is an answer, which is put into a value.
func (s *stack) answers(path string, query url.Values, value any) bool {
	status, text := s.get(path, query)
	return status == http.StatusOK && json.Unmarshal([]byte(text), value) == nil
}

// get returns the status and the text of an answer, or 0 and the error.
func (s *stack) get(path string, query url.Values) (int, string) {
	response, err := http.Get(s.url + path + "?" + query.Encode())
	if err != nil {
		return 0, err.Error()
	}
	defer response.Body.Close()
	text, _ := io.ReadAll(response.Body)
	return response.StatusCode, string(text)
}

// tab opens a tab of the page.
func (s *stack) tab(t *testing.T, expected ...string) *tab {
	t.Helper()
	return newTab(t, s.url, expected...)
}

// view is the address of a view: #/search?q=….
func view(name string, params ...string) string {
	query := url.Values{}
	for i := 0; i < len(params); i += 2 {
		query.Set(params[i], params[i+1])
	}
	return "#/" + name + "?" + query.Encode()
}

// killStore kills the store that a collector runs.
func killStore(t *testing.T, s *stack) {
	t.Helper()
	children := s.Children()
	require.Len(t, children, 1)
	require.NoError(t, syscall.Kill(children[0], syscall.SIGKILL))
}
