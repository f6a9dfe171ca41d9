package engines

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mina-observability/otelcol-mina/test/program"
)

// The day, the request and the meeting of docs/search.md.
const (
	documentedDay     = "2025-10-01"
	documentedRequest = "0f8fad5b-d9cb-469f-a165-70867728950e"
	documentedMeeting = 4711
)

// question is a row of the document: its cells by the heads of their columns.
type question map[string]string

// questions returns the rows of docs/search.md, by what they are about, as of yesterday.
func questions(t *testing.T) map[string]question {
	t.Helper()
	document, err := os.ReadFile(filepath.Join(program.Root(), "docs", "search.md"))
	require.NoError(t, err)
	text := strings.ReplaceAll(string(document), documentedDay, yesterday().Format(time.DateOnly))
	_, text, found := strings.Cut(text, "\n## From jq to the page\n")
	require.True(t, found)
	text, _, _ = strings.Cut(text, "\n## Growing to a cluster\n")
	rows := map[string]question{}
	var heads []string
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if !strings.HasPrefix(line, "|") {
			heads = nil
			continue
		}
		cells := strings.Split(strings.ReplaceAll(strings.Trim(line, "|"), `\|`, "\x00"), "|")
		for i := range cells {
			cells[i] = strings.ReplaceAll(strings.TrimSpace(cells[i]), "\x00", "|")
		}
		switch {
		case heads == nil:
			heads = cells
		case !strings.HasPrefix(cells[0], "---"):
			if rows[cells[0]] == nil {
				rows[cells[0]] = question{}
			}
			for i, head := range heads {
				rows[cells[0]][head] = cells[i]
			}
		}
	}
	return rows
}

// code returns the code in a cell, or "".
func (q question) code(t *testing.T, head string) string {
	t.Helper()
	require.Contains(t, q, head)
	match := regexp.MustCompile("^`([^`]+)`$").FindStringSubmatch(q[head])
	if match == nil {
		return ""
	}
	return match[1]
}

func yesterday() time.Time { return time.Now().UTC().AddDate(0, 0, -1).Truncate(day) }

// applicationLog returns a log, each line with a number: with what the questions ask for, what
// they almost ask for, and what others have.
func applicationLog(t *testing.T, begin time.Time, every time.Duration) string {
	t.Helper()
	var lines strings.Builder
	for n := range 1800 {
		at := begin.Add(time.Duration(n) * every)
		line := map[string]any{
			"timestamp": at.Format("2006-01-02T15:04:05.000000+00:00"), "level": "INFO", "logger": "app", "message": "Request handled", "entry": n,
			"module": "app", "function": "end", "line": 12, "process_id": 10177 + n%2, "hostname": "mina-prod-01", "request_id": fmt.Sprintf("0f8fad5b-d9cb-469f-a165-%012d", n),
			"http": map[string]any{"method": "POST", "path": "/api/meetings", "ip": "203.0.113.9", "user_agent": "curl/8.14.1"},
			"user": map[string]any{"id": strconv.Itoa(n % 50), "username": []string{"ana", "anabel", "Ben", "joana"}[n%4]},
		}
		switch n % 12 {
		case 1:
			line["logger"], line["message"], line["meeting_id"], line["duration_seconds"] = "services.transcription", "Transcription finished", documentedMeeting+n%36-1, float64(n%250)
		case 2:
			line["logger"], line["level"], line["message"] = "services.limiter", "WARNING", "Rate limit of ana nearly reached"
		case 3:
			line["logger"], line["message"] = "services.transcription.queue", "The rate limits are as they were"
		case 4:
			line["level"], line["message"], line["exception"] = "ERROR", "Request failed", map[string]any{"type": "ValueError", "message": "Invalid meeting ID format", "traceback": "Traceback (most recent call last):\n  File \"/srv/mina/app.py\", line 12, in end\nValueError: Invalid meeting ID format"}
		case 5:
			line["level"], line["message"] = []string{"CRITICAL", "DEBUG"}[n/12%2], "No connection left, level ERROR"
		case 6:
			delete(line, "user")
		case 7:
			line["request_id"], line["message"] = documentedRequest, "over the rate limit"
			line["timestamp"] = at.Add(-time.Duration(n%5) * 10 * every).Format("2006-01-02T15:04:05.000000+00:00")
		}
		text, err := json.Marshal(line)
		require.NoError(t, err)
		lines.Write(append(text, '\n'))
	}
	return lines.String()
}

// asked returns the numbers of the lines that a jq command finds, in its order.
func asked(t *testing.T, command, folder string) []int {
	t.Helper()
	if _, err := exec.LookPath("jq"); err != nil {
		t.Skip("jq is not installed")
	}
	cmd := exec.Command("sh", "-c", command)
	cmd.Dir = folder
	answer, err := cmd.Output()
	require.NoError(t, err, command)
	var numbers []int
	for decoder := json.NewDecoder(strings.NewReader(string(answer))); decoder.More(); {
		var line struct{ Entry int }
		require.NoError(t, decoder.Decode(&line))
		numbers = append(numbers, line.Entry)
	}
	return numbers
}

// entries returns the numbers of records, in their order.
func entries(t require.TestingT, records []map[string]string) []int {
	var numbers []int
	for _, record := range records {
		n, err := strconv.Atoi(record["entry"])
		require.NoError(t, err)
		numbers = append(numbers, n)
	}
	return numbers
}

func sorted(numbers []int) []int {
	numbers = slices.Clone(numbers)
	slices.Sort(numbers)
	return numbers
}

// TestTheStoresAnswerWhatJqAnswers runs the queries of the document on one log.
func TestTheStoresAnswerWhatJqAnswers(t *testing.T) {
	rows := questions(t)
	require.Len(t, rows, 12)
	for name, c := range map[string]struct {
		column string
		begin  time.Time
		every  time.Duration
	}{
		"VictoriaLogs": {"LogsQL", yesterday().Add(13 * time.Hour), 6 * time.Second},
		"Loki":         {"Loki (LogQL)", time.Now().UTC().Add(-50 * time.Minute), time.Second}, // which takes nothing that is late
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			kind, folder, lines := kinds[name], t.TempDir(), applicationLog(t, c.begin, c.every)
			e := kind.restartable(t)()
			kind.collect(t, e, t.TempDir(), write(t, filepath.Join(folder, "app.log"), "%s", lines))
			eventuallyHolds(t, func(t require.TestingT) bool { return kind.stored(e, t) == strings.Count(lines, "\n") }, "the lines arrive")
			for about, row := range rows {
				query := row.code(t, c.column)
				if query == "" {
					continue // the time is chosen beside it
				}
				want := asked(t, row.code(t, "jq"), folder)
				assert.NotEmpty(t, want, about)
				assert.Less(t, len(want), strings.Count(lines, "\n")/2, about)
				assert.Equal(t, sorted(want), sorted(entries(t, kind.find(e, t, query))), query)
			}
			if name == "VictoriaLogs" {
				row := rows["its timeline"]
				assert.Equal(t, asked(t, row.code(t, "jq"), folder), entries(t, e.found(t, row.code(t, c.column))), "in the same order")
			}
		})
	}
}
