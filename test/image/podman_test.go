package image

import (
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mina-observability/otelcol-mina/test/program"
)

const deadline = 20 * time.Second

// image is the image under test.
type image struct{ name string }

// run runs a program of podman's or buildah's, and returns what it printed.
func (i *image) run(t *testing.T, tool string, args ...string) (string, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), 2*deadline)
	defer cancel()
	return program.Podman(ctx, tool, args...)
}

// build builds the image, with a tag, in docker's format, or in that of OCI, which has no
// health check. Where its tools cannot run at all there is nothing to test.
func build(t *testing.T, tag, format string) *image {
	t.Helper()
	if err := program.CanRunContainers("buildah", "podman", "runc"); err != nil {
		t.Skip(err)
	}
	requirePrograms(t)
	i := &image{name: "localhost/otelcol-mina:" + tag}
	ctx, cancel := context.WithTimeout(t.Context(), 2*deadline)
	defer cancel()
	require.NoError(t, program.BuildImage(ctx, i.name, "--format", format, "--build-arg", "VERSION=0.2.0", "--build-arg", "REVISION=0123abc"))
	return i
}

// requirePrograms returns the folder of the built programs.
func requirePrograms(t *testing.T) string {
	t.Helper()
	binary, err := program.Binary()
	require.NoError(t, err)
	require.FileExists(t, filepath.Join(filepath.Dir(binary), "mina"), "build the programs with make build")
	return filepath.Dir(binary)
}

// container is a container that has been started.
type container struct {
	*image
	id string
}

// start starts a container as a cluster does, with the intake, metrics and health ports
// published on loopback. The arguments are podman's, the image's name, and the image's.
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

// inspect returns what podman says of the container, by a template.
func (c *container) inspect(t *testing.T, template string) string {
	t.Helper()
	out, err := c.run(t, "podman", "inspect", "--format", template, c.id)
	require.NoError(t, err, out)
	return out
}

func (c *container) logs(t *testing.T) string {
	t.Helper()
	out, _ := c.run(t, "podman", "logs", c.id)
	return out
}

// wait waits for what has to be, and otherwise fails with what the container has printed.
func (c *container) wait(t *testing.T, what string, within time.Duration, is func() bool) {
	t.Helper()
	for end := time.Now().Add(within); !is(); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(end) || c.inspect(t, "{{.State.Status}}") != "running" {
			require.True(t, is(), "%s: it is not so (%s): %s", what, c.inspect(t, "{{.State.Status}} {{.State.ExitCode}}"), c.logs(t))
			return
		}
	}
}
