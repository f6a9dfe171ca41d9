package engines

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mina-observability/otelcol-mina/test/program"
)

// alertQueries matches a row of docs/alerts.md that has an alert as queries.
var alertQueries = regexp.MustCompile("(?m)^\\| `(\\w+)` \\| `(.+?)` \\| (?:`(.+?)`|none\\..*) \\|$")

// TestTheAlertsInTheStoresLanguagesFindTheSame runs the queries of the document on what
// meets each of the four alerts exactly, and on what almost does.
func TestTheAlertsInTheStoresLanguagesFindTheSame(t *testing.T) {
	document, err := os.ReadFile(filepath.Join(program.Root(), "docs", "alerts.md"))
	require.NoError(t, err)
	rows := alertQueries.FindAllStringSubmatch(string(document), -1)
	require.Len(t, rows, 4)
	expected := map[string]map[string]string{
		"ErrorBurst":     {"n": "11"},
		"CriticalRecord": {"n": "1", "scope.name": "app.db"},
		"SlowProcessing": {"n": "3", "scope.name": "app.pay", "process.pid": "100", "run": "1"},
		"FailedLogins":   {"n": "6", "client.address": "203.0.113.9"},
	}
	for name, find := range map[string]struct {
		column int
		query  func(e *engine, t require.TestingT, query string) []map[string]string
		label  func(name string) string
	}{
		"VictoriaLogs": {2, (*engine).found, func(name string) string { return name }},
		"Loki":         {3, (*engine).lokiSeries, func(name string) string { return strings.ReplaceAll(name, ".", "_") }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			kind := kinds[name]
			e, logs := kind.restartable(t)(), filepath.Join(t.TempDir(), "app.log")
			lines := alertLines(t)
			write(t, logs, "%s", lines)
			kind.collect(t, e, t.TempDir(), logs)
			eventuallyHolds(t, func(t require.TestingT) bool { return kind.stored(e, t) == strings.Count(lines, "\n") }, "the lines arrive")
			for _, row := range rows {
				query := strings.ReplaceAll(row[find.column], `\|`, "|")
				if query == "" {
					continue
				}
				labels := map[string]string{}
				for label, value := range expected[row[1]] {
					labels[find.label(label)] = value
				}
				assert.Equal(t, []map[string]string{labels}, find.query(e, t, query), query)
			}
		})
	}
}

// alertLines returns lines of the last seconds.
func alertLines(t *testing.T) string {
	t.Helper()
	var lines strings.Builder
	at := time.Now().Add(-20 * time.Second)
	add := func(times int, level, logger, message string, more map[string]any) {
		for range times {
			at = at.Add(100 * time.Millisecond)
			line := map[string]any{
				"timestamp": at.UTC().Format("2006-01-02T15:04:05.000000+00:00"), "level": level, "logger": logger, "message": message, "process_id": 100, "hostname": "mina-prod-01",
			}
			for key, value := range more {
				line[key] = value
			}
			text, err := json.Marshal(line)
			require.NoError(t, err)
			lines.Write(append(text, '\n'))
		}
	}
	add(11, "ERROR", "app.db", "Connection refused", nil)
	add(1, "CRITICAL", "app.db", "No connection left", nil)
	add(6, "WARNING", "app.auth", "Login failed", map[string]any{"http": map[string]any{"ip": "203.0.113.9"}})
	add(5, "WARNING", "app.auth", "Login failed", map[string]any{"http": map[string]any{"ip": "203.0.113.10"}})
	for _, ms := range []int{6000, 6001, 10, 6002, 6003, 6004, 20, 9000} {
		add(1, "INFO", "app.pay", "Summary written", map[string]any{"processing_time_ms": ms})
		add(1, "INFO", "app.pay", "Charged", nil)
	}
	return lines.String()
}
