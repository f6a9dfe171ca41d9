package minafileprovider

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/confmap/provider/fileprovider"
)

// TestUpstreamStillDoesNotNameTheFile fails when the error of a file that is no YAML
// says which of several files it is.
func TestUpstreamStillDoesNotNameTheFile(t *testing.T) {
	directory := t.TempDir()
	for name, text := range map[string]string{"good.yaml": "a: b", "bad.yaml": "a: b\n  c: d"} {
		require.NoError(t, os.WriteFile(filepath.Join(directory, name), []byte(text), 0o600))
	}
	resolver, err := confmap.NewResolver(confmap.ResolverSettings{
		URIs:              []string{filepath.Join(directory, "good.yaml"), filepath.Join(directory, "bad.yaml")},
		ProviderFactories: []confmap.ProviderFactory{fileprovider.NewFactory()},
	})
	require.NoError(t, err)
	_, err = resolver.Resolve(t.Context())
	require.NoError(t, resolver.Shutdown(t.Context()))
	require.ErrorContains(t, err, "line 2")
	assert.NotContains(t, err.Error(), "bad.yaml", "the provider of files does better: look at docs/decisions/004-providers.md again")
}
