package image

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/mina-observability/otelcol-mina/test/program"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m, goleak.IgnoreTopFunction("net/http.(*persistConn).readLoop"), goleak.IgnoreTopFunction("net/http.(*persistConn).writeLoop"))
}

const deadline = 20 * time.Second

// image is the image under test, with storage of its own, so that the test leaves
// nothing behind.
type image struct {
	name    string
	storage []string
}

// run runs a program of podman's or buildah's, and returns what it printed.
func (i *image) run(t *testing.T, tool string, args ...string) (string, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), 2*deadline)
	defer cancel()
	cmd := exec.CommandContext(ctx, tool, append(append([]string{}, i.storage...), args...)...)
	cmd.Dir = program.Root()
	cmd.Env = append(os.Environ(), "CONTAINERS_CONF="+filepath.Join(program.Root(), "test", "image", "containers.conf"))
	out, err := cmd.CombinedOutput()
	return strings.TrimSpace(string(out)), err
}

// build builds the image. Where its tools cannot run at all there is nothing to test.
func build(t *testing.T) *image {
	t.Helper()
	for _, tool := range []string{"buildah", "podman", "runc"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("%s is not installed: %v", tool, err)
		}
	}
	if os.Getuid() != 0 {
		t.Skip("the image is built and run by root")
	}
	binary, err := program.Binary()
	require.NoError(t, err)
	stage := t.TempDir()
	out, err := exec.Command("sh", filepath.Join(program.Root(), "packaging", "rootfs.sh"), filepath.Join(stage, "rootfs"), binary).CombinedOutput()
	require.NoError(t, err, string(out))
	i := &image{name: "localhost/otelcol-mina:test"}
	if _, err := i.run(t, "podman", "info"); err != nil {
		i.storage = []string{"--storage-driver", "vfs"}
	}
	text, err := i.run(t, "buildah", "bud", "--isolation", "chroot", "--build-context", "build="+stage, "--timestamp", "0", "--tag", i.name, ".")
	require.NoError(t, err, text)
	t.Cleanup(func() { _, _ = i.run(t, "podman", "rmi", "--force", i.name) })
	return i
}

// container is a running container.
type container struct {
	*image
	id string
}

// start starts a container as a cluster does, with the intake, health and metrics ports
// published on loopback.
func (i *image) start(t *testing.T, args ...string) *container {
	t.Helper()
	id := fmt.Sprintf("otelcol-mina-test-%d-%d", os.Getpid(), time.Now().UnixNano())
	c := &container{i, id}
	t.Cleanup(func() { _, _ = i.run(t, "podman", "rm", "--force", "--volumes", "--time", "0", id) })
	hardened := []string{
		"run", "--detach", "--name", id, "--read-only", "--cap-drop", "ALL", "--security-opt", "no-new-privileges",
		"--publish", "127.0.0.1::8319", "--publish", "127.0.0.1::8888", "--publish", "127.0.0.1::13133",
	}
	out, err := i.run(t, "podman", append(hardened, args...)...)
	require.NoError(t, err, out)
	return c
}

// address returns where a port of the container is to be reached.
func (c *container) address(t *testing.T, port int) string {
	t.Helper()
	out, err := c.run(t, "podman", "port", c.id, strconv.Itoa(port)+"/tcp")
	require.NoError(t, err, out)
	_, published, err := net.SplitHostPort(strings.Split(out, "\n")[0])
	require.NoError(t, err)
	return "http://localhost:" + published
}

func status(method, address, body string) (int, string) {
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
	text, _ := io.ReadAll(response.Body)
	return response.StatusCode, string(text)
}

func (c *container) waitHealthy(t *testing.T) {
	t.Helper()
	address := c.address(t, 13133)
	if !assert.Eventually(t, func() bool { code, _ := status(http.MethodGet, address, ""); return code == http.StatusOK }, deadline, 50*time.Millisecond) {
		logs, _ := c.run(t, "podman", "logs", c.id)
		t.Fatal("the container is not healthy:", logs)
	}
}

