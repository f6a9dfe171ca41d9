package kubernetes

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"helm.sh/helm/v4/pkg/chart/v2/loader"

	"github.com/mina-observability/otelcol-mina/test/program"
)

// TestArchive packs the chart as make chart does: the same bytes from wherever and whenever
// it is packed, with the version of the image that it runs.
func TestArchive(t *testing.T) {
	first, second := pack(t, "0.9.0", "umask 022"), pack(t, "0.9.0", "umask 077")
	one, err := os.ReadFile(first)
	require.NoError(t, err)
	other, err := os.ReadFile(second)
	require.NoError(t, err)
	assert.Equal(t, one, other)

	chart, err := loader.Load(first)
	require.NoError(t, err)
	assert.Equal(t, "0.9.0", chart.Metadata.Version)
	assert.Equal(t, "0.9.0", chart.Metadata.AppVersion)
	for name, given := range examples(t) {
		installation, err := Render(first, given)
		require.NoError(t, err)
		image := installation.Workload().Template.Spec.Containers[0].Image
		if name == "agent" {
			assert.Equal(t, "ghcr.io/mina-observability/otelcol-mina:0.9.0", image)
		}
		assert.Len(t, installation.Objects, len(rendered(t, given).Objects))
	}
}

func pack(t *testing.T, version, before string) string {
	t.Helper()
	folder := t.TempDir()
	cmd := exec.Command("sh", "-c", before+` && exec sh packaging/chart.sh "$@"`, "sh", version, folder)
	cmd.Dir = program.Root()
	cmd.Env = append(os.Environ(), "SOURCE_DATE_EPOCH=1700000000")
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, string(out))
	return filepath.Join(folder, "otelcol-mina-"+version+".tgz")
}
