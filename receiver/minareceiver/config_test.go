package minareceiver

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/confmap/confmaptest"

	"github.com/mina-observability/otelcol-mina/internal/minalog"
)

func TestLoadConfig(t *testing.T) {
	conf, err := confmaptest.LoadConf(filepath.Join("testdata", "config.yaml"))
	require.NoError(t, err)
	for name, want := range map[string]string{
		"mina/empty":         "at least one of file, http and stdin is required",
		"mina/no_include":    "file: include must name at least one file or glob pattern",
		"mina/bad_glob":      `file: include: "/tmp/[a" is no glob pattern`,
		"mina/start_at":      `file: start_at must be beginning or end (got "middle")`,
		"mina/on_truncate":   `file: on_truncate must be read_whole_file, read_new or ignore (got "panic")`,
		"mina/poll_interval": "file: poll_interval must be at least 10ms (got -1s)",
		"mina/no_unit":       "file::poll_interval must have a unit: 5 alone counts nanoseconds, so write 500ms or 5s",
		"mina/symlinks":      `file: follow_symlinks must be same_owner, always or never (got "yes")`,
		"mina/max_log_size":  "file: max_log_size must be at least 1KiB (got 10)",
		"mina/format":        `format must be auto, json, text or otlp_json (got "xml")`,
		"mina/fields":        `fields::level: "severity" is already listed under timestamp`,
		"mina/retry":         "retry::max_interval must not be less than retry::initial_interval, 1m0s (got 30s)",
		"mina/http":          "http: delivery_timeout must be positive (got 0s)",
		"mina/http_body":     "http: max_request_body_size must be positive (got 0)",
		"mina/http_address":  `http: endpoint must be an address and a port, such as localhost:8319 or [::]:8319 (got ":::8319")`,
		"mina/http_ports":    `(got "0.0.0.0:8319:8319")`,
		"mina/http_port":     `(got "localhost:83190")`,
		"mina/http_ipv6":     "",
		"mina/http_any":      "",
		"mina/http_unix":     "",
		"mina/unknown_key":   "has invalid keys: includes",
		"mina/all":           "",
		"mina/stdin":         "",
		"mina/http_default":  "",
	} {
		t.Run(name, func(t *testing.T) {
			sub, err := conf.Sub(name)
			require.NoError(t, err)
			cfg := createDefaultConfig()
			if err = sub.Unmarshal(cfg); err == nil {
				err = confmap.Validate(cfg)
			}
			if want == "" {
				require.NoError(t, err)
				return
			}
			require.ErrorContains(t, err, want)
		})
	}
}

func TestDefaults(t *testing.T) {
	conf, err := confmaptest.LoadConf(filepath.Join("testdata", "config.yaml"))
	require.NoError(t, err)
	sub, err := conf.Sub("mina/all")
	require.NoError(t, err)
	cfg := createDefaultConfig().(*Config)
	require.NoError(t, sub.Unmarshal(cfg))

	file := cfg.File.Get()
	assert.Equal(t, "beginning", file.StartAt)
	assert.Equal(t, "read_whole_file", file.OnTruncate)
	assert.Equal(t, 500*time.Millisecond, file.PollInterval)
	assert.EqualValues(t, 2<<20, file.MaxLogSize)
	assert.Equal(t, "localhost:8319", cfg.HTTP.Get().NetAddr.Endpoint)
	assert.True(t, cfg.Stdin.HasValue())
	assert.Equal(t, []string{"when"}, cfg.Fields.Timestamp)
	assert.Equal(t, minalog.DefaultFieldNames().Message, cfg.Fields.Message)
}
