package e2e

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"github.com/mina-observability/otelcol-mina/test/program"
)

// TestFileNamesThatAreNoUTF8 reads files whose names are any bytes.
func TestFileNamesThatAreNoUTF8(t *testing.T) {
	names := map[string]string{
		"app-\xff\xfe.log":     "app-\uFFFD.log",
		"m\xfcnchen.log":       "m\uFFFDnchen.log",
		"cut-\xe6\xbc.log":     "cut-\uFFFD.log",
		"half-\xed\xa0\x80.":   "half-\uFFFD.",
		"long-\xc0\xae.log":    "long-\uFFFD.log",
		"folder\xfe/app.log":   "app.log",
		"folder\xfe/\xe9t\xe9": "\uFFFDt\uFFFD",
		"漢字.log":               "漢字.log",
	}
	for _, delivery := range deliveries {
		t.Run(delivery, func(t *testing.T) {
			t.Parallel()
			e, dir, state := newEndpoint(t), t.TempDir(), t.TempDir()
			require.NoError(t, os.Mkdir(filepath.Join(dir, "folder\xfe"), 0o755))
			want := map[string]int{}
			for name := range names {
				appendTo(t, filepath.Join(dir, name), words(names[name], 0, 20))
				want[names[name]] += 20
			}
			settings := program.OTLP(state, dir+"/**/*", e.URL, delivery)
			settings.Overrides = []string{"receivers::mina::file::include_file_path: true"}
			c := startCollector(t, settings)
			eventually(t, func() bool { return len(e.records()) >= 20*len(names) }, "every file")
			// A copy is said, and a restart knows them all.
			appendTo(t, filepath.Join(dir, "m\xfcnchen.log.1"), words(names["m\xfcnchen.log"], 0, 20))
			eventually(t, func() bool { return len(said(c, "taken for a copy")) == 1 }, "a copy")
			c.Stop()
			assert.True(t, utf8.ValidString(c.Output()))
			c = startCollector(t, settings)
			appendTo(t, filepath.Join(dir, "m\xfcnchen.log"), words(names["m\xfcnchen.log"], 20, 21))
			want[names["m\xfcnchen.log"]]++
			eventually(t, func() bool { return len(e.records()) >= 20*len(names)+1 }, "one more")
			c.Stop()
			got := map[string]int{}
			for _, record := range e.records() {
				all := fmt.Sprint(record.resource, record.attributes, record.scope, record.Body().AsString(), record.SeverityText())
				require.True(t, utf8.ValidString(all), all)
				name, path := record.attributes["log.file.name"].(string), record.attributes["log.file.path"].(string)
				assert.True(t, strings.HasSuffix(path, "/"+name), path)
				got[name]++
			}
			assert.Equal(t, want, got)
		})
	}
}

// takers are what takes the name of a file and cannot be read, or must not be: it
// would block, or never end.
var takers = map[string]func(t *testing.T, path string){
	"a pipe": mkfifo,
	"a pipe that is written to": func(t *testing.T, path string) {
		mkfifo(t, path)
		writer, err := os.OpenFile(path, os.O_RDWR, 0) // which does not wait for a reader
		require.NoError(t, err)
		t.Cleanup(func() { _ = writer.Close() })
		_, err = writer.WriteString(words("out of the pipe", 0, 10))
		require.NoError(t, err)
	},
	"a link to a pipe": func(t *testing.T, path string) {
		mkfifo(t, path+".pipe")
		require.NoError(t, os.Symlink(path+".pipe", path))
	},
	"a socket": func(t *testing.T, path string) {
		// The path of a socket must be short.
		short := filepath.Join(shortDir(t), "s")
		listener, err := net.Listen("unix", short)
		require.NoError(t, err)
		t.Cleanup(func() { _ = listener.Close() })
		require.NoError(t, os.Symlink(short, path))
	},
	"a folder":                 func(t *testing.T, path string) { require.NoError(t, os.Mkdir(path, 0o755)) },
	"a link to a device":       func(t *testing.T, path string) { require.NoError(t, os.Symlink("/dev/zero", path)) },
	"a link to itself":         func(t *testing.T, path string) { require.NoError(t, os.Symlink(path, path)) },
	"a link to nothing":        func(t *testing.T, path string) { require.NoError(t, os.Symlink(path+".nothing", path)) },
	"a link to a kernel's log": func(t *testing.T, path string) { require.NoError(t, os.Symlink("/proc/kmsg", path)) },
}

