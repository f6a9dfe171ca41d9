package image

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m, goleak.IgnoreTopFunction("net/http.(*persistConn).readLoop"), goleak.IgnoreTopFunction("net/http.(*persistConn).writeLoop"))
}

// TestImage is one test, since all its parts are of one image.
func TestImage(t *testing.T) {
	t.Parallel()
	i := build(t, "test", "docker")
	t.Cleanup(func() { _, _ = i.run(t, "podman", "rmi", "--force", i.name) })
	for name, test := range map[string]func(*testing.T, *image){
		"says what it is":                         saysWhatItIs,
		"holds what it needs and nothing else":    holdsNothingElse,
		"runs hardened, and stops in time":        runsHardened,
		"delivers with a vendor's token alone":    deliversWithATokenAlone,
		"says whose its state has to be":          saysWhoseItsStateHasToBe,
		"finds its configuration from anywhere":   findsItsConfiguration,
		"delivers with little memory":             deliversWithLittleMemory,
		"is the same when it is built once again": isTheSameAgain,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, i)
		})
	}
}

func saysWhatItIs(t *testing.T, i *image) {
	out, err := i.run(t, "podman", "inspect", "--type", "image", i.name)
	require.NoError(t, err, out)
	var inspected []struct {
		Config struct {
			User                  string
			Env, Entrypoint, Cmd  []string
			Volumes, ExposedPorts map[string]any
			Labels                map[string]string
		}
		Healthcheck struct{ Test []string }
	}
	require.NoError(t, json.Unmarshal([]byte(out), &inspected))
	config := inspected[0].Config
	assert.Equal(t, "10001:10001", config.User)
	assert.Equal(t, []string{"/otelcol-mina"}, config.Entrypoint, "it gets the signals itself")
	assert.Equal(t, []string{"--config", "/etc/otelcol-mina/base.yaml", "--config", "destinations:auto"}, config.Cmd)
	assert.Equal(t, []string{"CMD", "/mina", "health", "--pipeline", "logs"}, inspected[0].Healthcheck.Test)
	assert.Subset(t, config.Env, []string{"MINA_CONFIG_DIR=/etc/otelcol-mina", "MINA_STATE_DIR=/var/lib/otelcol-mina", "MINA_LISTEN=0.0.0.0"})
	assert.Contains(t, config.Volumes, "/var/lib/otelcol-mina")
	for _, port := range []string{"4317/tcp", "4318/tcp", "8319/tcp", "8320/tcp", "8888/tcp", "9464/tcp", "13133/tcp"} {
		assert.Contains(t, config.ExposedPorts, port)
	}
	for label, want := range map[string]string{"title": "otelcol-mina", "licenses": "Apache-2.0", "version": "0.2.0", "revision": "0123abc", "source": "https://github.com/mina-observability/otelcol-mina"} {
		assert.Equal(t, want, config.Labels["org.opencontainers.image."+label])
	}
}

func holdsNothingElse(t *testing.T, i *image) {
	out, err := i.run(t, "podman", "run", "--rm", "--entrypoint", "/bin/sh", i.name)
	assert.Error(t, err, out)
	id, err := i.run(t, "podman", "create", i.name)
	require.NoError(t, err, id)
	archive := filepath.Join(t.TempDir(), "root.tar")
	out, err = i.run(t, "podman", "export", "--output", archive, id)
	require.NoError(t, err, out)
	_, _ = i.run(t, "podman", "rm", "--volumes", id)
	listed, err := exec.Command("tar", "--numeric-owner", "-tvf", archive).Output()
	require.NoError(t, err)
	var files []string
	for line := range strings.Lines(string(listed)) {
		if name := strings.Fields(line)[5]; line[0] == '-' && !strings.HasPrefix(name, "etc/otelcol-mina/") {
			files = append(files, name)
		}
	}
	// What podman puts there by itself is empty.
	assert.Subset(t, files, []string{"otelcol-mina", "mina", "LICENSE", "etc/passwd", "etc/group", "etc/ssl/certs/ca-certificates.crt"})
	assert.Subset(t, []string{"otelcol-mina", "mina", "LICENSE", "etc/passwd", "etc/group", "etc/ssl/certs/ca-certificates.crt", "etc/hosts", "etc/hostname", "etc/resolv.conf", "run/.containerenv"}, files)
	assert.Regexp(t, `10001/10001 .* var/lib/otelcol-mina/`, string(listed))
	bundle, err := exec.Command("tar", "-xOf", archive, "etc/ssl/certs/ca-certificates.crt").Output()
	require.NoError(t, err)
	assert.Greater(t, strings.Count(string(bundle), "BEGIN CERTIFICATE"), 50)
}

