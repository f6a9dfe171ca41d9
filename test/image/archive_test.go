package image

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mina-observability/otelcol-mina/test/program"
)

// mostPacked is how many bytes have to be fetched for the image at most.
const mostPacked = 25_000_000

// isTheSameAgain builds the image twice, as it is in an archive: what buildah makes for
// docker has the id of the container that it was made in.
func isTheSameAgain(t *testing.T, _ *image) {
	var ids [2]string
	for n := range ids {
		i := build(t, fmt.Sprintf("again-%d", n), "oci")
		id, err := i.run(t, "podman", "inspect", "--type", "image", "--format", "{{.Id}}", i.name)
		require.NoError(t, err, id)
		t.Cleanup(func() { _, _ = i.run(t, "podman", "rmi", "--force", i.name) })
		ids[n] = id
	}
	assert.Equal(t, ids[0], ids[1])
}

// TestArchiveIsSmallAndHoldsTheImage packs it as a release does, and unpacks it as a user.
func TestArchiveIsSmallAndHoldsTheImage(t *testing.T) {
	t.Parallel()
	if err := program.CanRunContainers("buildah"); err != nil {
		t.Skip(err)
	}
	dist := t.TempDir()
	cmd := exec.Command("sh", filepath.Join(program.Root(), "packaging", "image-archive.sh"), "0.2.0", runtime.GOARCH, requirePrograms(t), dist)
	cmd.Env = append(os.Environ(), "SOURCE_DATE_EPOCH=0")
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, string(out))
	archive := filepath.Join(dist, "otelcol-mina_0.2.0_linux_"+runtime.GOARCH+".oci.tar")
	packed, err := os.Stat(archive)
	require.NoError(t, err)
	assert.LessOrEqual(t, packed.Size(), int64(mostPacked))
	t.Logf("packed: %.1f MB", float64(packed.Size())/1e6)
}
