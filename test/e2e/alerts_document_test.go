package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mina-observability/otelcol-mina/test/program"
)

// alertsDocument returns the text of docs/alerts.md.
func alertsDocument(t *testing.T) string {
	t.Helper()
	document, err := os.ReadFile(filepath.Join(program.Root(), "docs", "alerts.md"))
	require.NoError(t, err)
	return string(document)
}

// TestTheAlertsOfTheExampleAreThoseOfTheDocument runs the command that tries rules on a log.
func TestTheAlertsOfTheExampleAreThoseOfTheDocument(t *testing.T) {
	t.Parallel()
	match := regexp.MustCompile("(?s)```sh\n(cat examples/alerts.log [^\n]+)\n```\n\n```text\n(.+?)```").FindStringSubmatch(alertsDocument(t))
	require.NotNil(t, match, "the command and what it prints")
	binary(t)
	cmd := exec.Command("sh", "-c", match[1])
	cmd.Dir, cmd.Env = program.Root(), append(os.Environ(), "MINA_STATE_DIR="+t.TempDir())
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, string(out))
	transitions := regexp.MustCompile(`(?m)^\d{4}-\S+ (?:FIRING|RESOLVED) .*\n`).FindAllString(string(out), -1)
	assert.Equal(t, match[2], strings.Join(transitions, ""))
}
