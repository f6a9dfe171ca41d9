package docs

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mina-observability/otelcol-mina/test/program"
)

// elsewhere are programs of the host's and of others, and the test that runs them for real:
// here their command line is only read by the shell.
var elsewhere = map[string]string{
	"block-ip":   "examples/block-ip",
	"curl":       "test/e2e, test/engines and examples/block-ip",
	"gpg":        "test/release",
	"journalctl": "test/packages, make test-packages",
	"kubectl":    "test/kubernetes/server, make test-kubernetes",
	"nft":        "examples/block-ip",
	"rsync":      "test/engines: partitions of a store become those of a cluster's node",
	"tee":        "test/packages, make test-packages: what is in the file of variables",
	"sha256sum":  "test/release",
}

// workplace is a checkout in which the commands of documents do no harm: the programs that
// they start are those of testdata/programs, which read their arguments and end.
type workplace struct{ folder string }

func newWorkplace(t *testing.T) workplace {
	w := workplace{t.TempDir()}
	entries, err := os.ReadDir(program.Root())
	require.NoError(t, err)
	for _, entry := range entries {
		if name := entry.Name(); !slices.Contains([]string{".ci", ".state", "_build", "config"}, name) {
			w.link(t, filepath.Join(program.Root(), name), name)
		}
	}
	shipped, err := os.ReadDir(filepath.Join(program.Root(), "config"))
	require.NoError(t, err)
	for _, entry := range shipped {
		w.link(t, filepath.Join(program.Root(), "config", entry.Name()), "config/"+entry.Name())
	}
	programs, err := filepath.Glob("testdata/programs/*")
	require.NoError(t, err)
	require.NotEmpty(t, programs)
	for _, path := range programs {
		absolute, err := filepath.Abs(path)
		require.NoError(t, err)
		w.link(t, absolute, "bin/"+filepath.Base(path))
	}
	for name := range elsewhere {
		w.link(t, "/bin/true", "bin/"+name)
	}
	w.link(t, "/bin/true", ".ci/run")
	for _, name := range []string{"otelcol-mina", "mina"} {
		w.link(t, filepath.Join(w.folder, "bin", name), "_build/"+name)
	}
	w.link(t, filepath.Join(program.Root(), "examples", "sample.log"), "app.log")
	letters, err := filepath.Abs("testdata/state")
	require.NoError(t, err)
	w.link(t, letters, "state")
	return w
}

func (w workplace) link(t *testing.T, to, name string) {
	path := filepath.Join(w.folder, name)
	require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o700))
	require.NoError(t, os.Symlink(to, path))
}

// write writes the files that a document has in its blocks: # config/mine.yaml.
func (w workplace) write(t *testing.T, document string) {
	for _, b := range inLanguage(t, "yaml") {
		named := regexp.MustCompile(`^# (config/\S+\.yaml)\n`).FindStringSubmatch(b.Text)
		if named != nil && b.Document == document {
			require.NoError(t, os.WriteFile(filepath.Join(w.folder, named[1]), []byte(b.Text), 0o600))
		}
	}
}

// compiler returns the variables that let the programs of the workplace, whose home is another,
// compile as this test was compiled.
var compiler = sync.OnceValues(func() ([]string, error) {
	path, err := exec.LookPath("go")
	if err != nil {
		return nil, err
	}
	names := []string{"GOCACHE", "GOMODCACHE", "GOPROXY", "GOFLAGS", "GOSUMDB"}
	out, err := exec.Command(path, append([]string{"env"}, names...)...).Output()
	if err != nil {
		return nil, err
	}
	env := []string{"GO=" + path}
	for i, value := range strings.Split(string(out), "\n")[:len(names)] {
		env = append(env, names[i]+"="+value)
	}
	return env, nil
})

// run has a shell run a text, with the installed state's directory in the workplace.
func (w workplace) run(t *testing.T, text string) (string, error) {
	state := filepath.Join(w.folder, "state")
	cmd := exec.Command("/bin/sh", "-ec", strings.ReplaceAll(text, "/var/lib/otelcol-mina/", state+"/"))
	cmd.Dir = w.folder
	compiler, err := compiler()
	require.NoError(t, err)
	cmd.Env = append(append(os.Environ(), compiler...),
		fmt.Sprintf("PATH=%s:/usr/bin:/bin", filepath.Join(w.folder, "bin")), "HOME="+home(t), "TMPDIR="+t.TempDir(), "CHECKOUT="+program.Root(), "COLLECTOR="+collector(t), "MINA="+filepath.Join(program.Root(), "_build", "mina"))
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// home returns a home in which Go counts nothing: a process of its own would write there when
// the test is over.
func home(t *testing.T) string {
	t.Helper()
	folder := t.TempDir()
	telemetry := filepath.Join(folder, ".config", "go", "telemetry")
	require.NoError(t, os.MkdirAll(telemetry, 0o755))
	require.NoError(t, os.WriteFile(filepath.Join(telemetry, "mode"), []byte("off"), 0o600))
	return folder
}

// TestCommandsWork runs each block of commands, in a checkout in which they do no harm.
func TestCommandsWork(t *testing.T) {
	for _, b := range inLanguage(t, "sh") {
		t.Run(b.String(), func(t *testing.T) {
			t.Parallel()
			w := newWorkplace(t)
			w.write(t, b.Document)
			out, err := w.run(t, b.Text)
			assert.NoError(t, err, "%s\n%s", b.Text, out)
		})
	}
}

// TestWrongCommandsAreFound holds the programs of the workplace.
func TestWrongCommandsAreFound(t *testing.T) {
	for name, text := range map[string]string{
		"a target that is not there":       "make runn",
		"a configuration that is not":      "_build/otelcol-mina --config config/datadogg.yaml",
		"a value that is wrong":            "OTLP_ENDPOINT=localhost _build/otelcol-mina --config config/base.yaml --config config/otlp.yaml",
		"an overlay alone, in a container": "docker run --rm -e LOKI_URL otelcol-mina --config /etc/otelcol-mina/loki.yaml",
		"an option of docker's":            "docker run --readonly otelcol-mina",
		"a script that is not there":       "sh examples/sendtest.sh datadog",
		"a package that is not there":      "go run ./examples/unblock-ip",
		"a flag of mina's":                 "mina try --configs config/base.yaml app.log",
		"a command of mina's":              "mina dead-letters send",
		"a flag of the store's":            "victoria-logs -retention=30d",
		"a chart that is not there":        "helm install mina charts/otelcolmina",
		"a value that the chart has not":   "helm install mina charts/otelcol-mina --set destination=datadog",
		"a unit that is not there":         "sudo systemctl restart otelcol",
		"a package of another version":     "sudo apt install ./otelcol-mina_0.0.9-1_amd64.deb",
		"a right for nobody":               "sudo setfacl -R -m u:otelcol:rX /var/log/mina",
		"a program that nobody knows":      "otelcol --config config/base.yaml",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			out, err := newWorkplace(t).run(t, text)
			assert.Error(t, err, out)
		})
	}
}
