package engines

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"
)

// text is what the message of line n is.
func text(n int) string { return fmt.Sprintf("Meeting summarised, record %d", n) }

// numberOf returns the number of a stored message, or -1.
func numberOf(message string) int {
	n, err := strconv.Atoi(message[strings.LastIndexByte(message, ' ')+1:])
	if err != nil {
		return -1
	}
	return n
}

// the lines that have more than an engine takes, of each thousand.
const (
	longTraceback = 7 + iota
	manyFields
	longFields
	longMessage
	tooManyFields
	longNames
)

// fields returns what line n has, logged at a time.
func fields(n int, at time.Time) map[string]any {
	line := map[string]any{
		"timestamp": at.UTC().Format("2006-01-02T15:04:05.000000+00:00"), "level": "INFO", "logger": "services.billing",
		"module": "billing", "function": "charge", "line": 7, "process_id": 10177 + n%2, "hostname": "mina-prod-01",
		"request_id": fmt.Sprintf("0f8fad5b-d9cb-469f-a165-%012d", n), "message": text(n), "meeting_id": n,
		"http": map[string]any{"method": "POST", "path": "/api/charge", "ip": "203.0.113.9", "user_agent": "curl/8.14.1"},
		"user": map[string]any{"id": n % 50, "username": "ana"},
	}
	switch n % 1000 {
	case longTraceback:
		const frame = "  File \"/srv/mina/services/billing.py\", line 41, in charge\n    raise ValueError\n"
		line["level"] = "ERROR"
		line["exception"] = map[string]any{
			"type": "ValueError", "message": "Invalid meeting ID format",
			"traceback": "Traceback (most recent call last):\n" + strings.Repeat(frame, 2000) + "ValueError: the end of " + text(n),
		}
	case manyFields:
		details(line, 200, "detail")
	case tooManyFields:
		details(line, 1200, "detail")
	case longNames:
		details(line, 5, strings.Repeat("detail", 40))
	case longFields:
		for i := range 5 {
			line[fmt.Sprintf("detail_%d", i)] = strings.Repeat("x", 16<<10)
		}
	case longMessage:
		line["message"] = strings.Repeat("für ", 40_000) + text(n)
	}
	return line
}

// details gives a line some fields more.
func details(line map[string]any, count int, name string) {
	for i := range count {
		line[fmt.Sprintf("%s_%d", name, i)] = "value " + strconv.Itoa(i)
	}
}

// writeLines appends lines to a file, logged at their times.
func writeLines(t *testing.T, path string, from, to int, at func(n int) time.Time) {
	t.Helper()
	file, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	require.NoError(t, err)
	out := bufio.NewWriter(file)
	for n := from; n < to; n++ {
		line, err := json.Marshal(fields(n, at(n)))
		require.NoError(t, err)
		_, _ = out.Write(append(line, '\n'))
	}
	require.NoError(t, out.Flush())
	require.NoError(t, file.Close())
}

// letters returns the dead letters below a folder by their numbers: their reasons.
func letters(t require.TestingT, state string) map[int][]string {
	files, err := filepath.Glob(filepath.Join(state, "dead-letter", "*.jsonl*"))
	require.NoError(t, err)
	reasons := map[int][]string{}
	for _, file := range files {
		content, err := os.ReadFile(file)
		require.NoError(t, err)
		for line := range strings.Lines(string(content)) {
			if !strings.HasSuffix(line, "\n") {
				break // is being written
			}
			logs, err := (&plog.JSONUnmarshaler{}).UnmarshalLogs([]byte(line))
			require.NoError(t, err)
			for _, rl := range logs.ResourceLogs().All() {
				for _, sl := range rl.ScopeLogs().All() {
					for _, record := range sl.LogRecords().All() {
						reason := record.Attributes().AsRaw()["mina.dead_letter.reason"]
						n := numberOf(record.Body().AsString())
						reasons[n] = append(reasons[n], fmt.Sprint(reason))
					}
				}
			}
		}
	}
	return reasons
}
