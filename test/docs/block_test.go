package docs

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// blocks returns the blocks of all documents.
func blocks(t *testing.T) []Block {
	t.Helper()
	found, err := Blocks()
	require.NoError(t, err)
	require.NotEmpty(t, found)
	return found
}

// inLanguage returns the blocks of all documents in a language.
func inLanguage(t *testing.T, language string) (found []Block) {
	t.Helper()
	for _, b := range blocks(t) {
		if b.Language == language {
			found = append(found, b)
		}
	}
	return found
}

// TestEveryBlockIsOfALanguageThatIsChecked lets nothing pass that no test here reads.
func TestEveryBlockIsOfALanguageThatIsChecked(t *testing.T) {
	checked := map[string]string{
		"sh":     "TestCommandsWork",
		"yaml":   "TestConfigurationsAreValid",
		"json":   "TestObjectsAreJSON",
		"python": "TestPythonCompiles",
		"ini":    "TestUnitsAreUnits",
		"text":   "it is what is seen, and nothing to type",
	}
	for _, b := range blocks(t) {
		require.Contains(t, checked, b.Language, "%s: name the language of the block: %v", b, checked)
	}
}
