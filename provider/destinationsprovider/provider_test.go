package destinationsprovider

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/confmap/confmaptest"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"go.uber.org/zap/zaptest/observer"
)

// shipped is the directory with the files of this repository.
const shipped = "../../config"

// turnedOnBy are the variables of each shipped overlay that turn it on by being set.
// What is not here is turned on by its name alone.
var turnedOnBy = map[string]string{
	"axiom":         "AXIOM_DATASET AXIOM_TOKEN",
	"betterstack":   "BETTERSTACK_TOKEN",
	"cloudwatch":    "AWS_REGION CLOUDWATCH_LOG_GROUP CLOUDWATCH_LOG_STREAM",
	"coralogix":     "CORALOGIX_API_KEY",
	"dash0":         "DASH0_AUTH_TOKEN",
	"datadog":       "DD_API_KEY",
	"dynatrace":     "DYNATRACE_API_TOKEN DYNATRACE_URL",
	"elastic":       "ELASTIC_API_KEY ELASTIC_OTLP_ENDPOINT",
	"googlecloud":   "GOOGLE_CLIENT_EMAIL GOOGLE_CLOUD_PROJECT GOOGLE_PRIVATE_KEY_FILE",
	"grafana-cloud": "GRAFANA_CLOUD_INSTANCE_ID GRAFANA_CLOUD_OTLP_ENDPOINT GRAFANA_CLOUD_TOKEN",
	"honeycomb":     "HONEYCOMB_API_KEY",
	"hyperdx":       "HYPERDX_API_KEY",
	"kafka":         "KAFKA_BROKERS",
	"last9":         "LAST9_AUTHORIZATION",
	"logzio":        "LOGZIO_TOKEN",
	"loki":          "LOKI_URL",
	"newrelic":      "NEW_RELIC_LICENSE_KEY",
	"observe":       "OBSERVE_CUSTOMER_ID OBSERVE_TOKEN",
	"openobserve":   "OPENOBSERVE_URL",
	"otlp":          usualEndpoint,
	"papertrail":    "PAPERTRAIL_ENDPOINT",
	"parseable":     "PARSEABLE_URL",
	"sentry":        "SENTRY_DSN",
	"sentry-logs":   "SENTRY_OTLP_ENDPOINT SENTRY_PUBLIC_KEY",
	"signoz":        "SIGNOZ_INGESTION_KEY",
	"solarwinds":    "SOLARWINDS_TOKEN",
	"victorialogs":  "VICTORIALOGS_URL",
}

// byName are the shipped overlays that are no destination of their own, or one that needs
// no variable.
var byName = []string{"alerts", "alerts-try", "base", "explore", "explore-open", "gateway-kafka", "gateway-otlp", "local", "metrics", "opamp", "resend", "stdin"}

// inShipped sets the variables, NAME=value, and no other that a shipped file knows.
func inShipped(t *testing.T, variables ...string) {
	t.Helper()
	t.Setenv("MINA_CONFIG_DIR", shipped)
	t.Setenv(named, "")
	for _, list := range turnedOnBy {
		for _, variable := range strings.Fields(list) {
			t.Setenv(variable, "")
		}
	}
	for _, variable := range variables {
		name, value, _ := strings.Cut(variable, "=")
		t.Setenv(name, value)
	}
}

// retrieve returns the names of the pipelines of what the provider returns, which are
// those of the overlays, and what it has logged.
func retrieve(t *testing.T, uri string) ([]string, []observer.LoggedEntry, error) {
	t.Helper()
	core, logged := observer.New(zapcore.InfoLevel)
	p := NewFactory().Create(confmap.ProviderSettings{Logger: zap.New(core)})
	retrieved, err := p.Retrieve(t.Context(), uri, nil)
	if err != nil {
		return nil, logged.All(), err
	}
	config, err := retrieved.AsConf()
	require.NoError(t, err)
	pipelines, err := config.Sub("service::pipelines")
	require.NoError(t, err)
	require.NoError(t, p.Shutdown(t.Context()))
	return slices.Sorted(maps.Keys(pipelines.ToStringMap())), logged.All(), nil
}

