package engines

import (
	"encoding/json"
	"net/http"
	"net/url"
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// victoriaLogs says how a VictoriaLogs is started, as it is by default but for its flags.
type victoriaLogs struct {
	dir, http string
	flags     []string
}

func newVictoriaLogs(t testing.TB, flags ...string) *victoriaLogs {
	return &victoriaLogs{dir: t.TempDir(), http: loopback(t), flags: flags}
}

func (v *victoriaLogs) start(t testing.TB) *engine {
	t.Helper()
	path := binary(t, "victoria-logs")
	cmd := exec.Command(path, append([]string{"-storageDataPath=" + v.dir, "-httpListenAddr=" + v.http, "-loggerLevel=WARN"}, v.flags...)...)
	return run(t, cmd, v.http, "/insert/opentelemetry/v1/logs", "/health")
}

// found returns the records that a LogsQL query finds of all that the engine has taken, by
// the names of their fields.
func (e *engine) found(t require.TestingT, query string) []map[string]string {
	e.flush(t)
	return e.visible(t, query)
}

// flush makes visible what the engine has taken.
func (e *engine) flush(t require.TestingT) {
	status, text := e.get("/internal/force_flush", nil)
	require.Equal(t, http.StatusOK, status, text)
}

// visible returns what is found of the records that are visible already.
func (e *engine) visible(t require.TestingT, query string) []map[string]string {
	status, text := e.get("/select/logsql/query", url.Values{"query": {query}})
	require.Equal(t, http.StatusOK, status, text)
	var records []map[string]string
	for decoder := json.NewDecoder(strings.NewReader(text)); decoder.More(); {
		var record map[string]string
		require.NoError(t, decoder.Decode(&record))
		records = append(records, record)
	}
	return records
}
