package docs

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mina-observability/otelcol-mina/test/program"
)

var underHead = regexp.MustCompile(`^\|[ :|-]+\|$`)

// TestTablesHaveHeads holds that no row stands by itself, where it is shown as text.
func TestTablesHaveHeads(t *testing.T) {
	paths, err := documents()
	require.NoError(t, err)
	for _, document := range paths {
		text, err := os.ReadFile(filepath.Join(program.Root(), document))
		require.NoError(t, err)
		lines := strings.Split(string(text), "\n")
		for i := 1; i < len(lines)-1; i++ {
			if strings.HasPrefix(lines[i], "|") && !strings.HasPrefix(lines[i-1], "|") {
				assert.Regexp(t, underHead, lines[i+1], "%s:%d: the row is of no table", document, i+1)
			}
		}
	}
}
