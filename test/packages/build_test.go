package packages

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mina-observability/otelcol-mina/test/program"
)

// programs are what is packed.
var programs = []string{"otelcol-mina", "mina", "victoria-logs"}

// built are packages that have been built.
type built struct{ deb, rpm string }

// build builds the packages of a version, as make packages does.
func build(t *testing.T, version, programs string) built {
	t.Helper()
	dist := t.TempDir()
	buildIn(t, program.Root(), version, programs, dist)
	version = strings.ReplaceAll(version, "-", "~") // before the release that it leads to
	return built{filepath.Join(dist, "otelcol-mina_"+version+"-1_amd64.deb"), filepath.Join(dist, "otelcol-mina-"+version+"-1.x86_64.rpm")}
}

// buildIn builds the packages of a checkout, or those of some packagers.
func buildIn(t *testing.T, checkout, version, programs, dist string, packagers ...string) {
	t.Helper()
	cmd := exec.Command("sh", filepath.Join(checkout, "packaging", "packages.sh"), version, "amd64", programs, dist)
	cmd.Env = append(os.Environ(), "SOURCE_DATE_EPOCH=1700000000", "PACKAGERS="+strings.Join(packagers, " "))
	text, err := cmd.CombinedOutput()
	require.NoError(t, err, string(text))
}

// standIns returns a folder with small files in the place of the programs, for what does
// not run them.
func standIns(t *testing.T, mode os.FileMode) string {
	t.Helper()
	folder := withoutLicenses(t)
	for _, name := range programs {
		require.NoError(t, os.WriteFile(filepath.Join(folder, name), []byte(name), mode))
	}
	return folder
}

// theirs returns a folder in which each of the programs is one that was built.
func theirs(t *testing.T, built func(name string) string) string {
	t.Helper()
	folder := withoutLicenses(t)
	for _, name := range programs {
		require.NoError(t, os.Symlink(filepath.Join(program.Root(), "_build", built(name)), filepath.Join(folder, name)))
	}
	return folder
}

// withoutLicenses returns a folder with one file in the place of all licenses, which take a
// second to be found.
func withoutLicenses(t *testing.T) string {
	t.Helper()
	folder := t.TempDir()
	require.NoError(t, os.Mkdir(filepath.Join(folder, "licenses"), 0o700))
	require.NoError(t, os.WriteFile(filepath.Join(folder, "licenses", "LICENSE"), nil, 0o600))
	return folder
}

// needs skips a test for which a program is not installed.
func needs(t *testing.T, debianPackage, name string) {
	t.Helper()
	if _, err := exec.LookPath(name); err != nil {
		t.Skipf("%s is not installed: sudo apt-get install %s", name, debianPackage)
	}
}

// run runs a program, which has to succeed, and returns what it has printed.
func run(t *testing.T, name string, args ...string) string {
	t.Helper()
	text, err := exec.Command(name, args...).CombinedOutput()
	require.NoError(t, err, "%s %s:\n%s", name, strings.Join(args, " "), text)
	return string(text)
}
