// Package manifest holds builder-config.yaml, the go.mod files and the component
// folders against each other.
package manifest

import (
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/exporter/exporterhelper"
	"go.yaml.in/yaml/v3"
	"golang.org/x/mod/modfile"

	"github.com/mina-observability/otelcol-mina/internal/destination"
	"github.com/mina-observability/otelcol-mina/processor/minaprocessor"
)

const (
	module  = "github.com/mina-observability/otelcol-mina"
	root    = "../.."
	contrib = "github.com/open-telemetry/opentelemetry-collector-contrib/"
	core    = "go.opentelemetry.io/collector/"
)

// release is the one release that every module of the collector is of.
var release = []string{"v0.158.0", "v1.64.0"}

// otherReleases are the modules that cannot be had at the release.
var otherReleases = map[string]string{
	contrib + "extension/sigv4authextension": "v0.156.0",
}

type entry struct {
	GoMod  string `yaml:"gomod"`
	Import string `yaml:"import"`
	Path   string `yaml:"path"`
}

func readManifest(t *testing.T) map[string][]entry {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, "builder-config.yaml"))
	require.NoError(t, err)
	sections := map[string]yaml.Node{}
	require.NoError(t, yaml.Unmarshal(text, &sections))
	entries := map[string][]entry{}
	for section, node := range sections {
		if section == "dist" {
			continue
		}
		var list []entry
		require.NoError(t, node.Decode(&list), section)
		entries[section] = list
	}
	return entries
}

func requirements(t *testing.T, path string) map[string]string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, path))
	require.NoError(t, err)
	file, err := modfile.Parse(path, text, nil)
	require.NoError(t, err)
	versions := map[string]string{}
	for _, require := range file.Require {
		versions[require.Mod.Path] = require.Mod.Version
	}
	return versions
}

func TestManifestAndGoModAreOfOneRelease(t *testing.T) {
	required := requirements(t, "go.mod")
	for section, entries := range readManifest(t) {
		for _, e := range entries {
			path, version, ok := strings.Cut(e.GoMod, " ")
			require.True(t, ok, "%s: %q is not a module and its version", section, e.GoMod)
			if path == module {
				continue
			}
			want, other := otherReleases[path]
			if other {
				assert.Equal(t, want, version, path)
			} else {
				assert.Contains(t, release, version, path)
			}
			if v, ok := required[path]; ok {
				assert.Equal(t, v, version, "%s in go.mod and builder-config.yaml", path)
			}
		}
	}
	maps.Copy(required, requirements(t, "bench/go.mod"))
	for path, version := range required {
		if strings.HasPrefix(path, core) || strings.HasPrefix(path, contrib) {
			assert.Contains(t, release, version, path)
		}
	}
}

func TestToolsAreOfTheRelease(t *testing.T) {
	tools := requirements(t, "internal/tools/go.mod")
	for _, tool := range []string{"cmd/builder", "cmd/mdatagen"} {
		assert.Equal(t, release[0], tools[core+tool], tool)
	}
}

func TestEveryComponentIsInTheManifestAndComplete(t *testing.T) {
	manifest := map[string]bool{}
	for section, entries := range readManifest(t) {
		for _, e := range entries {
			path, _, _ := strings.Cut(e.GoMod, " ")
			if path != module {
				assert.Empty(t, e.Path, "%s is not ours", path)
				continue
			}
			assert.Equal(t, ".", e.Path, e.Import)
			folder := strings.TrimPrefix(e.Import, module+"/")
			assert.Equal(t, section, filepath.Dir(folder)+"s", "%s is in the wrong section", folder)
			manifest[folder] = true
		}
	}
	component := []string{"doc.go", "factory.go", "config.go", "metadata.yaml", "README.md", "testdata"}
	for class, files := range map[string][]string{
		"receiver": component, "processor": component, "exporter": component, "connector": component, "extension": component,
		"converter": {"doc.go", "converter.go", "README.md"}, "provider": {"doc.go", "provider.go", "README.md"},
	} {
		folders, err := filepath.Glob(filepath.Join(root, class, "*"))
		require.NoError(t, err)
		for _, folder := range folders {
			name, err := filepath.Rel(root, folder)
			require.NoError(t, err)
			assert.True(t, manifest[name], "%s is not in builder-config.yaml", name)
			delete(manifest, name)
			for _, file := range files {
				_, err := os.Stat(filepath.Join(folder, file))
				assert.NoError(t, err)
			}
		}
	}
	assert.Empty(t, manifest, "in builder-config.yaml and not in the tree")
}

// mdatagen writes the table only where its place is marked, and says nothing where it is not.
func TestEveryComponentShowsItsStatus(t *testing.T) {
	for _, class := range []string{"receiver", "processor", "exporter", "connector", "extension"} {
		readmes, err := filepath.Glob(filepath.Join(root, class, "*", "README.md"))
		require.NoError(t, err)
		require.NotEmpty(t, readmes, class)
		for _, readme := range readmes {
			text, err := os.ReadFile(readme)
			require.NoError(t, err)
			assert.Contains(t, string(text), "\n<!-- status autogenerated section -->\n", readme)
		}
	}
}

// A batch that is longer than what a queue makes requests of is dropped by it, with its
// neighbours (opentelemetry-collector #14264, #15936).
func TestLongestRecordFitsIntoARequest(t *testing.T) {
	queue := destination.DefaultQueue()
	requests := queue.Get().Batch.Get()
	processor := minaprocessor.NewFactory().CreateDefaultConfig().(*minaprocessor.Config)
	resourceAndScope := int64(processor.MaxRecordSize) / 4
	assert.Equal(t, exporterhelper.RequestSizerTypeBytes, requests.Sizer)
	assert.Greater(t, requests.MaxSize, int64(processor.MaxRecordSize)+resourceAndScope)
}
