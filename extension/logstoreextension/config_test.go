package logstoreextension

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/confmap/confmaptest"

	"github.com/mina-observability/otelcol-mina/extension/logstoreextension/internal/metadata"
)

// load reads one configuration of a file in testdata.
func load(t *testing.T, file string, id component.ID) (*Config, error) {
	t.Helper()
	conf, err := confmaptest.LoadConf(filepath.Join("testdata", file))
	require.NoError(t, err)
	sub, err := conf.Sub(id.String())
	require.NoError(t, err)
	cfg := createDefaultConfig().(*Config)
	if err := sub.Unmarshal(cfg); err != nil {
		return nil, err
	}
	return cfg, cfg.Validate()
}

func TestConfig(t *testing.T) {
	cfg, err := load(t, "config.yaml", component.NewID(metadata.Type))
	require.NoError(t, err)
	want := createDefaultConfig().(*Config)
	want.Directory = "/var/lib/otelcol-mina/logs"
	assert.Equal(t, want, cfg, "an endpoint of an empty variable is none")

	cfg, err = load(t, "config.yaml", component.NewIDWithName(metadata.Type, "full"))
	require.NoError(t, err)
	assert.Equal(t, RetentionConfig{Days: 7, Bytes: 5000000000, FreeDiskBytes: 0}, cfg.Retention)
	assert.Equal(t, "/opt/victoria-logs", cfg.Path)
	assert.Equal(t, "127.0.0.1:9429", cfg.Listen)
	assert.Equal(t, 96, cfg.MemoryMiB)

	cfg, err = load(t, "config.yaml", component.NewIDWithName(metadata.Type, "cluster"))
	require.NoError(t, err)
	assert.Equal(t, "https://vlselect.example.com/logs", cfg.ClientConfig.Endpoint)
	assert.Equal(t, "https://vlinsert.example.com", cfg.InsertEndpoint)
}

func TestBadConfigNamesTheKeyTheValueAndWhatToDo(t *testing.T) {
	for name, want := range map[string]string{
		"nothing":   "directory must name the folder of the records",
		"days":      "retention::days must be from 1 to 36500 (got 0)",
		"bytes":     "retention::bytes must be at least 1048576 (got 1000)",
		"free":      "retention::free_disk_bytes must not be negative (got -1)",
		"memory":    "memory_mib must be at least 32 (got 8)",
		"everybody": `listen must be on loopback, such as localhost:9428 (got "0.0.0.0:9428")`,
		"ipv6":      `listen must be on loopback, such as localhost:9428 (got "[::1]:9428")`,
		"no_port":   `listen must be an address of this machine with a port, such as localhost:9428 (got "localhost")`,
		"any_port":  `listen must be an address of this machine with a port, such as localhost:9428 (got "localhost:0")`,
		"no_url":    `endpoint must be the base URL of a VictoriaLogs, such as http://localhost:9428 (got "localhost:9428")`,
		"no_insert": `insert_endpoint must be the base URL of a VictoriaLogs`,
		"alone":     "insert_endpoint needs an endpoint",
		"secret":    `endpoint must be the base URL of a VictoriaLogs, such as http://localhost:9428 (got "ftp://localhost")`,
		"typo":      "retention::dais",
	} {
		t.Run(name, func(t *testing.T) {
			_, err := load(t, "bad_config.yaml", component.NewIDWithName(metadata.Type, name))
			require.ErrorContains(t, err, want)
			assert.NotContains(t, err.Error(), "pa55word")
		})
	}
}
