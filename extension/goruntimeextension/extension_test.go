package goruntimeextension

import (
	"math"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/confmap/confmaptest"
	"go.opentelemetry.io/collector/extension/extensioncapabilities"
	"go.opentelemetry.io/collector/extension/extensiontest"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	"go.opentelemetry.io/otel/sdk/metric/metricdata/metricdatatest"

	"github.com/mina-observability/otelcol-mina/extension/goruntimeextension/internal/metadata"
	"github.com/mina-observability/otelcol-mina/extension/goruntimeextension/internal/metadatatest"
)

// settings returns what the runtime is set to.
func settings() (gcPercent int, limit int64) {
	gcPercent = debug.SetGCPercent(100)
	debug.SetGCPercent(gcPercent)
	return gcPercent, debug.SetMemoryLimit(-1)
}

func TestTheLimitIsShown(t *testing.T) {
	telemetry := componenttest.NewTelemetry()
	set := extensiontest.NewNopSettings(metadata.Type)
	set.TelemetrySettings = telemetry.NewTelemetrySettings()
	cfg := createDefaultConfig().(*Config)
	cfg.LimitMiB = 200
	extension, err := NewFactory().Create(t.Context(), set, cfg)
	require.NoError(t, err)
	require.NoError(t, extension.Start(t.Context(), componenttest.NewNopHost()))
	metadatatest.AssertEqualMemoryLimitBytes(t, telemetry, []metricdata.DataPoint[int64]{{Value: 200 << 20}}, metricdatatest.IgnoreTimestamp())
	require.NoError(t, extension.Shutdown(t.Context()))
	require.NoError(t, telemetry.Shutdown(t.Context()))
}

func TestTheRuntimeIsSetWhileTheCollectorRuns(t *testing.T) {
	for name, tt := range map[string]struct {
		env       map[string]string
		change    func(*Config)
		gcPercent int
		limit     int64
	}{
		"default":              {gcPercent: 400, limit: math.MaxInt64},
		"a part of the limit":  {change: func(c *Config) { c.LimitMiB = 200 }, gcPercent: 400, limit: 110 << 20},
		"all set":              {change: func(c *Config) { c.LimitMiB, c.GCPercent, c.SoftLimitPercentage = 100, 50, 80 }, gcPercent: 50, limit: 80 << 20},
		"GOGC is stronger":     {env: map[string]string{"GOGC": "100"}, change: func(c *Config) { c.LimitMiB = 200 }, gcPercent: 100, limit: 110 << 20},
		"GOMEMLIMIT, likewise": {env: map[string]string{"GOMEMLIMIT": "off"}, change: func(c *Config) { c.LimitMiB = 200 }, gcPercent: 400, limit: math.MaxInt64},
	} {
		t.Run(name, func(t *testing.T) {
			for _, variable := range []string{"GOGC", "GOMEMLIMIT"} {
				t.Setenv(variable, tt.env[variable])
				if tt.env[variable] == "" {
					require.NoError(t, os.Unsetenv(variable))
				}
			}
			gcBefore, limitBefore := settings()
			cfg := createDefaultConfig().(*Config)
			if tt.change != nil {
				tt.change(cfg)
			}
			require.NoError(t, cfg.Validate())
			extension, err := NewFactory().Create(t.Context(), extensiontest.NewNopSettings(metadata.Type), cfg)
			require.NoError(t, err)
			require.NoError(t, extension.Start(t.Context(), componenttest.NewNopHost()))
			gcPercent, limit := settings()
			assert.Equal(t, tt.gcPercent, gcPercent)
			assert.Equal(t, tt.limit, limit)

			require.NoError(t, extension.Shutdown(t.Context()))
			gcAfter, limitAfter := settings()
			assert.Equal(t, gcBefore, gcAfter)
			assert.Equal(t, limitBefore, limitAfter)
		})
	}
}

func TestValuesOutOfRangeAreReported(t *testing.T) {
	for want, cfg := range map[string]Config{
		"gc_percent must be at least 10 (got 0)":                   {SoftLimitPercentage: 50},
		"limit_mib must not be negative; 0 sets no limit (got -1)": {GCPercent: 100, SoftLimitPercentage: 50, LimitMiB: -1},
		"soft_limit_percentage must be from 1 to 100 (got 101)":    {GCPercent: 100, SoftLimitPercentage: 101},
		"soft_limit_percentage must be from 1 to 100 (got 0)":      {GCPercent: 100},
	} {
		assert.EqualError(t, cfg.Validate(), want)
	}
}

func TestConfigurationFile(t *testing.T) {
	conf, err := confmaptest.LoadConf("testdata/config.yaml")
	require.NoError(t, err)
	for key, want := range map[string]*Config{
		"go_runtime":       {GCPercent: 400, SoftLimitPercentage: 55, PrivateFiles: true},
		"go_runtime/limit": {GCPercent: 200, LimitMiB: 512, SoftLimitPercentage: 60, PrivateFiles: true},
	} {
		section, err := conf.Sub(key)
		require.NoError(t, err)
		cfg := createDefaultConfig().(*Config)
		require.NoError(t, section.Unmarshal(cfg))
		assert.Equal(t, want, cfg, key)
	}
}

func TestFilesAreTheUsersOwnWhileTheCollectorRuns(t *testing.T) {
	before := syscall.Umask(0o022)
	defer syscall.Umask(before)
	made := func() os.FileMode {
		path := filepath.Join(t.TempDir(), "file")
		require.NoError(t, os.WriteFile(path, nil, 0o644))
		info, err := os.Stat(path)
		require.NoError(t, err)
		return info.Mode().Perm()
	}
	for private, want := range map[bool]os.FileMode{true: 0o600, false: 0o644} {
		cfg := createDefaultConfig().(*Config)
		cfg.PrivateFiles = private
		extension, err := NewFactory().Create(t.Context(), extensiontest.NewNopSettings(metadata.Type), cfg)
		require.NoError(t, err)
		require.NoError(t, extension.Start(t.Context(), componenttest.NewNopHost()))
		assert.Equal(t, want, made())
		require.NoError(t, extension.Shutdown(t.Context()))
		assert.Equal(t, os.FileMode(0o644), made())
	}
}

// garbage is what a start leaves behind.
var garbage []byte

func TestWhatTheStartHasTakenIsGivenBack(t *testing.T) {
	extension, err := NewFactory().Create(t.Context(), extensiontest.NewNopSettings(metadata.Type), createDefaultConfig())
	require.NoError(t, err)
	const size = 64 << 20
	garbage = make([]byte, size)
	garbage = nil
	require.NoError(t, extension.Start(t.Context(), componenttest.NewNopHost()))
	require.NoError(t, extension.(extensioncapabilities.PipelineWatcher).Ready())
	require.NoError(t, extension.Shutdown(t.Context()))
	var after runtime.MemStats
	runtime.ReadMemStats(&after)
	assert.Less(t, after.HeapSys-after.HeapReleased, uint64(size))
}
