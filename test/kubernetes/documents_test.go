package kubernetes

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"sigs.k8s.io/yaml"
)

// TestDocumentedValuesWork renders the values that the documents show, and has the built
// collector judge them.
func TestDocumentedValuesWork(t *testing.T) {
	blocks, err := Blocks("yaml")
	require.NoError(t, err)
	require.NotEmpty(t, blocks)
	for _, b := range blocks {
		t.Run(b.String(), func(t *testing.T) {
			given := Values{}
			require.NoError(t, yaml.UnmarshalStrict([]byte(b.Text), &given))
			assert.Contains(t, given, "mode", "test/docs knows values of the chart by it")
			validate(t, given)
		})
	}
}

// TestDocumentsNameValuesThatAreThere holds every `logs.path` of the document to the table.
func TestDocumentsNameValuesThatAreThere(t *testing.T) {
	readme, err := os.ReadFile(filepath.Join(Chart(), "README.md"))
	require.NoError(t, err)
	document, err := os.ReadFile(filepath.Join(Chart(), "..", "..", "docs", "kubernetes.md"))
	require.NoError(t, err)
	named := regexp.MustCompile("`((?:logs|state|intake|gateway|networkPolicy|image)\\.[A-Za-z]+)[`:]").FindAllStringSubmatch(string(document), -1)
	require.NotEmpty(t, named)
	for _, name := range named {
		assert.Contains(t, string(readme), "| `"+name[1]+"` |")
	}
}
