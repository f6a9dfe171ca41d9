package packages

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/mina-observability/otelcol-mina/test/program"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	oldVersion, newVersion = "1.0.0", "1.1.0"

	environment = "/etc/otelcol-mina/otelcol-mina.env"
	overlay     = "/etc/otelcol-mina/otlp.yaml"
	restart     = "/usr/lib/otelcol-mina/restart-if-valid"
)

// needsSystemd skips what takes a minute and a machine of its own, but in make test-packages.
func needsSystemd(t *testing.T) {
	t.Helper()
	if os.Getenv("MINA_SYSTEMD") == "" {
		t.Skip("a machine with a real systemd: make test-packages")
	}
	if os.Getuid() != 0 {
		t.Fatal("machines are started by root")
	}
}

// nextEdition returns the folder of a version after this one, which ships another otlp.yaml.
func nextEdition(t *testing.T) string {
	t.Helper()
	tree := t.TempDir()
	for _, name := range []string{"packaging", "config", "docs/packages.md", "internal/tools/nfpm", "LICENSE", "go.mod"} {
		require.NoError(t, os.MkdirAll(filepath.Dir(filepath.Join(tree, name)), 0o755))
		run(t, "cp", "-R", filepath.Join(program.Root(), name), filepath.Join(tree, name))
	}
	file, err := os.OpenFile(filepath.Join(tree, "config", "otlp.yaml"), os.O_APPEND|os.O_WRONLY, 0)
	require.NoError(t, err)
	defer file.Close()
	_, err = file.WriteString("# of the next edition\n")
	require.NoError(t, err)
	return tree
}

// host is a machine with an application, and a sink for its records.
type host struct {
	*machine
	sink        *sink
	application *application
}

// TestPackageForDebian is the life of the package on one host, step after step.
func TestPackageForDebian(t *testing.T) {
	needsSystemd(t)
	t.Parallel()
	programs := theirs(t, func(name string) string { return name })
	packages := t.TempDir()
	buildIn(t, program.Root(), oldVersion, programs, packages, "deb")
	buildIn(t, nextEdition(t), newVersion, programs, packages, "deb")

	m := boot(t, packages)
	h := &host{m, listen(t, m), &application{}}
	for _, step := range []struct {
		name string
		test func(*testing.T)
	}{
		{"runs when it is installed, also without a destination", h.install},
		{"delivers, as a user without rights", h.deliver},
		{"takes changed files at a reload", h.reload},
		{"goes on as it was with a file that is not valid", h.refuseBadFile},
		{"is back after a kill", h.kill},
		{"runs after a reload that comes before it listens", h.reloadEarly},
		{"keeps changed files, and loses and repeats nothing at an upgrade", h.upgrade},
		{"is not restarted by an upgrade that it could not start after", h.refuseUpgrade},
		{"stays off where it is off", h.stayOff},
		{"reads logs of an application's group", h.readByGroup},
		{"reads logs of a group that a drop-in names", h.readByDropIn},
		{"reads logs by access control lists", h.readByACL},
		{"shows the records on the page, of a store of its own", h.explore},
		{"goes on where it was, and is enabled, when it is installed again", h.reinstall},
		{"leaves nothing when it is purged", h.purge},
	} {
		if !t.Run(step.name, step.test) {
			t.Fatal("what follows begins where this ends\n" + h.journal(t, "otelcol-mina*"))
		}
	}
}

func (h *host) install(t *testing.T) {
	// Where the application writes if it is not told otherwise; /tmp is the machine's own.
	h.application.path = filepath.Join("/proc", h.init, "root/tmp/logs/Start_application_1.log")
	require.NoError(t, os.MkdirAll(filepath.Dir(h.application.path), 0o755))
	h.application.write(t, 33)
	require.NoError(t, os.Chmod(h.application.path, 0o644)) // by the umask of most
	h.run(t, "apt-get", "install", "--yes", "/srv/otelcol-mina_"+oldVersion+"-1_amd64.deb")
	assert.Equal(t, "enabled", h.run(t, "systemctl", "is-enabled", "otelcol-mina"))
	assert.Equal(t, "active", h.run(t, "systemctl", "is-active", "otelcol-mina"))
	waitFor(t, "word of the destination", func() bool {
		return strings.Contains(h.journal(t, "otelcol-mina"), `Records go to these destinations	{"destinations": ["otlp"]}`)
	})
	assert.Contains(t, h.journal(t, "otelcol-mina"), "No destination's variables are all set")
	assert.Equal(t, "0", h.show(t, "NRestarts"))
	assert.Equal(t, "otelcol-mina 640", h.run(t, "stat", "--format=%G %a", environment))
	assert.Equal(t, "otelcol-mina 700", h.run(t, "stat", "--format=%U %a", "/var/lib/otelcol-mina"))
	_, err := h.try("systemctl", "is-active", "otelcol-mina-explore")
	assert.Error(t, err, "the store of the page is started by hand")
}

