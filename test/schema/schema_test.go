package schema

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/jsonschema-go/jsonschema"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.yaml.in/yaml/v3"

	"github.com/mina-observability/otelcol-mina/connector/alertconnector"
	"github.com/mina-observability/otelcol-mina/connector/fanoutconnector"
	"github.com/mina-observability/otelcol-mina/exporter/alertmanagerexporter"
	"github.com/mina-observability/otelcol-mina/exporter/losslessotlphttpexporter"
	"github.com/mina-observability/otelcol-mina/exporter/papertrailexporter"
	"github.com/mina-observability/otelcol-mina/exporter/sentryeventsexporter"
	"github.com/mina-observability/otelcol-mina/extension/exitcodeextension"
	"github.com/mina-observability/otelcol-mina/extension/goruntimeextension"
	"github.com/mina-observability/otelcol-mina/extension/logpageextension"
	"github.com/mina-observability/otelcol-mina/extension/logstoreextension"
	"github.com/mina-observability/otelcol-mina/extension/statestorageextension"
	"github.com/mina-observability/otelcol-mina/extension/statusextension"
	"github.com/mina-observability/otelcol-mina/internal/configschema"
	"github.com/mina-observability/otelcol-mina/processor/minaprocessor"
	"github.com/mina-observability/otelcol-mina/receiver/losslesskafkareceiver"
	"github.com/mina-observability/otelcol-mina/receiver/minareceiver"
)

const (
	root       = "../.."
	schemaFile = "config.schema.json"
)

// factories are those of our components, by their folders.
var factories = map[string]component.Factory{
	"connector/alertconnector":          alertconnector.NewFactory(),
	"connector/fanoutconnector":         fanoutconnector.NewFactory(),
	"exporter/alertmanagerexporter":     alertmanagerexporter.NewFactory(),
	"exporter/losslessotlphttpexporter": losslessotlphttpexporter.NewFactory(),
	"exporter/papertrailexporter":       papertrailexporter.NewFactory(),
	"exporter/sentryeventsexporter":     sentryeventsexporter.NewFactory(),
	"extension/exitcodeextension":       exitcodeextension.NewFactory(),
	"extension/goruntimeextension":      goruntimeextension.NewFactory(),
	"extension/logpageextension":        logpageextension.NewFactory(),
	"extension/logstoreextension":       logstoreextension.NewFactory(),
	"extension/statestorageextension":   statestorageextension.NewFactory(),
	"extension/statusextension":         statusextension.NewFactory(),
	"processor/minaprocessor":           minaprocessor.NewFactory(),
	"receiver/losslesskafkareceiver":    losslesskafkareceiver.NewFactory(),
	"receiver/minareceiver":             minareceiver.NewFactory(),
}

func TestEveryComponentHasItsSchema(t *testing.T) {
	for _, class := range []string{"connector", "exporter", "extension", "processor", "receiver"} {
		folders, err := filepath.Glob(filepath.Join(root, class, "*"))
		require.NoError(t, err)
		for _, folder := range folders {
			assert.Contains(t, factories, class+"/"+filepath.Base(folder))
		}
	}
	for folder, factory := range factories {
		t.Run(folder, func(t *testing.T) {
			t.Parallel()
			made, err := configschema.Of(filepath.Dir(folder)+"/"+factory.Type().String(), factory.CreateDefaultConfig())
			require.NoError(t, err)
			requireKept(t, made, folder)
		})
	}
}

// TestDocumentHasEveryComponent holds the schema that an editor is given for a whole file.
func TestDocumentHasEveryComponent(t *testing.T) {
	files := map[string]map[component.Type]string{}
	for folder, factory := range factories {
		section := filepath.Dir(folder) + "s"
		if files[section] == nil {
			files[section] = map[component.Type]string{}
		}
		files[section][factory.Type()] = folder + "/" + schemaFile
	}
	requireKept(t, configschema.Document("otelcol-mina", files), "")
}

