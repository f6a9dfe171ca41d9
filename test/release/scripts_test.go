package release

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// run returns what a command prints in a folder, with variables beside ours.
func run(t *testing.T, folder string, variables []string, command ...string) (string, error) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), command[0], command[1:]...)
	cmd.Dir = folder
	cmd.Env = append(os.Environ(), variables...)
	output, err := cmd.CombinedOutput()
	return string(output), err
}

func succeed(t *testing.T, folder string, variables []string, command ...string) string {
	t.Helper()
	output, err := run(t, folder, variables, command...)
	require.NoError(t, err, "%s\n%s", strings.Join(command, " "), output)
	return output
}

func write(t *testing.T, path, text string, mode os.FileMode) {
	t.Helper()
	require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
	require.NoError(t, os.WriteFile(path, []byte(text), mode))
	require.NoError(t, os.Chmod(path, mode))
}

func TestArchiveHasTheSameBytesWhoeverPacksItAndWhen(t *testing.T) {
	var archives [][]byte
	for turn, names := range [][]string{{"a", "b/c", "program"}, {"program", "b/c", "a"}} {
		folder := filepath.Join(t.TempDir(), "otelcol-mina-0.2.0")
		for _, name := range names {
			mode := os.FileMode(0o640)
			if name == "program" {
				mode = 0o700
			}
			write(t, filepath.Join(folder, name), name, mode|os.FileMode(turn)*0o004)
			at := time.Now().Add(time.Duration(turn) * time.Hour)
			require.NoError(t, os.Chtimes(filepath.Join(folder, name), at, at))
		}
		file := filepath.Join(t.TempDir(), "otelcol-mina.tar.gz")
		succeed(t, root, []string{"SOURCE_DATE_EPOCH=1790000000"}, "sh", "packaging/archive.sh", folder, file)
		archive, err := os.ReadFile(file)
		require.NoError(t, err)
		archives = append(archives, archive)

		list := succeed(t, root, nil, "tar", "-tvzf", file)
		assert.Contains(t, list, "-rw-r--r-- 0/0")
		assert.Contains(t, list, "-rwxr-xr-x 0/0")
		assert.Contains(t, list, " otelcol-mina-0.2.0/b/c\n")
	}
	assert.True(t, bytes.Equal(archives[0], archives[1]))
}

// TestLicencesOfSeveralProgramsAreCollected as who is not root, and may not write to a copy of
// what the module cache has read-only.
func TestLicencesOfSeveralProgramsAreCollected(t *testing.T) {
	umask := syscall.Umask(0o022) // that one can read what this one writes, whatever the shell's is
	t.Cleanup(func() { syscall.Umask(umask) })
	script, err := os.ReadFile(filepath.Join(root, "packaging/licenses.sh"))
	require.NoError(t, err)
	folder := t.TempDir()
	require.NoError(t, os.Chmod(filepath.Dir(folder), 0o755))
	require.NoError(t, os.Chmod(folder, 0o777))
	write(t, filepath.Join(folder, "cache/shared@v1.0.0/LICENSE"), "licence", 0o444)
	write(t, filepath.Join(folder, "goroot/LICENSE"), "Go's licence", 0o444)
	write(t, filepath.Join(folder, "bin/go"), `#!/bin/sh
case $1 in
env) echo "$FOLDER/goroot" ;;
*) echo "example.com/shared $FOLDER/cache/shared@v1.0.0" ;;
esac
`, 0o755)
	for _, program := range []string{"one", "other"} {
		cmd := exec.CommandContext(t.Context(), "sh", "-s", ".", "./cmd/"+program, filepath.Join(folder, "licenses"))
		cmd.Dir = folder
		cmd.Env = append(os.Environ(), "FOLDER="+folder, "PATH="+filepath.Join(folder, "bin")+":"+os.Getenv("PATH"))
		cmd.Stdin = bytes.NewReader(script)
		if os.Getuid() == 0 {
			cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
		}
		output, err := cmd.CombinedOutput()
		require.NoError(t, err, "%s: %s", program, output)
	}
	for _, name := range []string{"go", "example.com/shared"} {
		assert.FileExists(t, filepath.Join(folder, "licenses", name, "LICENSE"))
	}
}

// A release of what is in no commit could not be built again.
func TestReleaseIsOfACommitAndAVersion(t *testing.T) {
	repository := t.TempDir()
	for _, name := range []string{"packaging/release.sh", "packaging/version.sh"} {
		script, err := os.ReadFile(filepath.Join(root, name))
		require.NoError(t, err)
		write(t, filepath.Join(repository, name), string(script), 0o644)
	}
	for _, command := range []string{"init -q", "add packaging", "-c user.name=a -c user.email=a@example.com commit -q -m first"} {
		succeed(t, repository, nil, append([]string{"git"}, strings.Fields(command)...)...)
	}
	full := t.TempDir()
	write(t, filepath.Join(full, "SHA256SUMS"), "", 0o644)
	for _, test := range []struct{ name, version, dist, untracked, says string }{
		{"a tag", "v0.2.0", t.TempDir(), "", `VERSION is "v0.2.0", and has to be as 0.2.0`},
		{"no version", "", t.TempDir(), "", `VERSION is ""`},
		{"a file in no commit", "0.2.0", t.TempDir(), "notes.txt", "?? notes.txt"},
		{"an earlier release", "0.2.0", full, "", full + " is not empty"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if test.untracked != "" {
				path := filepath.Join(repository, test.untracked)
				write(t, path, "", 0o644)
				defer func() { require.NoError(t, os.Remove(path)) }()
			}
			output, err := run(t, repository, nil, "sh", "packaging/release.sh", test.version, test.dist)
			require.Error(t, err)
			assert.Contains(t, output, test.says)
		})
	}
}

