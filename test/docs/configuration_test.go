package docs

import (
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"github.com/mina-observability/otelcol-mina/test/program"
)

// behind is how a block says in its first line which files it is given after: those that it
// does not name are base.yaml and otlp.yaml.
var behind = regexp.MustCompile(`^# \S+\.yaml, (?:behind (config/.+)|alone)\n`)

// readers check the YAML of others than the collector, by a key that it has at its top.
var readers = map[string]func(*testing.T, Block, map[string]any){
	"mode":           chartReads,
	"scrape_configs": prometheusReads,
}

func TestConfigurationsAreValid(t *testing.T) {
	for _, b := range inLanguage(t, "yaml") {
		t.Run(b.String(), func(t *testing.T) {
			t.Parallel()
			var content map[string]any
			require.NoError(t, yaml.Unmarshal([]byte(b.Text), &content))
			require.NotEmpty(t, content)
			for key, read := range readers {
				if _, is := content[key]; is {
					read(t, b, content)
					return
				}
			}
			if isManifest(content) {
				return // TestTheComponentsWorkInOtherDistributions
			}
			collectorReads(t, b)
		})
	}
}

// collectorReads has the collector validate a block with the files that it stands behind.
func collectorReads(t *testing.T, b Block) {
	var args []string
	for _, config := range before(b) {
		args = append(args, "--config", config)
	}
	path := filepath.Join(t.TempDir(), "block.yaml")
	require.NoError(t, os.WriteFile(path, []byte(b.Text), 0o600))
	cmd := exec.Command(collector(t), append(append([]string{"validate"}, args...), "--config", path)...)
	cmd.Dir = program.Root()
	cmd.Env = append(os.Environ(), append(placeholders(b.Text), "MINA_STATE_DIR="+t.TempDir())...)
	out, err := cmd.CombinedOutput()
	assert.NoError(t, err, string(out))
}

func before(b Block) []string {
	said := behind.FindStringSubmatch(b.Text)
	if said == nil {
		return []string{"config/base.yaml", "config/otlp.yaml"}
	}
	files := regexp.MustCompile(`config/\S+\.yaml`).FindAllString(said[1], -1)
	if said[1] != "" && !slices.Contains(files, "config/base.yaml") {
		files = slices.Insert(files, 0, "config/base.yaml", "config/otlp.yaml")
	}
	return slices.Compact(files)
}

// placeholders returns a value for each variable that a text has to have.
func placeholders(text string) (env []string) {
	for _, match := range regexp.MustCompile(`\$\{(?:var|env):([A-Z_]+)(?::\?|\})`).FindAllStringSubmatch(text, -1) {
		switch name := match[1]; {
		case strings.HasSuffix(name, "_DSN"):
			env = append(env, name+"=https://0123456789abcdef@sentry.example.com/1")
		case strings.HasSuffix(name, "_HTPASSWD"):
			env = append(env, name+"=ana:$2y$05$bvIG6Nmid91Mu9RcmmWZfO5HJIMCT8riNW0hEp8f6/FuA2/mHZFpe")
		case strings.HasSuffix(name, "_ENDPOINT"), strings.HasSuffix(name, "_URL"):
			env = append(env, name+"=https://logs.example.com")
		default:
			env = append(env, name+"=a-value-that-is-as-long-as-a-key-has-to-be")
		}
	}
	return env
}

// collector returns the path of the built collector.
func collector(t *testing.T) string {
	t.Helper()
	path, err := program.Binary()
	require.NoError(t, err)
	return path
}

func prometheusReads(t *testing.T, b Block, _ map[string]any) {
	path := filepath.Join(t.TempDir(), "prometheus.yml")
	require.NoError(t, os.WriteFile(path, []byte(b.Text), 0o600))
	out, err := exec.Command("promtool", "check", "config", path).CombinedOutput()
	assert.NoError(t, err, string(out))
}

// isManifest reports whether YAML is one of ocb's: its kinds of components are lists.
func isManifest(content map[string]any) bool {
	for _, value := range content {
		if list, is := value.([]any); is && len(list) > 0 {
			if first, is := list[0].(map[string]any); is && first["gomod"] != nil {
				return true
			}
		}
	}
	return false
}

// manifests returns the blocks that are manifests.
func manifests(t *testing.T) (found []Block) {
	for _, b := range inLanguage(t, "yaml") {
		var content map[string]any
		require.NoError(t, yaml.Unmarshal([]byte(b.Text), &content), b)
		if isManifest(content) {
			found = append(found, b)
		}
	}
	return found
}

// TestTheComponentsWorkInOtherDistributions builds one of the components that a document
// names, and what the collector needs beside them.
func TestTheComponentsWorkInOtherDistributions(t *testing.T) {
	found := manifests(t)
	require.NotEmpty(t, found)
	for _, b := range found {
		t.Run(b.String(), func(t *testing.T) {
			t.Parallel()
			folder := t.TempDir()
			manifest := map[string]any{}
			require.NoError(t, yaml.Unmarshal([]byte(strings.ReplaceAll(b.Text, "../otelcol-mina", program.Root())), &manifest))
			maps.Copy(manifest, map[string]any{
				"dist":      map[string]any{"name": "mine", "module": "example.com/mine", "output_path": folder, "version": "1.0.0"},
				"exporters": []any{map[string]any{"gomod": "go.opentelemetry.io/collector/exporter/debugexporter v0.158.0"}},
				"providers": []any{
					map[string]any{"gomod": "go.opentelemetry.io/collector/confmap/provider/envprovider v1.64.0"},
					map[string]any{"gomod": "go.opentelemetry.io/collector/confmap/provider/yamlprovider v1.64.0"},
				},
			})
			text, err := yaml.Marshal(manifest)
			require.NoError(t, err)
			path := filepath.Join(folder, "manifest.yaml")
			require.NoError(t, os.WriteFile(path, text, 0o600))
			build := exec.Command("go", "tool", "-modfile="+filepath.Join(program.Root(), "internal", "tools", "go.mod"), "builder", "--config", path)
			build.Dir = program.Root()
			out, err := build.CombinedOutput()
			require.NoError(t, err, string(out))
			out, err = exec.Command(filepath.Join(folder, "mine"), "validate", "--config",
				"yaml:{receivers: {mina: {stdin: }}, processors: {mina: {semconv: , redaction: }}, exporters: {debug: }, "+
					"service: {pipelines: {logs: {receivers: [mina], processors: [mina], exporters: [debug]}}}}").CombinedOutput()
			assert.NoError(t, err, string(out))
		})
	}
}

// chartReads leaves the chart's values to helm: TestDocumentedValuesWork in
// test/kubernetes renders them, and has the collector judge what comes out.
func chartReads(t *testing.T, b Block, _ map[string]any) {
	assert.Contains(t, []string{"docs/kubernetes.md", "charts/otelcol-mina/README.md"}, b.Document, "the documents whose values are rendered")
}
