package alertconnector

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/confmap"
	"go.yaml.in/yaml/v3"
)

func TestAConfigurationThatCannotBeIsSaidByRuleAndKey(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("testdata", "bad.yaml"))
	require.NoError(t, err)
	var cases map[string]struct {
		Config map[string]any `yaml:"config"`
		Error  string         `yaml:"error"`
	}
	require.NoError(t, yaml.Unmarshal(text, &cases))
	for name, tt := range cases {
		t.Run(name, func(t *testing.T) {
			cfg := createDefaultConfig().(*Config)
			err := confmap.NewFromStringMap(tt.Config).Unmarshal(cfg)
			if err == nil {
				err = cfg.Validate()
			}
			require.Error(t, err)
			assert.Contains(t, err.Error(), tt.Error)
		})
	}
}

func TestAnAlertWithoutRulesIsNoError(t *testing.T) {
	require.NoError(t, configOf(t, `rules: {}`).Validate())
	a := start(t, `rules: {}`, newMemory(), begin)
	a.give(failure(0))
	assert.Empty(t, a.said())
}

func TestEveryRuleWithAnErrorIsNamed(t *testing.T) {
	err := configOf(t, `rules: {A: {kind: x}, B: {kind: y}}`).Validate()
	require.Error(t, err)
	assert.Contains(t, err.Error(), "rules::A::kind")
	assert.Contains(t, err.Error(), "rules::B::kind")
}