// What make, dpkg or helm would take apart, or not take, is refused before anything is packed.
func TestVersionsThatNoPackageCanHaveAreRefused(t *testing.T) {
	for _, version := range []string{"v0.2.0", "0.2", "latest", "0.2.0 beta", "0.2.0/1", "0.2.0+413f31f", "0.2.0\n0.2.0"} {
		dist := filepath.Join(t.TempDir(), "dist")
		for _, command := range [][]string{
			{"sh", "packaging/chart.sh", version, dist},
			{"sh", "packaging/packages.sh", version, "amd64", "_build", dist},
			{"sh", "packaging/image-archive.sh", version, "amd64", "_build", dist},
		} {
			output, err := run(t, root, nil, command...)
			require.Error(t, err, "%q", command)
			assert.Contains(t, output, "VERSION is \""+version+"\", and has to be as 0.2.0", "%q", command)
			assert.NoDirExists(t, dist)
		}
	}
}

// Nobody could start the programs of a package that is for another machine than they.
func TestProgramsOfAnotherMachineAreRefused(t *testing.T) {
	programs, dist := t.TempDir(), filepath.Join(t.TempDir(), "dist")
	own, err := os.Executable()
	require.NoError(t, err)
	for _, name := range []string{"otelcol-mina", "mina", "victoria-logs"} {
		require.NoError(t, os.Symlink(own, filepath.Join(programs, name)))
	}
	for _, script := range []string{"packages.sh", "image-archive.sh"} {
		output, err := run(t, root, nil, "sh", "packaging/"+script, "0.2.0", "riscv64", programs, dist)
		require.Error(t, err, script)
		assert.Contains(t, output, "otelcol-mina is for linux/"+runtime.GOARCH+`, and ARCH is "riscv64"`, script)
		assert.NoDirExists(t, dist)
	}
}

// The files of a source archive have no commit, and get no time out of the air.
func TestPackingWithoutACommitAsksForTheTime(t *testing.T) {
	source := t.TempDir()
	succeed(t, root, nil, "cp", "-RL", "packaging", "charts", "LICENSE", source)
	pack := []string{"sh", "packaging/chart.sh", "0.2.0", t.TempDir()}
	output, err := run(t, source, []string{"SOURCE_DATE_EPOCH="}, pack...)
	require.Error(t, err)
	assert.Contains(t, output, "set SOURCE_DATE_EPOCH")
	succeed(t, source, []string{"SOURCE_DATE_EPOCH=1790000000"}, pack...)
}

// A checkout may lie in any folder, and so may what is made of it.
func TestMakeInFoldersWithSpaces(t *testing.T) {
	checkout := filepath.Join(t.TempDir(), "a checkout")
	require.NoError(t, os.Mkdir(checkout, 0o755))
	entries, err := os.ReadDir(root)
	require.NoError(t, err)
	for _, entry := range entries {
		if name := entry.Name(); name != "_build" {
			source, err := filepath.Abs(filepath.Join(root, name))
			require.NoError(t, err)
			require.NoError(t, os.Symlink(source, filepath.Join(checkout, name)))
		}
	}
	succeed(t, checkout, nil, "make", "sources")
	assert.FileExists(t, filepath.Join(checkout, "_build", "main.go"))

	dist := filepath.Join(t.TempDir(), "made of it")
	succeed(t, checkout, nil, "make", "chart", "VERSION=0.2.0", "DIST="+dist)
	assert.FileExists(t, filepath.Join(dist, "otelcol-mina-0.2.0.tgz"))
}

// The version and the commit are in the binary because ocb takes its manifest's values from
// the environment, with a dot in their names.
func TestVersionOfTheReleaseIsStamped(t *testing.T) {
	t.Parallel()
	sources := t.TempDir()
	succeed(t, root, []string{"dist.version=0.2.0+413f31f", "dist.output_path=" + sources},
		"go", "tool", "-modfile=internal/tools/go.mod", "builder", "--config", "builder-config.yaml", "--skip-compilation", "--skip-get-modules")
	main, err := os.ReadFile(filepath.Join(sources, "main.go"))
	require.NoError(t, err)
	assert.Regexp(t, `Version:\s+"0\.2\.0\+413f31f"`, string(main))
}