// requireKept compares a schema with that in a folder.
func requireKept(t *testing.T, schema *configschema.Schema, folder string) {
	t.Helper()
	text, err := schema.JSON()
	require.NoError(t, err)
	path := filepath.Join(root, folder, schemaFile)
	if os.Getenv("MINA_UPDATE_GOLDEN") != "" {
		require.NoError(t, os.WriteFile(path, text, 0o644))
	}
	kept, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.Equal(t, string(text), string(kept), "go generate ./test/schema writes it anew")
}

// schemas are those that are kept, by the section and type of a component.
type schemas map[string]map[string]*jsonschema.Resolved

func readSchemas(t *testing.T) schemas {
	t.Helper()
	kept := schemas{}
	for folder, factory := range factories {
		text, err := os.ReadFile(filepath.Join(root, folder, schemaFile))
		require.NoError(t, err)
		var schema jsonschema.Schema
		require.NoError(t, json.Unmarshal(text, &schema))
		resolved, err := schema.Resolve(nil)
		require.NoError(t, err, folder)
		section := filepath.Dir(folder) + "s"
		if kept[section] == nil {
			kept[section] = map[string]*jsonschema.Resolved{}
		}
		kept[section][factory.Type().String()] = resolved
	}
	return kept
}

// judge validates each component of ours in a configuration, and returns how many there are.
func (s schemas) judge(t *testing.T, text []byte) (judged int, wrong []error) {
	t.Helper()
	var configuration map[string]map[string]any
	document := map[string]any{}
	require.NoError(t, yaml.Unmarshal(text, &document))
	plain, err := json.Marshal(document) // as JSON has numbers
	require.NoError(t, err)
	_ = json.Unmarshal(plain, &configuration)
	for section, types := range s {
		for id, settings := range configuration[section] {
			name, _, _ := strings.Cut(id, "/")
			if types[name] == nil {
				continue
			}
			judged++
			if err := types[name].Validate(settings); err != nil {
				wrong = append(wrong, err)
			}
		}
	}
	return judged, wrong
}

func TestShippedConfigurationsFitTheSchemas(t *testing.T) {
	kept, judged := readSchemas(t), 0
	for _, pattern := range []string{"config/*.yaml", "examples/intake/*.yaml"} {
		files, err := filepath.Glob(filepath.Join(root, pattern))
		require.NoError(t, err)
		require.NotEmpty(t, files, pattern)
		for _, file := range files {
			text, err := os.ReadFile(file)
			require.NoError(t, err)
			n, wrong := kept.judge(t, text)
			judged += n
			assert.Empty(t, wrong, file)
		}
	}
	assert.Greater(t, judged, 2*len(factories))
}

func TestSchemasFindMistakes(t *testing.T) {
	kept := readSchemas(t)
	for name, test := range map[string]struct {
		text  string
		wrong int
	}{
		"nothing":                  {"receivers: {mina: {file: {include: [/var/log/app.log]}}}", 0},
		"a variable for a number":  {"receivers: {mina: {http: {max_connections: \"${env:MOST}\"}}}", 0},
		"a section without a key":  {"receivers: {mina: {http: }}", 0},
		"a misspelt key":           {"receivers: {mina: {file: {includes: [/var/log/app.log]}}}", 1},
		"a duration without unit":  {"receivers: {mina: {file: {poll_interval: 5}}}", 1},
		"a size in words":          {"receivers: {mina: {file: {max_log_size: 1MiB}}}", 0},
		"a text for a number":      {"receivers: {mina: {http: {max_connections: many}}}", 1},
		"a list for a section":     {"processors: {mina: {redaction: [default]}}", 1},
		"a stock component's keys": {"processors: {batch: {whatever: 1}}", 0},
	} {
		t.Run(name, func(t *testing.T) {
			_, wrong := kept.judge(t, []byte(test.text))
			assert.Len(t, wrong, test.wrong)
		})
	}
}
