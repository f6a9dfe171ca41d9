package sentryeventsexporter

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/confmap/confmaptest"
)

func TestConfigIsReadAndChecked(t *testing.T) {
	conf, err := confmaptest.LoadConf(filepath.Join("testdata", "config.yaml"))
	require.NoError(t, err)
	for id, want := range map[string]string{
		"sentry_events":             "",
		"sentry_events/blanks":      "",
		"sentry_events/empty":       "dsn must be set: https://KEY@HOST/PROJECT, from Settings > Projects > Client Keys",
		"sentry_events/no_key":      "dsn has no key in front of the host: https://KEY@HOST/PROJECT",
		"sentry_events/no_project":  "dsn has no project behind the host: https://KEY@HOST/PROJECT",
		"sentry_events/no_host":     "dsn has no host behind the key: https://KEY@HOST/PROJECT",
		"sentry_events/scheme":      "dsn must begin with https:// or http://",
		"sentry_events/no_url":      "dsn is no URL; it looks like https://KEY@HOST/PROJECT",
		"sentry_events/endpoint":    "endpoint must not be set: the address is in the dsn",
		"sentry_events/rate":        "sample_rate must be from 0 to 1 (got 2)",
		"sentry_events/before":      "before is no condition",
		"sentry_events/breadcrumbs": "breadcrumbs: max_per_event must be from 0 to 100 (got 200)\nmax_trails must be at least 1 (got 0)\nmax_age must be positive (got 0s)",
	} {
		t.Run(id, func(t *testing.T) {
			sub, err := conf.Sub(id)
			require.NoError(t, err)
			cfg := createDefaultConfig().(*Config)
			require.NoError(t, sub.Unmarshal(cfg))
			err = confmap.Validate(cfg)
			if want == "" {
				require.NoError(t, err)
				return
			}
			require.ErrorContains(t, err, want)
			assert.NotContains(t, err.Error(), "s3cr3t")
		})
	}
}

func TestDSN(t *testing.T) {
	for text, want := range map[string]dsn{
		"https://abc@o1.ingest.sentry.io/4711": {"https://o1.ingest.sentry.io/api/4711/envelope/", "abc", "https://abc@o1.ingest.sentry.io/4711"},
		"http://abc:secret@localhost:9000/1/":  {"http://localhost:9000/api/1/envelope/", "abc", "http://abc@localhost:9000/1/"},
		"https://abc@example.com/sentry/below/7": {
			"https://example.com/sentry/below/api/7/envelope/", "abc", "https://abc@example.com/sentry/below/7",
		},
	} {
		got, err := parseDSN(text)
		require.NoError(t, err, text)
		assert.Equal(t, want, got)
	}
}

func FuzzDSN(f *testing.F) {
	f.Add("https://abc@o1.ingest.sentry.io/4711")
	f.Fuzz(func(t *testing.T, text string) {
		if d, err := parseDSN(text); err == nil && (d.key == "" || d.endpoint == "") {
			t.Fatalf("%q", text)
		}
	})
}