func TestImage(t *testing.T) {
	i := build(t)

	t.Run("says what it is", func(t *testing.T) {
		out, err := i.run(t, "podman", "inspect", "--type", "image", i.name)
		require.NoError(t, err, out)
		var inspected []struct {
			Config struct {
				User            string
				Env, Entrypoint []string
				Volumes         map[string]any
				ExposedPorts    map[string]any
			}
		}
		require.NoError(t, json.Unmarshal([]byte(out), &inspected))
		config := inspected[0].Config
		assert.Equal(t, "10001:10001", config.User)
		assert.Equal(t, []string{"/otelcol-mina"}, config.Entrypoint, "it gets the signals itself")
		assert.Subset(t, config.Env, []string{"MINA_CONFIG_DIR=/etc/otelcol-mina", "MINA_STATE_DIR=/var/lib/otelcol-mina", "MINA_LISTEN=0.0.0.0"})
		assert.Contains(t, config.Volumes, "/var/lib/otelcol-mina")
		for _, port := range []string{"8319/tcp", "8888/tcp", "9464/tcp", "13133/tcp"} {
			assert.Contains(t, config.ExposedPorts, port)
		}
	})

	t.Run("holds what it needs and nothing else", func(t *testing.T) {
		for _, program := range []string{"/bin/sh"} {
			out, err := i.run(t, "podman", "run", "--rm", "--entrypoint", program, i.name)
			assert.Error(t, err, out)
		}
		id, err := i.run(t, "podman", "create", i.name)
		require.NoError(t, err, id)
		archive := filepath.Join(t.TempDir(), "root.tar")
		out, err := i.run(t, "podman", "export", "--output", archive, id)
		require.NoError(t, err, out)
		_, _ = i.run(t, "podman", "rm", "--volumes", id)
		listed, err := exec.Command("tar", "--numeric-owner", "-tvf", archive).Output()
		require.NoError(t, err)
		assert.Regexp(t, `10001/10001 .* var/lib/otelcol-mina/`, string(listed))
		bundle, err := exec.Command("tar", "-xOf", archive, "etc/ssl/certs/ca-certificates.crt").Output()
		require.NoError(t, err)
		assert.Greater(t, strings.Count(string(bundle), "BEGIN CERTIFICATE"), 50)
	})

	t.Run("delivers, read-only and without capabilities, and stops in time", func(t *testing.T) {
		c := i.start(t, "--workdir", "/tmp", i.name,
			"--config", "/etc/otelcol-mina/base.yaml", "--config", "/etc/otelcol-mina/local.yaml")
		c.waitHealthy(t)
		code, answer := status(http.MethodPost, c.address(t, 8319)+"/v1/mina", `{"level": "INFO", "message": "hello from outside"}`)
		assert.Equal(t, http.StatusAccepted, code, answer)
		code, metrics := status(http.MethodGet, c.address(t, 8888)+"/metrics", "")
		assert.Equal(t, http.StatusOK, code)
		assert.Contains(t, metrics, "otelcol_process_uptime")

		begun := time.Now()
		out, err := c.run(t, "podman", "stop", "--time", "20", c.id)
		require.NoError(t, err, out)
		assert.Less(t, time.Since(begun), 10*time.Second)
		out, err = c.run(t, "podman", "inspect", "--format", "{{.State.ExitCode}}", c.id)
		require.NoError(t, err, out)
		assert.Equal(t, "0", out)
		logs, _ := c.run(t, "podman", "logs", c.id)
		assert.Contains(t, logs, "hello from outside")
	})

	t.Run("finds its configuration from anywhere", func(t *testing.T) {
		out, err := i.run(t, "podman", "run", "--rm", "--read-only", "--workdir", "/", i.name,
			"validate", "--config", "/etc/otelcol-mina/base.yaml", "--config", "/etc/otelcol-mina/otlp.yaml")
		assert.NoError(t, err, out)
	})
}
