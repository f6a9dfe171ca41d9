package e2e

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mina-observability/otelcol-mina/internal/corpus"
	"github.com/mina-observability/otelcol-mina/test/program"
)

// otherSets are the kinds that the default set of rules leaves.
var otherSets = []string{"people", "national_ids"}

// TestKindsOfSecretsDoNotLeave has the texts of all kinds as messages of the application:
// what is marked in them is in no record, and of what is no secret nothing is hidden.
func TestKindsOfSecretsDoNotLeave(t *testing.T) {
	t.Parallel()
	paths, err := filepath.Glob(filepath.Join(program.Root(), "processor/minaprocessor/internal/redaction/testdata/kinds/*.txt"))
	require.NoError(t, err)
	var examples []corpus.Example
	for _, path := range paths {
		name, _, _ := strings.Cut(strings.TrimSuffix(filepath.Base(path), ".txt"), "-")
		if slices.Contains(otherSets, name) {
			continue
		}
		list, err := corpus.ReadExamples(path)
		require.NoError(t, err)
		examples = append(examples, list...)
	}
	var lines strings.Builder
	for i, example := range examples {
		line, err := json.Marshal(map[string]any{"timestamp": "2025-10-01T16:12:05.123456", "level": "INFO", "logger": "app", "message": example.Text, "number": strconv.Itoa(i)})
		require.NoError(t, err)
		lines.Write(append(line, '\n'))
	}
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "kinds.log"), []byte(lines.String()), 0o600))
	records := readAll(t, dir)["kinds.log"]
	require.Len(t, records, len(examples))
	for _, record := range records {
		i, err := strconv.Atoi(fmt.Sprint(record.attributes["number"]))
		require.NoError(t, err)
		example, body := examples[i], record.Body().AsString()
		if len(example.Secrets) == 0 && !strings.Contains(example.Text, "[REDACTED:") {
			assert.NotContains(t, body, "[REDACTED:", example.Text)
		}
		for _, secret := range example.Secrets {
			assert.NotContains(t, body+fmt.Sprint(record.attributes), secret, example.Text)
		}
	}
}
