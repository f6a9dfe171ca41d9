package packages

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mina-observability/otelcol-mina/test/program"
)

// TestPackagesAreInstalledInImages installs where no systemd runs, as when the image of a
// virtual machine is built.
func TestPackagesAreInstalledInImages(t *testing.T) {
	needsSystemd(t)
	t.Parallel()
	root := overHost(t)
	dist := filepath.Join(root, "srv")
	buildIn(t, program.Root(), newVersion, standIns(t, 0o755), dist)
	enabled := filepath.Join(root, "etc/systemd/system/multi-user.target.wants/otelcol-mina.service")

	run(t, "chroot", root, "dpkg", "--install", "/srv/otelcol-mina_"+newVersion+"-1_amd64.deb")
	to, err := os.Readlink(enabled)
	require.NoError(t, err, "it starts with the machine")
	assert.Equal(t, "/lib/systemd/system/otelcol-mina.service", to)
	run(t, "chroot", root, "dpkg", "--purge", "otelcol-mina")
	_, err = os.Lstat(enabled)
	assert.ErrorIs(t, err, os.ErrNotExist)

	run(t, "chroot", root, "rpm", "--nodeps", "--install", "/srv/otelcol-mina-"+newVersion+"-1.x86_64.rpm")
	assert.Contains(t, run(t, "chroot", root, "getent", "group", "adm"), "otelcol-mina")
	run(t, "chroot", root, "rpm", "--nodeps", "--erase", "otelcol-mina")
}