func (h *host) deliver(t *testing.T) {
	h.edit(t, environment, func(text string) string { return text + "OTLP_ENDPOINT=" + h.sink.URL + "\n" })
	h.run(t, "systemctl", "restart", "otelcol-mina")
	h.application.wait(t, h.sink)

	h.application.path = h.path("/var/log/mina.log")
	h.application.write(t, 33)
	h.run(t, "chown", "root:adm", "/var/log/mina.log")
	h.edit(t, environment, func(text string) string { return text + "MINA_LOGS=/var/log/mina.log\n" })
	h.run(t, "systemctl", "restart", "otelcol-mina")
	h.application.wait(t, h.sink)
	waitFor(t, "health", func() bool { _, err := h.try("mina", "health"); return err == nil })

	h.run(t, "runuser", "-u", "otelcol-mina", "--", "mina", "doctor")

	status := h.run(t, "cat", "/proc/"+h.show(t, "MainPID")+"/status")
	assert.Regexp(t, `(?m)^Uid:\s+`+h.run(t, "id", "--user", "otelcol-mina")+`\s`, status)
	assert.Regexp(t, `(?m)^CapEff:\s+0{16}$`, status)
	assert.Regexp(t, `(?m)^NoNewPrivs:\s+1$`, status)
	assert.Regexp(t, `(?m)^Seccomp:\s+2$`, status)
	// What it says of itself does not need what it may not see.
	answer, err := h.client().Get("http://127.0.0.1:8888/metrics")
	require.NoError(t, err)
	metrics := read(t, answer)
	for _, name := range []string{"otelcol_process_memory_rss", "otelcol_process_cpu_seconds", "otelcol_receiver_mina_lines"} {
		assert.Contains(t, metrics, "\n"+name)
	}
}

func (h *host) reload(t *testing.T) {
	before := h.show(t, "MainPID")
	h.edit(t, overlay, func(text string) string {
		return strings.Replace(text, "OTLP_COMPRESSION:-gzip", "OTLP_COMPRESSION:-none", 1)
	})
	h.run(t, "systemctl", "reload", "otelcol-mina")
	waitFor(t, "reload", func() bool { return strings.Contains(h.journal(t, "otelcol-mina"), "Config updated") })
	h.application.write(t, 100)
	h.application.wait(t, h.sink)
	assert.Equal(t, before, h.show(t, "MainPID"))
}

func (h *host) refuseBadFile(t *testing.T) {
	before := h.show(t, "MainPID")
	h.edit(t, overlay, func(text string) string { return strings.Replace(text, "headers:", "haeders:", 1) })
	_, err := h.try("systemctl", "reload", "otelcol-mina")
	assert.Error(t, err)
	assert.Contains(t, h.journal(t, "otelcol-mina"), "haeders")
	text, err := h.try(restart)
	assert.Error(t, err)
	assert.Contains(t, text, "haeders")
	h.application.write(t, 100)
	h.application.wait(t, h.sink)
	assert.Equal(t, before, h.show(t, "MainPID"))

	h.edit(t, overlay, func(text string) string { return strings.Replace(text, "haeders:", "headers:", 1) })
	h.run(t, restart)
	assert.NotEqual(t, before, h.show(t, "MainPID"))
}

func (h *host) kill(t *testing.T) {
	before := h.show(t, "MainPID")
	h.application.write(t, 5000)
	h.run(t, "systemctl", "kill", "--signal=KILL", "otelcol-mina")
	waitFor(t, "collector", func() bool { now := h.show(t, "MainPID"); return now != before && now != "0" })
	h.application.write(t, 100)
	h.application.wait(t, h.sink)
}

func (h *host) reloadEarly(t *testing.T) {
	for range 5 {
		h.run(t, "systemctl", "restart", "otelcol-mina")
		h.run(t, "systemctl", "kill", "--signal=HUP", "otelcol-mina")
		h.application.write(t, 100)
		h.application.wait(t, h.sink)
	}
	assert.Equal(t, "active", h.run(t, "systemctl", "is-active", "otelcol-mina"))
}

