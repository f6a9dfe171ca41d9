package packages

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mina-observability/otelcol-mina/test/program"
)

// obedient is a program in the place of the collector: what is tried is what the package does
// with it.
const obedient = `#!/bin/sh
[ "$1" = validate ] && ! grep -q 'not valid' /etc/otelcol-mina/otlp.yaml && exit 0
[ "$1" = validate ] && echo 'otlp.yaml is not valid' && exit 1
exec sleep infinity
`

func TestPackageForRPM(t *testing.T) {
	needsSystemd(t)
	t.Parallel()
	programs, packages := standIns(t, 0o755), t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(programs, "otelcol-mina"), []byte(obedient), 0o755))
	buildIn(t, program.Root(), oldVersion, programs, packages, "rpm")
	buildIn(t, nextEdition(t), newVersion, programs, packages, "rpm")
	m := boot(t, packages)
	// What it depends on is known to dpkg alone, on this host.
	rpm := func(t *testing.T, args ...string) string {
		return m.run(t, append([]string{"rpm", "--nodeps"}, args...)...)
	}
	older, newer := "/srv/otelcol-mina-"+oldVersion+"-1.x86_64.rpm", "/srv/otelcol-mina-"+newVersion+"-1.x86_64.rpm"

	rpm(t, "--install", older)
	_, err := m.try("systemctl", "is-active", "otelcol-mina")
	assert.Error(t, err, "it is the administrator who starts it")
	assert.Equal(t, "otelcol-mina 640", m.run(t, "stat", "--format=%G %a", environment))
	m.run(t, "systemctl", "enable", "--now", "otelcol-mina")
	first := m.show(t, "MainPID")

	edited := func(text string) string { return text + "# by the administrator\n" }
	m.edit(t, overlay, edited)
	m.edit(t, environment, edited)
	rpm(t, "--upgrade", newer)
	second := m.show(t, "MainPID")
	assert.NotEqual(t, first, second, "restarted")
	assert.Equal(t, "active", m.run(t, "systemctl", "is-active", "otelcol-mina"))
	assert.Contains(t, m.run(t, "cat", overlay), "# by the administrator")
	assert.Contains(t, m.run(t, "cat", overlay+".rpmnew"), "# of the next edition")
	assert.Contains(t, m.run(t, "cat", environment), "# by the administrator")
	assert.Equal(t, "otelcol-mina 640", m.run(t, "stat", "--format=%G %a", environment))

	m.edit(t, overlay, func(text string) string { return text + "# not valid\n" })
	text := rpm(t, "--upgrade", "--oldpackage", older)
	assert.Contains(t, text, "is not restarted, and goes on as it was")
	assert.Equal(t, second, m.show(t, "MainPID"))

	rpm(t, "--erase", "otelcol-mina")
	_, err = m.try("systemctl", "is-active", "otelcol-mina")
	assert.Error(t, err, "stopped")
	saved := m.run(t, "cat", overlay+".rpmsave")
	assert.True(t, strings.Contains(saved, "# by the administrator"))
	assert.DirExists(t, m.path("/var/lib/otelcol-mina"), "its state stays")
	assert.NoFileExists(t, m.path("/usr/bin/otelcol-mina"))
}
