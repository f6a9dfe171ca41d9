package logpageextension

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/confmap/confmaptest"
)

func TestDefaults(t *testing.T) {
	cfg := createDefaultConfig().(*Config)
	require.NoError(t, cfg.Validate())
	assert.Equal(t, "localhost:8320", cfg.NetAddr.Endpoint)
	assert.Equal(t, component.MustNewID("log_store"), cfg.Store)
	assert.False(t, cfg.AllowLogsQL || cfg.VMUI)
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
			conf, err := confmaptest.LoadConf(file)
			require.NoError(t, err)
			assert.ErrorContains(t, load(conf), said)
		})
	}
}

func load(conf *confmap.Conf) error {
	cfg := createDefaultConfig()
	if err := conf.Unmarshal(cfg); err != nil {
		return err
	}
	return cfg.(*Config).Validate()
}

func TestEndpointsThatNeedNoAuth(t *testing.T) {
	for endpoint, local := range map[string]bool{
		"localhost:8320": true, "127.0.0.1:8320": true, "[::1]:8320": true, "127.8.9.1:0": true,
		"0.0.0.0:8320": false, "[::]:8320": false, ":8320": false, "mina.example:8320": false, "192.168.1.5:8320": false, "localhost.evil.example:1": false,
	} {
		cfg := createDefaultConfig().(*Config)
		cfg.NetAddr.Endpoint = endpoint
		assert.Equal(t, local, cfg.Validate() == nil, endpoint)
	}
}
