package rules

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mina-observability/otelcol-mina/processor/minaprocessor/internal/redaction/text"
)

func TestRuleNamesAreUniqueAndInASet(t *testing.T) {
	seen := map[string]bool{SensitiveKey: true}
	for _, r := range Catalogue {
		require.NoError(t, checkName(r.Name, seen))
		seen[r.Name] = true
		assert.NotEmpty(t, r.Sets, r.Name)
		assert.NotEmpty(t, r.Finds, r.Name)
		for _, anchor := range append(r.InText().Anchors, r.Keywords...) {
			assert.GreaterOrEqual(t, len(anchor), text.MinAnchor, "%s: %q", r.Name, anchor)
		}
	}
}

func TestEveryRuleHasExamples(t *testing.T) {
	files, err := os.ReadDir("testdata/rules")
	require.NoError(t, err)
	names := make([]string, len(files))
	for i, file := range files {
		names[i] = strings.TrimSuffix(file.Name(), ".txt")
	}
	assert.ElementsMatch(t, CatalogueNames(), names)
}

// TestReadmeHasTheRules compares the table in the processor's README with the
// rules. MINA_UPDATE_GOLDEN=1 writes it anew.
func TestReadmeHasTheRules(t *testing.T) {
	const readme, begin, end = "../../../README.md", "<!-- rules -->\n", "<!-- end of rules -->"
	text, err := os.ReadFile(readme)
	require.NoError(t, err)
	before, rest, found := strings.Cut(string(text), begin)
	require.True(t, found)
	table, after, found := strings.Cut(rest, end)
	require.True(t, found)
	var want strings.Builder
	want.WriteString("| rule | sets | finds |\n|---|---|---|\n")
	for _, r := range Catalogue {
		fmt.Fprintf(&want, "| `%s` | %s | %s |\n", r.Name, strings.Join(r.Sets, ", "), r.Finds)
	}
	if os.Getenv("MINA_UPDATE_GOLDEN") != "" {
		require.NoError(t, os.WriteFile(readme, []byte(before+begin+want.String()+end+after), 0o600))
		return
	}
	require.Equal(t, want.String(), table)
}