func mkfifo(t *testing.T, path string) {
	t.Helper()
	require.NoError(t, unix.Mkfifo(path, 0o644))
}

func shortDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "e2e")
	require.NoError(t, err)
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}

// TestWhatTakesTheNameOfAFileHoldsUpNothing puts something else in the place of each
// file, and in one case does so between any two looks of the collector.
func TestWhatTakesTheNameOfAFileHoldsUpNothing(t *testing.T) {
	for _, delivery := range deliveries {
		t.Run(delivery, func(t *testing.T) {
			t.Parallel()
			e, dir := newEndpoint(t), t.TempDir()
			path := func(name string) string { return filepath.Join(dir, name+".log") }
			good, restless := path("good"), path("restless")
			appendTo(t, good, words("good", 0, 1))
			for name := range takers {
				appendTo(t, path(name), words(name, 0, 1))
			}
			settings := program.OTLP(t.TempDir(), dir+"/*.log", e.URL, delivery)
			settings.Overrides = []string{"receivers::mina::file::poll_interval: 20ms"}
			c := startCollector(t, settings)
			eventually(t, func() bool { return len(e.bodies()) == len(takers)+1 }, "the files")

			for name, take := range takers {
				require.NoError(t, os.Remove(path(name)))
				take(t, path(name))
			}
			for i := range 500 {
				mkfifo(t, restless+".pipe")
				require.NoError(t, os.Rename(restless+".pipe", restless))
				appendTo(t, restless+".file", words("restless", i, i+1))
				require.NoError(t, os.Rename(restless+".file", restless))
			}
			appendTo(t, good, words("good", 1, 2))
			eventually(t, func() bool { return e.bodies()["good 1"] == 1 && e.bodies()["restless 499"] == 1 }, "the others go on")

			// What has its name again is read, without a restart.
			require.NoError(t, os.Remove(path("a pipe")))
			appendTo(t, path("a pipe"), words("a pipe", 1, 2))
			eventually(t, func() bool { return e.bodies()["a pipe 1"] == 1 }, "a file again")
			begun := time.Now()
			c.Stop()
			assert.Less(t, time.Since(begun), 8*time.Second)
			assert.Zero(t, c.ExitCode())
			assert.Zero(t, e.bodies()["out of the pipe 0"])
			for body, count := range e.bodies() {
				assert.Equal(t, 1, count, body)
			}
		})
	}
}

// The users of the files below, beside the superuser, who runs the collector.
const (
	application = 12345
	stranger    = 23456
)

// exchange is what an application that has been taken over does to its log.
type exchange struct {
	// link puts a link to the target in the place of the log, whose folder is the
	// application's own.
	link func(t *testing.T, log, target string)
	// owner is that of the target.
	owner int
	// sent says with which values of follow_symlinks the target is sent.
	sent map[string]bool
}

// ownLink gives the application's link its name when it is the application's: one
// that is still the superuser's is followed.
func ownLink(t *testing.T, target, path string) {
	t.Helper()
	link := filepath.Join(t.TempDir(), "link")
	require.NoError(t, os.Symlink(target, link))
	require.NoError(t, os.Lchown(link, application, application))
	require.NoError(t, os.Rename(link, path))
}

var exchanges = map[string]exchange{
	"a file that only root may read": {
		link: func(t *testing.T, log, target string) { ownLink(t, target, log) },
		sent: map[string]bool{"always": true},
	},
	"a file of another user": {
		link:  func(t *testing.T, log, target string) { ownLink(t, target, log) },
		owner: stranger, sent: map[string]bool{"always": true},
	},
	"a file of its own": {
		link:  func(t *testing.T, log, target string) { ownLink(t, target, log) },
		owner: application, sent: map[string]bool{"always": true, "same_owner": true},
	},
	"through a link of its own": {
		link: func(t *testing.T, log, target string) {
			ownLink(t, target, log+".between")
			ownLink(t, filepath.Base(log)+".between", log)
		},
		sent: map[string]bool{"always": true},
	},
	"through a folder": {
		link: func(t *testing.T, log, target string) {
			require.NoError(t, os.RemoveAll(filepath.Dir(log)))
			ownLink(t, filepath.Dir(target), filepath.Dir(log))
			require.NoError(t, os.Rename(target, filepath.Join(filepath.Dir(target), filepath.Base(log))))
		},
		sent: map[string]bool{"always": true},
	},
	"through the root of a process": {
		link: func(t *testing.T, log, target string) { ownLink(t, "/proc/self/root"+target, log) },
		sent: map[string]bool{"always": true},
	},
	"by a way that leads back": {
		link: func(t *testing.T, log, target string) {
			ownLink(t, strings.Repeat("../", 20)+strings.TrimPrefix(target, "/"), log)
		},
		sent: map[string]bool{"always": true},
	},
}