func runsHardened(t *testing.T, i *image) {
	c := i.start(t, "--workdir", "/tmp", i.name, "--config", "/etc/otelcol-mina/base.yaml", "--config", "/etc/otelcol-mina/local.yaml")
	health := c.address(t, 13133)
	c.wait(t, "it is healthy", deadline, func() bool { code, _ := ask(http.MethodGet, health, ""); return code == http.StatusOK })
	out, err := c.run(t, "podman", "healthcheck", "run", c.id)
	require.NoError(t, err, out)

	status, err := os.ReadFile(filepath.Join("/proc", c.inspect(t, "{{.State.Pid}}"), "status"))
	require.NoError(t, err)
	for _, want := range []string{`Uid:\s+10001\s+10001\s+10001`, `Gid:\s+10001\s+10001`, `CapEff:\s+0+\n`, `CapBnd:\s+0+\n`, `NoNewPrivs:\s+1\n`, `Seccomp:\s+2\n`} {
		assert.Regexp(t, want, string(status))
	}
	code, answer := ask(http.MethodPost, c.address(t, 8319)+"/v1/mina", `{"level": "INFO", "message": "hello from outside"}`)
	assert.Equal(t, http.StatusAccepted, code, answer)
	code, metrics := ask(http.MethodGet, c.address(t, 8888)+"/metrics", "")
	assert.Equal(t, http.StatusOK, code)
	assert.Contains(t, metrics, "otelcol_process_uptime")

	begun := time.Now()
	out, err = c.run(t, "podman", "stop", "--time", "20", c.id)
	require.NoError(t, err, out)
	assert.Less(t, time.Since(begun), 10*time.Second)
	assert.Equal(t, "0", c.inspect(t, "{{.State.ExitCode}}"))
	assert.Contains(t, c.logs(t), "hello from outside")
}

func findsItsConfiguration(t *testing.T, i *image) {
	out, err := i.run(t, "podman", "run", "--rm", "--read-only", "--workdir", "/", i.name,
		"validate", "--config", "/etc/otelcol-mina/base.yaml", "--config", "/etc/otelcol-mina/otlp.yaml")
	assert.NoError(t, err, out)
}

// saysWhoseItsStateHasToBe has a directory of root's mounted, as a bind mount or a hostPath
// makes it.
func saysWhoseItsStateHasToBe(t *testing.T, i *image) {
	c := i.start(t, "--volume", t.TempDir()+":/var/lib/otelcol-mina", i.name)
	for end := time.Now().Add(deadline); c.inspect(t, "{{.State.Status}}") != "exited" && time.Now().Before(end); {
		time.Sleep(50 * time.Millisecond)
	}
	assert.Equal(t, "1", c.inspect(t, "{{.State.ExitCode}}"))
	assert.Regexp(t, regexp.MustCompile(`directory "/var/lib/otelcol-mina": permission denied; .*\(uid 10001\).*MINA_STATE_DIR`), c.logs(t))
}

// ask sends a request, and returns the answer's status and text, or why there is none.
func ask(method, address, body string) (int, string) {
	request, err := http.NewRequest(method, address, strings.NewReader(body))
	if err != nil {
		return 0, err.Error()
	}
	request.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0, err.Error()
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return 0, fmt.Sprint(err)
	}
	return response.StatusCode, string(text)
}
