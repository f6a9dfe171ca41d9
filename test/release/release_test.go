package release

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestRelease builds the checked out commit twice, each time in a checkout of its own.
func TestRelease(t *testing.T) {
	if os.Getenv("MINA_RELEASE") == "" {
		t.Skip("make test-release builds a release twice, which takes long")
	}
	const version = "9.8.7"
	commit := strings.TrimSpace(succeed(t, root, nil, "git", "rev-parse", "HEAD"))
	repository, err := filepath.Abs(root)
	require.NoError(t, err)
	var releases [2]string
	for i := range releases {
		checkout := filepath.Join(t.TempDir(), "checkout")
		succeed(t, root, nil, "git", "clone", "--quiet", "--shared", repository, checkout)
		succeed(t, checkout, nil, "git", "checkout", "--quiet", commit)
		releases[i] = filepath.Join(t.TempDir(), "dist")
		succeed(t, checkout, nil, "make", "release", "VERSION="+version, "DIST="+releases[i])
	}
	dist := releases[0]
	t.Log(succeed(t, dist, nil, "ls", "-l"))
	succeed(t, dist, nil, "diff", "--recursive", dist, releases[1])
	succeed(t, dist, nil, "sha256sum", "--check", "--strict", "SHA256SUMS")

	var want []string
	for _, name := range []string{
		"SHA256SUMS", "otelcol-mina-V.tgz", "otelcol-mina-monitoring_V.tar.gz",
		"otelcol-mina_V_linux_amd64.tar.gz", "otelcol-mina_V-1_amd64.deb", "otelcol-mina-V-1.x86_64.rpm", "otelcol-mina_V_linux_amd64.oci.tar",
		"otelcol-mina_V_linux_arm64.tar.gz", "otelcol-mina_V-1_arm64.deb", "otelcol-mina-V-1.aarch64.rpm", "otelcol-mina_V_linux_arm64.oci.tar",
		"otelcol-mina_V_linux_amd64.cdx.json", "mina_V_linux_amd64.cdx.json", "victoria-logs_V_linux_amd64.cdx.json",
		"otelcol-mina_V_linux_arm64.cdx.json", "mina_V_linux_arm64.cdx.json", "victoria-logs_V_linux_arm64.cdx.json",
	} {
		want = append(want, strings.ReplaceAll(name, "V", version))
	}
	slices.Sort(want)
	var got []string
	entries, err := os.ReadDir(dist)
	require.NoError(t, err)
	for _, entry := range entries {
		got = append(got, entry.Name())
	}
	assert.Equal(t, want, got)

	installed := t.TempDir()
	succeed(t, installed, nil, "tar", "-xzf", filepath.Join(dist, "otelcol-mina_"+version+"_linux_amd64.tar.gz"), "--strip-components=1")
	stamp := version + "+" + commit[:7]
	assert.Contains(t, succeed(t, installed, nil, "./otelcol-mina", "--version"), stamp)
	assert.Contains(t, succeed(t, installed, nil, "./mina", "--version"), stamp)
	assert.Contains(t, succeed(t, installed, nil, "./victoria-logs", "-version"), "victoria-logs-v1.")
	succeed(t, installed, nil, "./otelcol-mina", "validate", "--config", "config/base.yaml", "--config", "config/otlp.yaml")
	for _, licence := range []string{"LICENSE", "licenses/go/LICENSE", "licenses/go.opentelemetry.io/collector/otelcol/LICENSE", "licenses/github.com/VictoriaMetrics/VictoriaLogs/LICENSE"} {
		assert.FileExists(t, filepath.Join(installed, licence))
	}
}