func TestEveryShippedOverlayIsTurnedOnByItsVariablesAlone(t *testing.T) {
	paths, err := filepath.Glob(filepath.Join(shipped, "*.yaml"))
	require.NoError(t, err)
	for _, path := range paths {
		overlay := strings.TrimSuffix(filepath.Base(path), ".yaml")
		variables, destination := turnedOnBy[overlay]
		if !destination {
			assert.Contains(t, byName, overlay, "say what turns it on")
			continue
		}
		t.Run(overlay, func(t *testing.T) {
			all := strings.Fields(variables)
			for i := range all {
				all[i] += "=value"
			}
			inShipped(t, all...)
			pipelines, _, err := retrieve(t, "destinations:auto")
			require.NoError(t, err)
			assert.Equal(t, []string{"logs/" + overlay}, pipelines)

			if len(all) == 1 {
				return
			}
			for i := range all {
				inShipped(t, slices.Delete(slices.Clone(all), i, i+1)...)
				pipelines, logged, err := retrieve(t, "destinations:auto")
				require.NoError(t, err)
				assert.Equal(t, []string{"logs/otlp"}, pipelines, "without %s", all[i])
				assert.Equal(t, "Not a destination, since only some of its variables are set", logged[0].Message)
				assert.Equal(t, []any{strings.TrimSuffix(all[i], "=value")}, logged[0].ContextMap()["missing"])
			}
		})
	}
}

func TestWhichDestinationsThereAre(t *testing.T) {
	for name, tt := range map[string]struct {
		uri       string
		variables []string
		want      []string
	}{
		"nothing is set":           {"auto", nil, []string{"logs/otlp"}},
		"empty is not set":         {"auto", []string{"DD_API_KEY=", "SENTRY_DSN= \r\n"}, []string{"logs/otlp"}},
		"a platform's region":      {"auto", []string{"AWS_REGION=eu-central-1"}, []string{"logs/otlp"}},
		"two":                      {"auto", []string{"DD_API_KEY=a", "SENTRY_DSN=b"}, []string{"logs/datadog", "logs/sentry"}},
		"one beside OTLP":          {"auto", []string{"DD_API_KEY=a", "OTLP_ENDPOINT=b"}, []string{"logs/datadog", "logs/otlp"}},
		"named":                    {"auto", []string{"MINA_DESTINATIONS=sentry", "DD_API_KEY=a"}, []string{"logs/sentry"}},
		"named as people write":    {"auto", []string{`MINA_DESTINATIONS=" sentry, datadog,,sentry "`}, []string{"logs/datadog", "logs/sentry"}},
		"named, and those set":     {"auto", []string{"MINA_DESTINATIONS=auto,explore", "DD_API_KEY=a"}, []string{"logs/datadog", "logs/explore"}},
		"named, needs no variable": {"auto", []string{"MINA_DESTINATIONS=local"}, []string{"logs/local"}},
		"no destination, named":    {"auto", []string{"MINA_DESTINATIONS=alerts,metrics"}, []string{"logs", "logs/alertmanager", "logs/alerts", "logs/metrics", "metrics", "metrics/alerts", "metrics/names"}},
		"in the argument":          {"local,sentry", []string{"DD_API_KEY=a"}, []string{"logs/local", "logs/sentry"}},
		"the variable is stronger": {"local", []string{"MINA_DESTINATIONS=sentry"}, []string{"logs/sentry"}},
	} {
		t.Run(name, func(t *testing.T) {
			inShipped(t, tt.variables...)
			pipelines, logged, err := retrieve(t, "destinations:"+tt.uri)
			require.NoError(t, err)
			assert.Equal(t, tt.want, pipelines)
			assert.Equal(t, "Records go to these destinations", logged[len(logged)-1].Message)
		})
	}
}

func TestTheDefaultIsSaid(t *testing.T) {
	inShipped(t)
	_, logged, err := retrieve(t, "destinations:auto")
	require.NoError(t, err)
	assert.Equal(t, zapcore.WarnLevel, logged[0].Level)
	assert.Contains(t, logged[0].Message, "OTLP_ENDPOINT")
}

func TestMistakesAreNamed(t *testing.T) {
	for name, tt := range map[string]struct {
		directory, named string
		want             string
	}{
		"no such destination": {shipped, "datdog", `MINA_DESTINATIONS: there is no destination "datdog"; did you mean "datadog"? (../../config has no datdog.yaml)`},
		"a path":              {shipped, "../otlp", `MINA_DESTINATIONS: there is no destination "../otlp"; did you mean "otlp"?`},
		"nothing but a comma": {shipped, ",", "MINA_DESTINATIONS names no destination: write auto, or names"},
		"no such directory":   {"nowhere", "", "MINA_CONFIG_DIR names: open nowhere: no such file or directory"},
		"an empty directory":  {t.TempDir(), "", `there is no destination "otlp"`},
	} {
		t.Run(name, func(t *testing.T) {
			inShipped(t, "MINA_CONFIG_DIR="+tt.directory, "MINA_DESTINATIONS="+tt.named)
			_, _, err := retrieve(t, "destinations:auto")
			require.ErrorContains(t, err, tt.want)
		})
	}
	_, err := NewFactory().Create(confmap.ProviderSettings{}).Retrieve(t.Context(), "file:a", nil)
	require.ErrorContains(t, err, `"file:a" is not of the scheme destinations`)
}

