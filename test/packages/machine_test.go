package packages

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"github.com/mina-observability/otelcol-mina/test/program"
)

// deadline is how long anything may take on a machine.
const deadline = time.Minute

// machine is a host of its own with a real systemd: this one's files, over which its changes
// are laid, and a network that has loopback alone.
type machine struct {
	root string
	// init is the process id of its systemd.
	init string
}

// boot starts a machine, which ends with the test. The folder packages is its /srv.
func boot(t *testing.T, packages string) *machine {
	t.Helper()
	root := overHost(t)
	// Where packages are not to start anything, as in an image that is built.
	_ = os.Remove(filepath.Join(root, "usr/sbin/policy-rc.d"))
	// The index of all manual pages takes dpkg longer than all else.
	indexer := filepath.Join(root, "usr/bin/mandb")
	_ = os.Remove(indexer)
	require.NoError(t, os.Symlink("true", indexer))
	// Nothing of this host's own services: what a package starts is started by the package.
	process, err := program.Start(exec.Command("systemd-nspawn", "--boot", "--register=no", "--keep-unit", "--private-network",
		"--console=pipe", "--directory="+root, "--bind-ro="+packages+":/srv", "systemd.unit=basic.target"))
	require.NoError(t, err)
	m := &machine{root: root}
	t.Cleanup(func() {
		// Its systemd takes the others with it; asked to halt, it would wait for them.
		_ = exec.Command("kill", "-KILL", m.init).Run()
		process.Kill()
	})
	waitFor(t, "the machine", func() bool {
		children := process.Children()
		if len(children) == 0 {
			return false
		}
		m.init = fmt.Sprint(children[0])
		_, err := m.try("systemctl", "is-active", "--quiet", "basic.target")
		return err == nil
	})
	return m
}

// overHost returns a folder with this host's files, over which changes are laid.
func overHost(t *testing.T) (root string) {
	t.Helper()
	layers, root := t.TempDir(), t.TempDir()
	mount(t, "tmpfs", layers, "tmpfs", "mode=0755")
	upper, work := filepath.Join(layers, "upper"), filepath.Join(layers, "work")
	require.NoError(t, os.Mkdir(upper, 0o755))
	require.NoError(t, os.Mkdir(work, 0o755))
	mount(t, "overlay", root, "overlay", fmt.Sprintf("lowerdir=/,upperdir=%s,workdir=%s", upper, work))
	return root
}

func mount(t *testing.T, source, target, kind, options string) {
	t.Helper()
	require.NoError(t, unix.Mount(source, target, kind, 0, options), "%s %s", kind, options)
	t.Cleanup(func() { _ = unix.Unmount(target, unix.MNT_DETACH) })
}

// path returns where a file of the machine is on this host.
func (m *machine) path(file string) string { return filepath.Join(m.root, file) }

// try runs a program on the machine, and returns what it has printed.
func (m *machine) try(args ...string) (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), deadline)
	defer cancel()
	// Mount, UTS, IPC, network and process namespaces, and that of control groups.
	cmd := exec.CommandContext(ctx, "nsenter", append([]string{"-t", m.init, "-m", "-u", "-i", "-n", "-p", "-C", "--"}, args...)...)
	cmd.Env = []string{"PATH=/usr/sbin:/usr/bin:/sbin:/bin", "DEBIAN_FRONTEND=noninteractive", "LC_ALL=C.UTF-8"}
	text, err := cmd.CombinedOutput()
	return strings.TrimSpace(string(text)), err
}

// run runs a program on the machine, which has to succeed.
func (m *machine) run(t *testing.T, args ...string) string {
	t.Helper()
	text, err := m.try(args...)
	require.NoError(t, err, "%s:\n%s", strings.Join(args, " "), text)
	return text
}

// show returns a property of the collector's unit.
func (m *machine) show(t *testing.T, property string) string {
	t.Helper()
	return m.run(t, "systemctl", "show", "--property="+property, "--value", "otelcol-mina")
}

// journal returns what a unit has said.
func (m *machine) journal(t *testing.T, unit string) string {
	t.Helper()
	return m.run(t, "journalctl", "--no-pager", "--output=cat", "--unit="+unit)
}

// edit changes a file of the machine.
func (m *machine) edit(t *testing.T, file string, change func(text string) string) {
	t.Helper()
	text, err := os.ReadFile(m.path(file))
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(m.path(file), []byte(change(string(text))), 0o600)) // which keeps its mode
}

// write writes a new file of the machine.
func (m *machine) write(t *testing.T, file, text string) {
	t.Helper()
	require.NoError(t, os.MkdirAll(filepath.Dir(m.path(file)), 0o755))
	require.NoError(t, os.WriteFile(m.path(file), []byte(text), 0o644))
}

// inside runs a function in the machine's network: sockets stay where they were made.
func (m *machine) inside(f func() error) error {
	runtime.LockOSThread() // and not unlocked if there is no way back, which ends the thread
	here, err := os.Open("/proc/thread-self/ns/net")
	if err != nil {
		return err
	}
	defer here.Close()
	there, err := os.Open("/proc/" + m.init + "/ns/net")
	if err != nil {
		return err
	}
	defer there.Close()
	if err := unix.Setns(int(there.Fd()), syscall.CLONE_NEWNET); err != nil {
		return err
	}
	failed := f()
	if err := unix.Setns(int(here.Fd()), syscall.CLONE_NEWNET); err != nil {
		return err
	}
	runtime.UnlockOSThread()
	return failed
}

// client returns a client of what listens on the machine.
func (m *machine) client() *http.Client {
	dial := func(_ context.Context, network, address string) (connection net.Conn, err error) {
		err = m.inside(func() error {
			connection, err = net.Dial(network, address)
			return err
		})
		return connection, err
	}
	return &http.Client{Timeout: deadline, Transport: &http.Transport{DialContext: dial, DisableKeepAlives: true}}
}

func waitFor(t *testing.T, what string, done func() bool) {
	t.Helper()
	for end := time.Now().Add(deadline); !done(); time.Sleep(50 * time.Millisecond) {
		require.True(t, time.Now().Before(end), "no %s after %s", what, deadline)
	}
}
