package image

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mina-observability/otelcol-mina/test/program"
)

// TestImageFromSource builds all stages of the Dockerfile, from a base of its own, with the
// modules that are here: make image-from-source.
func TestImageFromSource(t *testing.T) {
	if os.Getenv("MINA_IMAGE_FROM_SOURCE") == "" {
		t.Skip("it compiles the collector; make image-from-source")
	}
	bases(t)
	name := "localhost/otelcol-mina:source"
	i := &image{name: name}
	t.Cleanup(func() { _, _ = i.run(t, "podman", "rmi", "--force", name) })
	modules := strings.TrimSpace(output(t, "go", "env", "GOMODCACHE"))
	proxy := strings.TrimSpace(output(t, "go", "env", "GOPROXY"))
	begun := time.Now()
	cmd := exec.Command("buildah", "bud", "--isolation", "chroot", "--format", "docker", "--pull=never", "--platform", "linux/amd64",
		"--build-arg", "VERSION=0.2.0", "--build-arg", "REVISION=0123abc", "--build-arg", "GOPROXY=file:///proxy,"+proxy,
		"--volume", filepath.Join(modules, "cache", "download")+":/proxy:ro", "--tag", name, ".")
	cmd.Dir = program.Root()
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s", out[max(0, len(out)-4000):])
	t.Logf("built in %s", time.Since(begun).Round(time.Second))

	version, err := i.run(t, "podman", "run", "--rm", "--read-only", name, "--version")
	require.NoError(t, err, version)
	assert.Contains(t, version, "otelcol-mina version 0.2.0")
	text, err := i.run(t, "podman", "run", "--rm", "--read-only", name, "validate", "--config", "/etc/otelcol-mina/base.yaml", "--config", "destinations:auto")
	assert.NoError(t, err, text)
	saysWhatItIs(t, i)
	holdsNothingElse(t, i)
}

// bases makes the images that the Dockerfiles begin with.
func bases(t *testing.T) {
	t.Helper()
	_, err := program.Podman(t.Context(), "sh", "test/image/bases.sh")
	require.NoError(t, err)
}

func output(t *testing.T, name string, args ...string) string {
	t.Helper()
	out, err := exec.Command(name, args...).Output()
	require.NoError(t, err)
	return string(out)
}