// TestALogThatIsExchangedForALinkIsNotSent exchanges logs while the collector runs,
// and while it is down.
func TestALogThatIsExchangedForALinkIsNotSent(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("only the superuser can give files to others")
	}
	for _, follow := range []string{"same_owner", "always", "never"} {
		for i, delivery := range deliveries {
			down := i == 1
			t.Run(fmt.Sprintf("%s %s, down %t", follow, delivery, down), func(t *testing.T) {
				t.Parallel()
				e, dir, elsewhere := newEndpoint(t), t.TempDir(), t.TempDir()
				logOf := func(name string) string { return filepath.Join(dir, name, "logs", "app.log") }
				for name := range exchanges {
					require.NoError(t, os.MkdirAll(filepath.Dir(logOf(name)), 0o755))
					appendTo(t, logOf(name), words(name+" log", 0, 20))
					for _, path := range []string{filepath.Dir(filepath.Dir(logOf(name))), filepath.Dir(logOf(name)), logOf(name)} {
						require.NoError(t, os.Chown(path, application, application))
					}
				}
				good := filepath.Join(dir, "good.log")
				settings := program.OTLP(t.TempDir(), dir+"/**/*.log", e.URL, delivery)
				settings.Overrides = []string{"receivers::mina::file::follow_symlinks: " + follow, "receivers::mina::file::poll_interval: 20ms"}
				c := startCollector(t, settings)
				eventually(t, func() bool { return len(e.records()) == 20*len(exchanges) }, "the logs")
				if down {
					c.Stop()
				}
				for name, x := range exchanges {
					target := filepath.Join(elsewhere, name, "target")
					require.NoError(t, os.Mkdir(filepath.Dir(target), 0o755))
					require.NoError(t, os.WriteFile(target, []byte(words(name+" target", 0, 20)), 0o600))
					require.NoError(t, os.Chown(target, x.owner, x.owner))
					require.NoError(t, os.Remove(logOf(name)))
					x.link(t, logOf(name), target)
				}
				if down {
					c = startCollector(t, settings)
				}
				sent, refused := 0, 0
				for _, x := range exchanges {
					if x.sent[follow] {
						sent++
					} else {
						refused++
					}
				}
				eventually(t, func() bool {
					return len(e.bodies()) >= 20*(len(exchanges)+sent) && len(said(c, "symbolic link", "follow_symlinks is "+follow)) == refused
				}, "each is sent or said")
				appendTo(t, good, words("good", 0, 1))
				eventually(t, func() bool { return e.bodies()["good 0"] == 1 }, "the others go on")
				c.Stop()
				for name, x := range exchanges {
					assert.Equal(t, 1, e.bodies()[name+" log 19"], name)
					assert.Equal(t, x.sent[follow], e.bodies()[name+" target 0"] > 0, name)
				}
			})
		}
	}
}

// TestALogThatIsExchangedBetweenLooksIsNotSent exchanges a log all the time, so that
// the collector looks at one file and opens another.
func TestALogThatIsExchangedBetweenLooksIsNotSent(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("only the superuser can give files to others")
	}
	e, dir, target := newEndpoint(t), t.TempDir(), filepath.Join(t.TempDir(), "target")
	require.NoError(t, os.WriteFile(target, []byte(words("target", 0, 20)), 0o600))
	require.NoError(t, os.Chown(dir, application, application))
	log := filepath.Join(dir, "app.log")
	settings := program.OTLP(t.TempDir(), dir+"/*.log", e.URL, "acknowledged")
	settings.Overrides = []string{"receivers::mina::file::poll_interval: 10ms"}
	c := startCollector(t, settings)
	until := time.Now().Add(time.Second)
	for i := 0; time.Now().Before(until) || i < 100; i++ {
		appendTo(t, log+".new", words("log", i, i+1))
		require.NoError(t, os.Chown(log+".new", application, application))
		require.NoError(t, os.Rename(log+".new", log))
		ownLink(t, target, log)
	}
	appendTo(t, filepath.Join(dir, "good.log"), words("good", 0, 1))
	eventually(t, func() bool { return e.bodies()["good 0"] == 1 }, "the others go on")
	c.Stop()
	assert.NotContains(t, e.bytes(), "target 0")
	assert.Greater(t, len(e.bodies()), 1, "some of the logs")
}
