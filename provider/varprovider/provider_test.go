package varprovider

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/confmap"
)

func TestRetrieve(t *testing.T) {
	t.Setenv("MINA_SET", "12345")
	t.Setenv("MINA_EMPTY", "")
	for text, want := range map[string]any{
		"var:MINA_SET:?a token":   "12345",
		"var:MINA_SET:?":          "12345",
		"var:MINA_SET:+-":         "-",
		"var:MINA_EMPTY:+-":       "",
		"var:MINA_UNSET:+-":       "",
		"var:MINA_SET:+a:?b:+c d": "a:?b:+c d",
	} {
		t.Run(text, func(t *testing.T) {
			retrieved, err := NewFactory().Create(confmap.ProviderSettings{}).Retrieve(t.Context(), text, nil)
			require.NoError(t, err)
			got, err := retrieved.AsRaw()
			require.NoError(t, err)
			assert.Equal(t, want, got)
		})
	}
	for text, want := range map[string]string{
		"var:MINA_UNSET:?an API key, under Settings": "set the environment variable MINA_UNSET: an API key, under Settings",
		"var:MINA_EMPTY:?":                           "set the environment variable MINA_EMPTY",
		"var:MINA_SET":                               "${var:MINA_SET}: write ${var:NAME:?what it is} or ${var:NAME:+what to put there}",
		"var:MINA_SET:-a":                            "${var:MINA_SET:-a}: write ${var:NAME:?what it is} or ${var:NAME:+what to put there}",
		"env:MINA_SET:?a":                            "${env:MINA_SET:?a}: write ${var:NAME:?what it is} or ${var:NAME:+what to put there}",
	} {
		t.Run(text, func(t *testing.T) {
			_, err := provider{}.Retrieve(t.Context(), text, nil)
			require.EqualError(t, err, want)
		})
	}
}

func FuzzRetrieve(f *testing.F) {
	f.Add("var:A:?b")
	f.Fuzz(func(t *testing.T, text string) {
		_, _ = provider{}.Retrieve(t.Context(), text, nil)
	})
}
