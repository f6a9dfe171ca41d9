package program

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
)

var errNoRoot = errors.New("containers are built and run by root")

// CanRunContainers returns an error where a tool is missing, or the rights to use it.
func CanRunContainers(tools ...string) error {
	for _, tool := range tools {
		if _, err := exec.LookPath(tool); err != nil {
			return fmt.Errorf("%s is not installed (sudo apt-get install %[1]s): %w", filepath.Base(tool), err)
		}
	}
	if os.Getuid() != 0 {
		return errNoRoot
	}
	return nil
}

// Podman runs podman or buildah, or a script that does, at the root of the repository, and
// returns what it printed.
func Podman(ctx context.Context, tool string, args ...string) (string, error) {
	if tool == "podman" || tool == "buildah" {
		args = slices.Concat(storage(), args)
	}
	out, err := podman(ctx, tool, args...).CombinedOutput()
	if err != nil {
		err = fmt.Errorf("%s %s: %w: %s", tool, strings.Join(args, " "), err, out)
	}
	return strings.TrimSpace(string(out)), err
}

func podman(ctx context.Context, tool string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, tool, args...)
	cmd.Dir = Root()
	cmd.Env = append(os.Environ(), "CONTAINERS_CONF="+filepath.Join(Root(), "test", "image", "containers.conf"))
	return cmd
}

// storage returns the options for images and containers: they are copied where podman cannot
// lay them over each other.
var storage = sync.OnceValue(func() []string {
	if podman(context.Background(), "podman", "info").Run() != nil {
		return []string{"--storage-driver", "vfs"}
	}
	return nil
})

// BuildImage builds the container image around the programs that are built, with further
// options of buildah's.
func BuildImage(ctx context.Context, name string, options ...string) error {
	binary, err := Binary()
	if err != nil {
		return err
	}
	stage, err := os.MkdirTemp("", "otelcol-mina-image")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(stage) }()
	if _, err := Podman(ctx, "sh", "packaging/rootfs.sh", filepath.Join(stage, "rootfs"), filepath.Dir(binary)); err != nil {
		return err
	}
	args := append([]string{"bud", "--isolation", "chroot", "--build-context", "build=" + stage, "--timestamp", "0", "--tag", name}, options...)
	_, err = Podman(ctx, "buildah", append(args, ".")...)
	return err
}