// TestAFileOfOnesOwnIsADestination holds "a destination is added by adding a file".
func TestAFileOfOnesOwnIsADestination(t *testing.T) {
	for name, tt := range map[string]struct {
		text string
		want []string
		err  string
	}{
		"from fanout":          {"exporters: {a: {key: '${var:MINE_KEY:?a key}'}}\nservice: {pipelines: {logs/mine: {receivers: [fanout], exporters: [a]}}}", []string{"logs/mine"}, ""},
		"another input":        {"receivers: {a: {key: '${var:MINE_KEY:?a key}'}}\nservice: {pipelines: {logs/mine: {receivers: [a], exporters: [fanout]}}}", []string{"logs/otlp"}, ""},
		"between the two":      {"exporters: {a: {key: '${var:MINE_KEY:?a key}'}}\nservice: {pipelines: {logs: {exporters: [a]}}}", []string{"logs/otlp"}, ""},
		"no pipeline":          {"extensions: {a: {key: '${var:MINE_KEY:?a key}'}}", []string{"logs/otlp"}, ""},
		"nothing is required":  {"service: {pipelines: {logs/mine: {receivers: [fanout], exporters: [a]}}}", []string{"logs/otlp"}, ""},
		"nothing":              {"", []string{"logs/otlp"}, ""},
		"what is not YAML":     {"a:\n\tb", nil, "mine.yaml is not YAML"},
		"no configuration":     {"[a]", nil, "mine.yaml is not a configuration"},
		"another in a comment": {"# ${var:MINE_KEY:?a key}\nservice: {pipelines: {logs/mine: {receivers: [fanout]}}}", []string{"logs/otlp"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			directory := t.TempDir()
			otlp, err := os.ReadFile(filepath.Join(shipped, "otlp.yaml"))
			require.NoError(t, err)
			require.NoError(t, os.WriteFile(filepath.Join(directory, "otlp.yaml"), otlp, 0o600))
			require.NoError(t, os.WriteFile(filepath.Join(directory, "mine.yaml"), []byte(tt.text), 0o600))
			inShipped(t, "MINE_KEY=a", "MINA_CONFIG_DIR="+directory)
			pipelines, _, err := retrieve(t, "destinations:auto")
			if tt.err != "" {
				require.ErrorContains(t, err, tt.err)
				return
			}
			require.NoError(t, err)
			assert.Equal(t, tt.want, pipelines)
		})
	}
}

// TestWhatOthersKeepBesideIsNoDestination holds that an editor which is open does not stop a
// start, or a reload.
func TestWhatOthersKeepBesideIsNoDestination(t *testing.T) {
	directory := t.TempDir()
	require.NoError(t, os.CopyFS(directory, os.DirFS(shipped)))
	require.NoError(t, os.Symlink("ana@host.4711", filepath.Join(directory, ".#loki.yaml")), "Emacs's lock")
	require.NoError(t, os.WriteFile(filepath.Join(directory, "._loki.yaml"), []byte{0, 5, 0x16, 7}, 0o600), "macOS's attributes")
	require.NoError(t, os.Mkdir(filepath.Join(directory, "old.yaml"), 0o700))
	inShipped(t, "MINA_CONFIG_DIR="+directory)
	pipelines, _, err := retrieve(t, "destinations:auto")
	require.NoError(t, err)
	assert.Equal(t, []string{"logs/otlp"}, pipelines)

	require.NoError(t, os.Symlink("nowhere", filepath.Join(directory, "mine.yaml")))
	_, _, err = retrieve(t, "destinations:auto")
	require.ErrorContains(t, err, "mine.yaml: no such file")
}

func TestSchemeIsValid(t *testing.T) {
	require.NoError(t, confmaptest.ValidateProviderScheme(NewFactory().Create(confmap.ProviderSettings{})))
}

func FuzzChoose(f *testing.F) {
	f.Add("auto, datadog,,x")
	f.Setenv("MINA_CONFIG_DIR", shipped)
	f.Fuzz(func(t *testing.T, list string) {
		_, _ = NewFactory().Create(confmap.ProviderSettings{}).Retrieve(t.Context(), "destinations:"+list, nil)
	})
}
