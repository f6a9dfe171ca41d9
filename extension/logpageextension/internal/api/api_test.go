package api

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
	"go.uber.org/zap"

	"github.com/mina-observability/otelcol-mina/extension/logpageextension/internal/engine"
	"github.com/mina-observability/otelcol-mina/internal/logstore"
	"github.com/mina-observability/otelcol-mina/test/program"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// now is the time at which the page is looked at in the tests.
var now = time.Date(2026, 11, 26, 17, 0, 0, 0, time.UTC)

// site is the API in front of a real store.
type site struct {
	*API
	store  *program.VictoriaLogs
	status logstore.Status
}

// newSite returns the API in front of a store with records, an object in JSON a line.
func newSite(t testing.TB, lines ...string) *site {
	t.Helper()
	store, err := program.StartVictoriaLogs(t.TempDir(), program.FreeAddress())
	if errors.Is(err, program.ErrNoVictoriaLogs) {
		t.Skip(err)
	}
	require.NoError(t, err)
	t.Cleanup(func() { store.Kill() })
	if len(lines) > 0 {
		require.NoError(t, store.Load(strings.Join(lines, "\n")+"\n"))
	}
	return inFrontOf(t, store)
}

func inFrontOf(t testing.TB, store *program.VictoriaLogs) *site {
	s := &site{store: store, status: logstore.Status{State: logstore.StateRunning, Since: now.Add(-time.Hour), RetentionDays: 30}}
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	client := engine.New(toStore{transport, strings.TrimPrefix(store.URL, "http://")}, func() logstore.Status { return s.status })
	s.API = New(client, Options{Version: "1.2.3", MaxLive: 2, Now: func() time.Time { return now }, Logger: zap.NewNop()})
	return s
}

// toStore sends what is for the store to where it is.
type toStore struct {
	http.RoundTripper
	address string
}

func (s toStore) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.URL.Host = s.address
	return s.RoundTripper.RoundTrip(r)
}

// get asks a question: a path, and parameters by turns of name and value.
func (s *site) get(t testing.TB, path string, parameters ...string) (int, string) {
	t.Helper()
	values := url.Values{}
	for i := 0; i < len(parameters); i += 2 {
		values.Add(parameters[i], parameters[i+1])
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, path+"?"+values.Encode(), nil))
	return w.Code, w.Body.String()
}

// ask asks a question that has an answer.
func ask[T any](t testing.TB, s *site, path string, parameters ...string) T {
	t.Helper()
	status, text := s.get(t, path, parameters...)
	require.Equal(t, http.StatusOK, status, text)
	var answer T
	require.NoError(t, json.Unmarshal([]byte(text), &answer), text)
	return answer
}

// line returns a record for the store: its time and its fields by turns of name and value.
func line(at time.Time, fields ...string) string {
	record := map[string]string{"_time": at.UTC().Format(time.RFC3339Nano), "service.name": "mina", "scope.name": "app", "host.name": "mina-prod-01"}
	for i := 0; i < len(fields); i += 2 {
		record[fields[i]] = fields[i+1]
	}
	text, _ := json.Marshal(record)
	return string(text)
}

// ago is a time before now.
func ago(d time.Duration) time.Time { return now.Add(-d) }
