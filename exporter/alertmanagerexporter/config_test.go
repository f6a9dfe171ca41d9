package alertmanagerexporter

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/confmap/confmaptest"
)

func TestConfigIsRead(t *testing.T) {
	conf, err := confmaptest.LoadConf(filepath.Join("testdata", "config.yaml"))
	require.NoError(t, err)
	for id, check := range map[string]func(t *testing.T, cfg *Config){
		"alertmanager": func(t *testing.T, cfg *Config) {
			assert.Equal(t, createDefaultConfig(), cfg)
			assert.Equal(t, []string{"http://localhost:9093"}, cfg.Endpoints)
		},
		"alertmanager/one": func(t *testing.T, cfg *Config) { assert.Equal(t, []string{"http://alertmanager:9093"}, cfg.Endpoints) },
		"alertmanager/list": func(t *testing.T, cfg *Config) {
			assert.Equal(t, []string{"http://one:9093", "https://two.example.com/alertmanager/"}, cfg.Endpoints)
		},
		"alertmanager/text": func(t *testing.T, cfg *Config) {
			assert.Equal(t, []string{"http://one:9093", "https://two.example.com/alertmanager"}, cfg.Endpoints)
		},
		"alertmanager/list_of_texts": func(t *testing.T, cfg *Config) {
			assert.Equal(t, []string{"http://one:9093", "http://two:9093", "http://three:9093"}, cfg.Endpoints)
		},
		"alertmanager/client": func(t *testing.T, cfg *Config) {
			assert.Equal(t, 5*time.Second, cfg.ClientConfig.Timeout)
			assert.Len(t, cfg.ClientConfig.Headers, 1, "without a value it is not sent")
			assert.Equal(t, "state_storage", cfg.Storage.String())
		},
		"alertmanager/without_link": func(t *testing.T, cfg *Config) { assert.Empty(t, cfg.GeneratorURL) },
		"alertmanager/own_link":     func(t *testing.T, cfg *Config) { assert.Contains(t, cfg.GeneratorURL, "logs.example.com") },
	} {
		t.Run(id, func(t *testing.T) {
			sub, err := conf.Sub(id)
			require.NoError(t, err)
			cfg := createDefaultConfig().(*Config)
			require.NoError(t, sub.Unmarshal(cfg))
			require.NoError(t, confmap.Validate(cfg))
			check(t, cfg)
		})
	}
}

// TestWhatCannotBeUsedIsNamed reads testdata/bad_*.yaml, whose comments are what is said.
func TestWhatCannotBeUsedIsNamed(t *testing.T) {
	paths, err := filepath.Glob(filepath.Join("testdata", "bad_*.yaml"))
	require.NoError(t, err)
	require.NotEmpty(t, paths)
	for _, path := range paths {
		t.Run(filepath.Base(path), func(t *testing.T) {
			text, err := os.ReadFile(path)
			require.NoError(t, err)
			conf, err := confmaptest.LoadConf(path)
			require.NoError(t, err)
			cfg := createDefaultConfig().(*Config)
			if err = conf.Unmarshal(cfg); err == nil {
				err = confmap.Validate(cfg)
			}
			require.Error(t, err)
			for line := range strings.SplitSeq(string(text), "\n") {
				if want, ok := strings.CutPrefix(line, "# "); ok {
					assert.ErrorContains(t, err, want)
				}
			}
			assert.NotContains(t, err.Error(), "s3cr3t")
		})
	}
}

func TestAddressOfAlerts(t *testing.T) {
	for endpoint, want := range map[string]string{
		"http://localhost:9093":                               "http://localhost:9093/api/v2/alerts",
		"http://localhost:9093/":                              "http://localhost:9093/api/v2/alerts",
		"http://localhost:9093/#/alerts":                      "http://localhost:9093/api/v2/alerts",
		"http://localhost:9093/api/v2":                        "http://localhost:9093/api/v2/alerts",
		"http://localhost:9093/api/v2/alerts":                 "http://localhost:9093/api/v2/alerts",
		"http://localhost:9093/api/v2/alerts/":                "http://localhost:9093/api/v2/alerts",
		"https://host/alertmanager":                           "https://host/alertmanager/api/v2/alerts",
		"https://host/alertmanager/api/v2/alerts?tenant=a%2F": "https://host/alertmanager/api/v2/alerts?tenant=a%2F",
		"https://host/a%2Fb/":                                 "https://host/a%2Fb/api/v2/alerts",
		"http://[::1]:9093":                                   "http://[::1]:9093/api/v2/alerts",
	} {
		got, err := alertsURL(endpoint)
		require.NoError(t, err, endpoint)
		assert.Equal(t, want, got, endpoint)
	}
}

func TestNamesOfAlertmanagers(t *testing.T) {
	endpoints := []string{"http://one:9093", "https://user:s3cr3t@two/a", "https://two/s3cr3t", "http://one:9094", "https://two/c"}
	var names []string
	for number := range endpoints {
		names = append(names, nameOf(endpoints, number))
	}
	assert.Equal(t, []string{"one:9093", "two", "two#2", "one:9094", "two#3"}, names)
}

func FuzzAddressOfAlerts(f *testing.F) {
	f.Add("http://localhost:9093/alertmanager")
	f.Add("https://user:pass@host:1/a%2Fb?c=d#e")
	f.Fuzz(func(t *testing.T, endpoint string) {
		address, err := alertsURL(endpoint)
		if err != nil {
			return
		}
		again, err := alertsURL(address)
		require.NoError(t, err)
		require.Equal(t, address, again)
	})
}
