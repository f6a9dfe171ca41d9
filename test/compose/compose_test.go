package compose

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/compose-spec/compose-go/v2/cli"
	"github.com/compose-spec/compose-go/v2/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const root = "../.."

// load reads compose.yaml, with variables, NAME=value.
func load(t *testing.T, variables ...string) (*types.Project, error) {
	t.Helper()
	options, err := cli.NewProjectOptions([]string{filepath.Join(root, "compose.yaml")}, cli.WithEnv(variables), cli.WithResolvedPaths(true))
	require.NoError(t, err)
	return options.LoadProject(t.Context())
}

func TestItIsWhatComposeReads(t *testing.T) {
	project, err := load(t, "PAGE_PASSWORD=hunter2", "DD_API_KEY=planted")
	require.NoError(t, err)
	assert.ElementsMatch(t, []string{"application", "collector", "store", "alertmanager"}, project.ServiceNames())
	for name, service := range project.Services {
		for _, port := range service.Ports {
			assert.Equal(t, "127.0.0.1", port.HostIP, "%s publishes %s", name, port.Published)
		}
		for _, volume := range service.Volumes {
			if volume.Type == types.VolumeTypeBind {
				assert.FileExists(t, volume.Source, name)
				assert.True(t, volume.ReadOnly, "%s may write %s", name, volume.Source)
			}
		}
		if service.Build != nil {
			assert.FileExists(t, filepath.Join(service.Build.Context, "Dockerfile"), name)
			assert.True(t, service.ReadOnly, name)
			assert.Equal(t, []string{"ALL"}, service.CapDrop, name)
			assert.Equal(t, []string{"no-new-privileges"}, service.SecurityOpt, name)
		}
	}
	collector := project.Services["collector"]
	assert.Equal(t, "planted", *collector.Environment["DD_API_KEY"])
	assert.Equal(t, "hunter2", *collector.Environment["PAGE_PASSWORD"])
	assert.Empty(t, collector.Command, "the image's own")
}

func TestAPasswordIsRequired(t *testing.T) {
	_, err := load(t)
	require.ErrorContains(t, err, "choose a password for the page")
}

// TestItsVariablesAreTheCollectors holds compose.yaml and config together.
func TestItsVariablesAreTheCollectors(t *testing.T) {
	project, err := load(t, "PAGE_PASSWORD=hunter2")
	require.NoError(t, err)
	shipped, err := filepath.Glob(filepath.Join(root, "config", "*.yaml"))
	require.NoError(t, err)
	var text strings.Builder
	for _, path := range shipped {
		config, err := os.ReadFile(path)
		require.NoError(t, err)
		text.Write(config)
	}
	environment := project.Services["collector"].Environment
	for name := range environment {
		if name != "MINA_DESTINATIONS" {
			assert.Contains(t, text.String(), "${var:"+name+":", "no configuration reads it")
		}
	}
	for name := range strings.SplitSeq(*environment["MINA_DESTINATIONS"], ",") {
		assert.True(t, slices.Contains(shipped, filepath.Join(root, "config", name+".yaml")), name)
	}
}

// TestTheStoreIsTheOneThatWeTest holds the store's image, here and in the document, and the
// program that make build builds together.
func TestTheStoreIsTheOneThatWeTest(t *testing.T) {
	project, err := load(t, "PAGE_PASSWORD=hunter2")
	require.NoError(t, err)
	module, err := os.ReadFile(filepath.Join(root, "internal", "tools", "victorialogs", "go.mod"))
	require.NoError(t, err)
	version := regexp.MustCompile(`github.com/VictoriaMetrics/VictoriaLogs (v\S+)`).FindSubmatch(module)
	require.NotNil(t, version)
	image := "victoriametrics/victoria-logs:" + string(version[1])
	assert.Equal(t, image, project.Services["store"].Image)
	document, err := os.ReadFile(filepath.Join(root, "docs", "container.md"))
	require.NoError(t, err)
	assert.Contains(t, string(document), image)
}
