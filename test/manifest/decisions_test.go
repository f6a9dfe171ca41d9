package manifest

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// testFunction is a test as its file has it.
var testFunction = regexp.MustCompile(`(?m)^func (Test\w+)\(`)

// TestEveryDecisionHasATestThatEndsIt holds docs/decisions and the tests together that
// fail when a decision can go, which only a work-around can.
func TestEveryDecisionHasATestThatEndsIt(t *testing.T) {
	index, err := os.ReadFile(filepath.Join(root, "docs/decisions/README.md"))
	require.NoError(t, err)
	written := upstreamTests(t)
	records, err := filepath.Glob(filepath.Join(root, "docs/decisions/[0-9]*.md"))
	require.NoError(t, err)
	require.NotEmpty(t, records)
	named := map[string]bool{}
	for _, record := range records {
		assert.Contains(t, string(index), "("+filepath.Base(record)+")")
		text, err := os.ReadFile(record)
		require.NoError(t, err)
		tests := regexp.MustCompile(`TestUpstream\w+`).FindAllString(string(text), -1)
		assert.Equal(t, strings.Contains(string(text), "It is no work-around."), len(tests) == 0, record)
		for _, test := range tests {
			assert.Contains(t, written, test, record)
			named[test] = true
		}
	}
	for test, path := range written {
		assert.True(t, named[test], "no decision names %s of %s", test, path)
	}
}

// upstreamTests returns the tests of the real components, with their files.
func upstreamTests(t *testing.T) map[string]string {
	t.Helper()
	tests := map[string]string{}
	require.NoError(t, filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.Name() != "upstream_test.go" {
			return err
		}
		text, err := os.ReadFile(path)
		for _, test := range testFunction.FindAllStringSubmatch(string(text), -1) {
			if strings.HasPrefix(test[1], "TestUpstream") {
				tests[test[1]] = path
			}
		}
		return err
	}))
	return tests
}
