package losslesskafkareceiver

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/confmap/confmaptest"
)

func load(t *testing.T, path string) (*Config, error) {
	t.Helper()
	conf, err := confmaptest.LoadConf(path)
	require.NoError(t, err)
	cfg := createDefaultConfig().(*Config)
	if err := conf.Unmarshal(cfg); err != nil {
		return nil, err
	}
	return cfg, confmap.Validate(cfg)
}

func TestConfig(t *testing.T) {
	cfg, err := load(t, filepath.Join("testdata", "config.yaml"))
	require.NoError(t, err)
	host, err := os.Hostname()
	require.NoError(t, err)
	assert.Equal(t, []string{"kafka-1:9092", "kafka-2:9092"}, cfg.Brokers)
	assert.Equal(t, []string{"mina", "audit"}, cfg.Topics)
	assert.Equal(t, host, cfg.GroupInstanceID)
	assert.True(t, cfg.TLS.HasValue())
	assert.Equal(t, "s3cr3t", string(cfg.Auth.SASL.Get().Password))
	cfg = createDefaultConfig().(*Config)
	require.NoError(t, confmap.New().Unmarshal(cfg))
	require.NoError(t, confmap.Validate(cfg))
}

// TestDefaultsAreThoseOfEveryHost, since config.schema.json is made of them.
func TestDefaultsAreThoseOfEveryHost(t *testing.T) {
	assert.Empty(t, createDefaultConfig().(*Config).GroupInstanceID)
}

// TestBadConfigs reads testdata/bad_*.yaml, whose first line is what the error has to say.
func TestBadConfigs(t *testing.T) {
	files, err := filepath.Glob("testdata/bad_*.yaml")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			text, err := os.ReadFile(file)
			require.NoError(t, err)
			said, _, _ := strings.Cut(strings.TrimPrefix(string(text), "# "), "\n")
			_, err = load(t, file)
			require.ErrorContains(t, err, said)
			assert.NotContains(t, err.Error(), "s3cr3t")
		})
	}
}