func (h *host) upgrade(t *testing.T) {
	_, repeated := h.sink.count()
	before, started := h.show(t, "MainPID"), strings.Count(h.journal(t, "otelcol-mina"), "Started ")
	done, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		for {
			select {
			case <-done:
				return
			case <-time.After(5 * time.Millisecond):
				h.application.write(t, 20)
			}
		}
	}()
	h.run(t, "dpkg", "--force-confold", "--install", "/srv/otelcol-mina_"+newVersion+"-1_amd64.deb")
	close(done)
	<-stopped
	h.application.wait(t, h.sink)
	_, now := h.sink.count()
	assert.Equal(t, repeated, now, "what has come twice")
	assert.NotEqual(t, before, h.show(t, "MainPID"))
	assert.Equal(t, started+1, strings.Count(h.journal(t, "otelcol-mina"), "Started "))

	assert.Contains(t, h.run(t, "cat", overlay), "OTLP_COMPRESSION:-none")
	assert.Contains(t, h.run(t, "cat", overlay+".dpkg-dist"), "# of the next edition")
	assert.Equal(t, "otelcol-mina 640", h.run(t, "stat", "--format=%G %a", environment))
}

func (h *host) refuseUpgrade(t *testing.T) {
	before := h.show(t, "MainPID")
	h.edit(t, environment, func(text string) string { return text + "MINA_DELIVERY=perhaps\n" })
	text := h.run(t, "dpkg", "--force-confold", "--install", "/srv/otelcol-mina_"+newVersion+"-1_amd64.deb")
	assert.Contains(t, text, "is not restarted, and goes on as it was")
	assert.Contains(t, text, "perhaps")
	h.application.write(t, 100)
	h.application.wait(t, h.sink)
	assert.Equal(t, before, h.show(t, "MainPID"))
	h.edit(t, environment, func(text string) string { return strings.Replace(text, "MINA_DELIVERY=perhaps\n", "", 1) })
}

func (h *host) stayOff(t *testing.T) {
	h.run(t, "systemctl", "disable", "--now", "otelcol-mina")
	h.run(t, "dpkg", "--force-confold", "--install", "/srv/otelcol-mina_"+newVersion+"-1_amd64.deb")
	for _, state := range []string{"is-enabled", "is-active"} {
		text, err := h.try("systemctl", state, "otelcol-mina")
		assert.Error(t, err, text)
	}
	h.run(t, "systemctl", "enable", "--now", "otelcol-mina")
}

func (h *host) reinstall(t *testing.T) {
	_, repeated := h.sink.count()
	h.run(t, "dpkg", "--remove", "otelcol-mina")
	_, err := h.try("systemctl", "is-active", "otelcol-mina")
	assert.Error(t, err)
	assert.FileExists(t, h.path(environment))
	assert.DirExists(t, h.path("/var/lib/otelcol-mina"))
	h.application.write(t, 100)

	h.run(t, "dpkg", "--install", "/srv/otelcol-mina_"+newVersion+"-1_amd64.deb")
	assert.Equal(t, "enabled", h.run(t, "systemctl", "is-enabled", "otelcol-mina"))
	h.application.wait(t, h.sink)
	_, now := h.sink.count()
	assert.Equal(t, repeated, now, "what has come twice")
}

func (h *host) purge(t *testing.T) {
	h.run(t, "dpkg", "--purge", "otelcol-mina")
	_, err := h.try("getent", "passwd", "otelcol-mina")
	assert.Error(t, err, "the user")
	_, err = h.try("getent", "group", "otelcol-mina")
	assert.Error(t, err, "the group")
	for _, left := range []string{
		"/etc/otelcol-mina", "/var/lib/otelcol-mina", "/var/lib/otelcol-mina-explore", "/var/lib/private/otelcol-mina-explore",
		"/usr/lib/otelcol-mina", "/etc/systemd/system/multi-user.target.wants/otelcol-mina.service",
	} {
		_, err := os.Lstat(h.path(left))
		assert.ErrorIs(t, err, os.ErrNotExist, left)
	}
}

func TestPackageForDebianIsByItsRules(t *testing.T) {
	needsSystemd(t)
	if _, err := exec.LookPath("lintian"); err != nil {
		t.Fatal("lintian is not installed: sudo apt-get install lintian")
	}
	t.Parallel()
	dist := t.TempDir()
	// The smallest does for all: what is looked at is what is around it.
	buildIn(t, program.Root(), newVersion, theirs(t, func(string) string { return "mina" }), dist, "deb")
	assert.Empty(t, run(t, "lintian", "--allow-root", "--profile=debian", "--fail-on=warning", filepath.Join(dist, "otelcol-mina_"+newVersion+"-1_amd64.deb")))
}
