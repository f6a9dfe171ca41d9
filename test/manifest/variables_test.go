package manifest

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestVariablesAreNotNothing holds that what is shipped and shown reads variables by
// ${var:…}: ${env:…} makes nothing of one that is not set, and an intake that was to ask for
// certificates, or a destination that was to get a token, goes on without.
func TestVariablesAreNotNothing(t *testing.T) {
	var files []string
	for _, pattern := range []string{"config/*.yaml", "examples/*/*.yaml", "receiver/*/README.md", "processor/*/README.md", "exporter/*/README.md", "connector/*/README.md", "extension/*/README.md"} {
		found, err := filepath.Glob(filepath.Join(root, pattern))
		require.NoError(t, err)
		require.NotEmpty(t, found, pattern)
		files = append(files, found...)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		assert.NotContains(t, string(text), "${env:", file)
	}
}
