package release

import (
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The commands are those of docs/releasing.md.
func TestSignedChecksumsAreWhatWasSigned(t *testing.T) {
	if _, err := exec.LookPath("gpg"); err != nil {
		t.Skip("gpg is missing: apt-get install gpg")
	}
	dist, keys := t.TempDir(), []string{"GNUPGHOME=" + t.TempDir()}
	write(t, filepath.Join(dist, "otelcol-mina_0.2.0_linux_amd64.tar.gz"), "programs", 0o644)
	write(t, filepath.Join(dist, "SHA256SUMS"), succeed(t, dist, nil, "sha256sum", "--", "otelcol-mina_0.2.0_linux_amd64.tar.gz"), 0o644)
	t.Cleanup(func() { _, _ = run(t, dist, keys, "gpgconf", "--kill", "all") })
	succeed(t, dist, keys, "gpg", "--batch", "--passphrase", "", "--quick-generate-key", "release@example.com", "ed25519", "sign")
	succeed(t, dist, keys, "gpg", "--armor", "--detach-sign", "SHA256SUMS")
	check := func() error {
		if _, err := run(t, dist, keys, "gpg", "--verify", "SHA256SUMS.asc", "SHA256SUMS"); err != nil {
			return err
		}
		_, err := run(t, dist, nil, "sha256sum", "--check", "--ignore-missing", "SHA256SUMS")
		return err
	}
	require.NoError(t, check())
	write(t, filepath.Join(dist, "otelcol-mina_0.2.0_linux_amd64.tar.gz"), "others", 0o644)
	require.Error(t, check())
	write(t, filepath.Join(dist, "SHA256SUMS"), succeed(t, dist, nil, "sha256sum", "--", "otelcol-mina_0.2.0_linux_amd64.tar.gz"), 0o644)
	assert.Error(t, check())
}
