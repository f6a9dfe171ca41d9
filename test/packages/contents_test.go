package packages

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mina-observability/otelcol-mina/test/program"
)

func TestPackagesAreTheSameWhoeverBuildsThem(t *testing.T) {
	first, second := build(t, "1.2.3", standIns(t, 0o755)), build(t, "1.2.3", standIns(t, 0o700))
	for _, pair := range [][2]string{{first.deb, second.deb}, {first.rpm, second.rpm}} {
		assert.Equal(t, filepath.Base(pair[0]), filepath.Base(pair[1]))
		one, err := os.ReadFile(pair[0])
		require.NoError(t, err)
		other, err := os.ReadFile(pair[1])
		require.NoError(t, err)
		assert.True(t, string(one) == string(other), "%s has other bytes", filepath.Base(pair[0]))
	}
}

func TestPackagesHold(t *testing.T) {
	needs(t, "dpkg", "dpkg-deb")
	needs(t, "rpm", "rpm")
	packages := build(t, "1.2.3-rc.1", standIns(t, 0o755))

	for name, listed := range map[string]string{
		"deb": listDeb(t, packages.deb),
		"rpm": run(t, "rpm", "-qp", "--qf", `[%{FILEMODES:perms} %{FILEUSERNAME}/%{FILEGROUPNAME} %{FILENAMES} %{FILEFLAGS:fflags}\n]`, packages.rpm),
	} {
		t.Run(name, func(t *testing.T) {
			var configuration, others []string
			for line := range strings.Lines(listed) {
				line = strings.TrimSpace(line)
				if overlay, found := strings.CutPrefix(line, "-rw-r--r-- root/root /etc/otelcol-mina/"); found {
					configuration = append(configuration, overlay)
				} else {
					others = append(others, line)
				}
			}
			// They are listed as those of an administrator, whose changes are kept.
			var shipped []string
			files, err := filepath.Glob(filepath.Join(program.Root(), "config", "*.yaml"))
			require.NoError(t, err)
			for _, file := range files {
				shipped = append(shipped, filepath.Base(file)+map[string]string{"deb": " conffile", "rpm": " cn"}[name])
			}
			assert.Equal(t, shipped, configuration)

			golden := filepath.Join("testdata", name+".txt")
			text := strings.Join(others, "\n") + "\n"
			if os.Getenv("MINA_UPDATE_GOLDEN") != "" {
				require.NoError(t, os.WriteFile(golden, []byte(text), 0o600))
			}
			want, err := os.ReadFile(golden)
			require.NoError(t, err)
			assert.Equal(t, string(want), text)
		})
	}
}

func TestPackagesAreForOtherMachines(t *testing.T) {
	needs(t, "dpkg", "dpkg-deb")
	dist := t.TempDir()
	run(t, "sh", filepath.Join(program.Root(), "packaging", "packages.sh"), "1.2.3", "arm64", standIns(t, 0o755), dist)
	assert.Equal(t, "arm64\n", run(t, "dpkg-deb", "--field", filepath.Join(dist, "otelcol-mina_1.2.3-1_arm64.deb"), "Architecture"))
	assert.FileExists(t, filepath.Join(dist, "otelcol-mina-1.2.3-1.aarch64.rpm"))
}

// listDeb lists what a package holds but for the folders of every system: mode, owner, path,
// and which are conffiles.
func listDeb(t *testing.T, deb string) string {
	t.Helper()
	conffiles := strings.Fields(run(t, "dpkg-deb", "--info", deb, "conffiles"))
	var listed strings.Builder
	for line := range strings.Lines(run(t, "dpkg-deb", "--contents", deb)) {
		fields := strings.Fields(line)
		path := strings.TrimPrefix(fields[5], ".")
		if strings.HasSuffix(path, "/") && !strings.HasSuffix(path, "/otelcol-mina/") {
			continue
		}
		listed.WriteString(fields[0] + " " + fields[1] + " " + path)
		for _, conffile := range conffiles {
			if conffile == path {
				listed.WriteString(" conffile")
			}
		}
		listed.WriteString("\n")
	}
	return listed.String()
}

// dpkg has the version of the changelog, and sorts the one before a release in front of it.
func TestVersionBeforeARelease(t *testing.T) {
	needs(t, "dpkg", "dpkg-deb")
	deb, root := build(t, "1.2.3-rc.1", standIns(t, 0o755)).deb, t.TempDir()
	run(t, "dpkg-deb", "--extract", deb, root)
	version := strings.TrimSpace(run(t, "dpkg-deb", "--field", deb, "Version"))
	assert.Equal(t, "1.2.3~rc.1-1", version)
	changelog := run(t, "gzip", "-dc", filepath.Join(root, "usr/share/doc/otelcol-mina/changelog.Debian.gz"))
	assert.True(t, strings.HasPrefix(changelog, "otelcol-mina ("+version+") "), changelog)
}

func TestUnitsAreValidAndHardened(t *testing.T) {
	needs(t, "dpkg", "dpkg-deb")
	needs(t, "systemd", "systemd-analyze")
	root := t.TempDir()
	run(t, "dpkg-deb", "--extract", build(t, "1.2.3", standIns(t, 0o755)).deb, root)
	for _, unit := range []string{"otelcol-mina.service", "otelcol-mina-explore.service"} {
		t.Run(unit, func(t *testing.T) {
			path := filepath.Join(root, "usr/lib/systemd/system", unit)
			assert.Empty(t, run(t, "systemd-analyze", "verify", "--man=no", "--recursive-errors=no", "--root="+root, path))
			// In tenths. The units of other collectors have 9.2.
			run(t, "systemd-analyze", "security", "--no-pager", "--offline=true", "--threshold=15", path)
		})
	}
}

var (
	requiredVariable = regexp.MustCompile(`\$\{var:([A-Z0-9_]+):\?`)
	anyVariable      = regexp.MustCompile(`\$\{(?:env|var):([A-Z0-9_]+)`)
)

// TestVariablesAreOffered holds the file of variables and config/ together: it has those that
// a destination cannot do without, and all of base.yaml that the unit does not set itself.
func TestVariablesAreOffered(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(program.Root(), "packaging", "otelcol-mina.env"))
	require.NoError(t, err)
	for line := range strings.Lines(string(text)) {
		assert.Regexp(t, `^(#.*)?\n$`, line, "nothing is set but by the administrator")
	}
	files, err := filepath.Glob(filepath.Join(program.Root(), "config", "*.yaml"))
	require.NoError(t, err)
	for _, file := range files {
		config, err := os.ReadFile(file)
		require.NoError(t, err)
		wanted := requiredVariable
		if filepath.Base(file) == "base.yaml" {
			wanted = anyVariable
		}
		for _, variable := range wanted.FindAllStringSubmatch(string(config), -1) {
			if variable[1] != "MINA_STATE_DIR" {
				assert.Regexp(t, `(?m)^#`+variable[1]+`=`, string(text), filepath.Base(file))
			}
		}
	}
}
