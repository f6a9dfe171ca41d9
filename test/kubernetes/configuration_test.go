package kubernetes

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mina-observability/otelcol-mina/test/program"
)

// Where the image and the chart keep what a pod's configuration is read from.
const (
	shippedFolder = "/etc/otelcol-mina"
	chartFolder   = "/etc/otelcol-mina-chart"
	stateFolder   = "/var/lib/otelcol-mina"
)

// TestConfigurationIsValid has the built collector judge what a pod would start with.
func TestConfigurationIsValid(t *testing.T) {
	for name, given := range examples(t) {
		t.Run(name, func(t *testing.T) { validate(t, given) })
	}
}

// validate gives the collector the arguments of a pod, its variables, and the files of its
// ConfigMap.
func validate(t *testing.T, given Values) {
	t.Helper()
	binary, err := program.Binary()
	if err != nil {
		t.Skip(err)
	}
	installation := rendered(t, given)
	container := installation.Workload().Template.Spec.Containers[0]
	files := t.TempDir()
	for file, text := range installation.ConfigMap() {
		require.NoError(t, os.WriteFile(filepath.Join(files, file), []byte(text), 0o600))
	}
	here := strings.NewReplacer(chartFolder, files, shippedFolder, filepath.Join(program.Root(), "config"), stateFolder, t.TempDir())
	cmd := exec.Command(binary, "validate")
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "DD_API_KEY=of-the-existing-secret"}
	for _, variable := range container.Env {
		value := variable.Value
		if variable.ValueFrom != nil {
			value = "0f8fad5b-d9cb-469f-a165-70867728950e" // as a pod's UID
		}
		cmd.Env = append(cmd.Env, variable.Name+"="+here.Replace(value))
	}
	if secrets, ok := given["secretEnv"].(Values); ok {
		for variable, value := range secrets {
			cmd.Env = append(cmd.Env, variable+"="+value.(string))
		}
	}
	for _, argument := range container.Args {
		cmd.Args = append(cmd.Args, here.Replace(argument))
	}
	out, err := cmd.CombinedOutput()
	assert.NoError(t, err, string(out))
}

// TestDestinationsAreThoseOfTheConfiguration holds the schema to the files in config/: a new
// one goes into values.schema.json, or into noDestinations.
func TestDestinationsAreThoseOfTheConfiguration(t *testing.T) {
	noDestinations := []string{"base", "stdin", "resend", "alerts-try", "explore-open", "gateway-kafka", "gateway-otlp"}
	want := []string{"auto"}
	files, err := filepath.Glob(filepath.Join(program.Root(), "config", "*.yaml"))
	require.NoError(t, err)
	for _, file := range files {
		if name := strings.TrimSuffix(filepath.Base(file), ".yaml"); !slices.Contains(noDestinations, name) {
			want = append(want, name)
		}
	}
	text, err := os.ReadFile(filepath.Join(Chart(), "values.schema.json"))
	require.NoError(t, err)
	var schema struct {
		Properties struct {
			Destinations struct {
				Items struct {
					Enum []string `json:"enum"`
				} `json:"items"`
			} `json:"destinations"`
		} `json:"properties"`
	}
	require.NoError(t, json.Unmarshal(text, &schema))
	assert.ElementsMatch(t, want, schema.Properties.Destinations.Items.Enum, "destinations in values.schema.json")
}
