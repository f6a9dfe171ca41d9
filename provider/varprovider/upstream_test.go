package varprovider

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/confmap/provider/envprovider"
	"go.opentelemetry.io/collector/confmap/provider/fileprovider"
)

const reasonIsGone = "the provider env does better: look at docs/decisions/004-providers.md again"

// upstream resolves a configuration as the collector does, with its own providers.
func upstream(t *testing.T, text string) (*confmap.Conf, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "config.yaml")
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	resolver, err := confmap.NewResolver(confmap.ResolverSettings{
		URIs:              []string{path},
		ProviderFactories: []confmap.ProviderFactory{fileprovider.NewFactory(), envprovider.NewFactory()},
	})
	require.NoError(t, err)
	defer func() { require.NoError(t, resolver.Shutdown(t.Context())) }()
	return resolver.Resolve(t.Context())
}

// TestUpstreamStillTakesAMissingVariableForNothing fails when a variable that is not set
// is an error, or can be made one.
func TestUpstreamStillTakesAMissingVariableForNothing(t *testing.T) {
	t.Setenv("MINA_SET", "a-token")
	conf, err := upstream(t, "token: ${env:MINA_UNSET}")
	require.NoError(t, err, reasonIsGone)
	assert.Nil(t, conf.Get("token"), reasonIsGone)
	for _, expansion := range []string{"${env:MINA_SET:?the token}", "${env:MINA_SET:+text}"} {
		_, err = upstream(t, "token: "+expansion)
		assert.ErrorContains(t, err, "invalid name", reasonIsGone)
	}
}

// TestUpstreamStillTakesAnEmptyVariableForSet fails when an empty variable has the default.
func TestUpstreamStillTakesAnEmptyVariableForSet(t *testing.T) {
	t.Setenv("MINA_EMPTY", "")
	conf, err := upstream(t, "token: ${env:MINA_EMPTY:-default}")
	require.NoError(t, err)
	assert.Empty(t, conf.Get("token"), reasonIsGone)
}

// TestUpstreamStillKeepsLineEnds fails when a token that was read from a file is one.
func TestUpstreamStillKeepsLineEnds(t *testing.T) {
	t.Setenv("MINA_PASTED", "a-token\n")
	conf, err := upstream(t, "token: ${env:MINA_PASTED}")
	require.NoError(t, err)
	assert.Equal(t, "a-token\n", conf.Get("token"), reasonIsGone)
}

// TestUpstreamStillDoesNotNameTheVariable fails when the error of a value that does not
// fit its key says which variable it is from.
func TestUpstreamStillDoesNotNameTheVariable(t *testing.T) {
	t.Setenv("MINA_TEST_VALUE", "200 MiB")
	conf, err := upstream(t, "{limit_mib: '${env:MINA_TEST_VALUE}', headers: '${env:MINA_TEST_VALUE}'}")
	require.NoError(t, err)
	var cfg struct {
		LimitMiB int               `mapstructure:"limit_mib"`
		Headers  map[string]string `mapstructure:"headers"`
	}
	err = conf.Unmarshal(&cfg)
	require.ErrorContains(t, err, "limit_mib")
	require.ErrorContains(t, err, "headers")
	assert.NotContains(t, err.Error(), "MINA_TEST_VALUE", reasonIsGone)
}
