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

// searched matches what docs/destinations.md says a section's records are found by.
var searched = regexp.MustCompile("(?m)^Search: ((?:`[^`]+`(?:, |,\n)?)+)")

// searches returns the searches of a section of the document.
func searches(t *testing.T, section string) []string {
	t.Helper()
	document, err := os.ReadFile(filepath.Join(program.Root(), "docs", "destinations.md"))
	require.NoError(t, err)
	_, text, found := strings.Cut(string(document), "\n### "+section+"\n")
	require.True(t, found, "a section %s", section)
	text, _, _ = strings.Cut(text, "\n##")
	match := searched.FindStringSubmatch(text)
	require.NotNil(t, match, "a line that begins with Search:")
	return regexp.MustCompile("`([^`]+)`").FindAllString(match[1], -1)
}

func TestSearchesFindWhatTheDocumentSays(t *testing.T) {
	for section, name := range map[string]string{"Grafana Loki": "Loki", "VictoriaLogs": "VictoriaLogs"} {
		t.Run(section, func(t *testing.T) {
			t.Parallel()
			kind := kinds[name]
			e, logs := kind.restartable(t)(), filepath.Join(t.TempDir(), "app.log")
			write(t, logs, "%s\n%s\n%s\n", example("INFO", "Charging", 41), example("ERROR", "Charge failed", 42), example("WARNING", "Charge is late", 43))
			kind.collect(t, e, t.TempDir(), logs)
			eventuallyHolds(t, func(t require.TestingT) bool { return kind.stored(e, t) == 3 }, "the lines arrive")
			for _, query := range searches(t, section) {
				found := kind.find(e, t, strings.Trim(query, "`"))
				if assert.Len(t, found, 1, query) {
					assert.Equal(t, "Charge failed", found[0]["_msg"], query)
				}
			}
		})
	}
}

// example returns a line as the document's, of a user, whose meeting is 4669 above.
func example(level, message string, user int) string {
	line := fields(0, time.Now())
	line["level"], line["message"], line["meeting_id"] = level, message, 4669+user
	line["user"] = map[string]any{"id": user, "username": "ana"}
	if level == "ERROR" {
		line["exception"] = map[string]any{"type": "ValueError", "message": "Invalid meeting ID format", "traceback": "ValueError: Invalid meeting ID format"}
	}
	text, _ := json.Marshal(line)
	return string(text)
}
