package manifest

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mina-observability/otelcol-mina/test/contract"
)

// noVendors are the files in config/ that are no vendor's, and others those of vendors
// whose doubles take no OTLP.
var (
	noVendors = []string{"base", "stdin", "resend", "local", "otlp", "metrics", "explore", "explore-open", "opamp", "alerts", "alerts-try", "kafka", "gateway-otlp", "gateway-kafka"}
	others    = []string{"papertrail", "sentry"}
)

// longestOverlay is how many lines an overlay has at most.
const longestOverlay = 40

// TestEveryDestinationIsTestedAndDescribed holds config/, the doubles and the documents
// together.
func TestEveryDestinationIsTestedAndDescribed(t *testing.T) {
	doubles := slices.Clone(others)
	for _, v := range contract.Vendors() {
		doubles = append(doubles, v.Overlay)
	}
	readme, err := os.ReadFile(filepath.Join(root, "README.md"))
	require.NoError(t, err)
	destinations, err := os.ReadFile(filepath.Join(root, "docs/destinations.md"))
	require.NoError(t, err)
	sections := strings.Split(string(destinations), "\n### ")[1:]
	overlays, err := filepath.Glob(filepath.Join(root, "config/*.yaml"))
	require.NoError(t, err)
	for _, path := range overlays {
		overlay := strings.TrimSuffix(filepath.Base(path), ".yaml")
		if slices.Contains(noVendors, overlay) {
			continue
		}
		t.Run(overlay, func(t *testing.T) {
			i := slices.Index(doubles, overlay)
			require.GreaterOrEqual(t, i, 0, "test/contract has no double")
			doubles = slices.Delete(doubles, i, i+1)
			text, err := os.ReadFile(path)
			require.NoError(t, err)
			assert.LessOrEqual(t, strings.Count(string(text), "\n"), longestOverlay)
			assert.Contains(t, string(readme), "(config/"+overlay+".yaml)")
			at := slices.IndexFunc(sections, func(section string) bool { return strings.Contains(section, "`sh examples/send-test.sh "+overlay+"`") })
			require.GreaterOrEqual(t, at, 0, "docs/destinations.md has no section that tries it")
			assert.Contains(t, sections[at], "config/"+overlay+".yaml")
			for _, variable := range variables.FindAllStringSubmatch(string(text), -1) {
				assert.Regexp(t, `(?m)^#.*\b`+variable[1]+`\b`, string(text), "the variable is not described")
			}
		})
	}
	assert.Empty(t, doubles, "doubles without an overlay")
}

// variables are those that are not of every overlay, and without the AWS SDK's.
var variables = regexp.MustCompile(`\$\{(?:var|env):((?:[A-LN-Z]|M[A-HJ-Z])[A-Z0-9_]*)`)

// TestShippedFilesTakeVariablesThroughOurProvider, which takes one that is empty for one
// that is not set, and says what is wrong with a value.
func TestShippedFilesTakeVariablesThroughOurProvider(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(root, "config/*.yaml"))
	require.NoError(t, err)
	for _, path := range files {
		text, err := os.ReadFile(path)
		require.NoError(t, err)
		assert.NotContains(t, string(text), "${env:", "%s: write ${var:NAME:-default}", filepath.Base(path))
	}
}
