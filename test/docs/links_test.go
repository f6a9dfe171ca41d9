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

var (
	link    = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	heading = regexp.MustCompile(`(?m)^#+ (.+)$`)
	marks   = regexp.MustCompile("[^a-z0-9_ -]")
)

// TestLinksLeadSomewhere follows each link to a file, and to a heading in it.
func TestLinksLeadSomewhere(t *testing.T) {
	paths, err := documents()
	require.NoError(t, err)
	require.NotEmpty(t, paths)
	for _, document := range paths {
		text, err := os.ReadFile(filepath.Join(program.Root(), document))
		require.NoError(t, err)
		for _, match := range link.FindAllStringSubmatch(string(text), -1) {
			path, anchor, _ := strings.Cut(match[1], "#")
			if strings.Contains(match[1], "://") || strings.HasPrefix(match[1], "mailto:") {
				continue
			}
			to := filepath.Join(program.Root(), document)
			if path != "" {
				to = filepath.Join(filepath.Dir(to), path)
			}
			if _, err := os.Stat(to); !assert.NoError(t, err, "%s: %s", document, match[1]) {
				continue
			}
			if anchor != "" {
				assert.Contains(t, anchors(t, to), anchor, "%s: %s", document, match[1])
			}
		}
	}
}

// anchors returns the names by which the headings of a document are linked to, as GitHub
// makes them.
func anchors(t *testing.T, path string) (names []string) {
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	for _, match := range heading.FindAllStringSubmatch(string(text), -1) {
		name := marks.ReplaceAllString(strings.ToLower(match[1]), "")
		names = append(names, strings.ReplaceAll(name, " ", "-"))
	}
	return names
}
