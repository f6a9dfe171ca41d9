package tail

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mina-observability/otelcol-mina/receiver/minareceiver/internal/checkpoint/checkpointtest"
)

// user is somebody who may write logs.
const user = 12345

func TestWhichLinksAreFollowed(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("only root can give files to others")
	}
	for name, tt := range map[string]struct {
		target, link, folder int
		mode                 os.FileMode
		throughFolder        bool
		followed             map[string]bool
	}{
		"a user's link to their own file":        {user, user, user, 0o755, false, map[string]bool{followSameOwner: true, followAlways: true, followNever: false}},
		"a user's link to root's file":           {0, user, user, 0o755, false, map[string]bool{followSameOwner: false, followAlways: true, followNever: false}},
		"a user's folder that leads to root's":   {0, user, user, 0o755, true, map[string]bool{followSameOwner: false, followAlways: true, followNever: false}},
		"a user's link in a folder that all use": {0, user, 0, 0o1777, false, map[string]bool{followSameOwner: false}},
		"a user's link in a group's folder":      {0, user, 0, 0o775, false, map[string]bool{followSameOwner: false}},
		"a user's link in a folder of root's":    {0, user, 0, 0o755, false, map[string]bool{followSameOwner: true}},
		"root's link to a user's file":           {user, 0, 0, 0o755, false, map[string]bool{followSameOwner: true, followNever: false}},
	} {
		t.Run(name, func(t *testing.T) {
			for follow, followed := range tt.followed {
				dir, elsewhere := t.TempDir(), t.TempDir()
				target, path := filepath.Join(elsewhere, "app.log"), filepath.Join(dir, "app.log")
				write(t, target, lines(0, 5))
				require.NoError(t, os.Chown(target, tt.target, tt.target))
				l, to := path, target
				if tt.throughFolder {
					l, to = filepath.Join(dir, "logs"), elsewhere
				}
				require.NoError(t, os.Symlink(to, l))
				require.NoError(t, os.Lchown(l, tt.link, tt.link))
				require.NoError(t, os.Chown(dir, tt.folder, tt.folder))
				require.NoError(t, os.Chmod(dir, tt.mode&os.ModePerm))
				b := newBench(t, dir, checkpointtest.NewMemory(), func(c *Config) {
					c.FollowSymlinks = follow
					c.Include = []string{path, filepath.Join(dir, "logs", "*.log")}
				})
				b.poll()
				assert.Equal(t, followed, len(b.bodies()) == 5, follow)
			}
		})
	}
}

// A log is exchanged while the collector looks: it has been found as a file, and is
// something else when it is opened.
func TestWhatTakesAFilesNameIsNotRead(t *testing.T) {
	for name, exchange := range map[string]func(t *testing.T, path string){
		"a pipe":       func(t *testing.T, path string) { require.NoError(t, syscall.Mkfifo(path, 0o644)) },
		"a folder":     func(t *testing.T, path string) { require.NoError(t, os.Mkdir(path, 0o755)) },
		"a device":     func(t *testing.T, path string) { require.NoError(t, os.Symlink("/dev/zero", path)) },
		"another file": func(t *testing.T, path string) { write(t, path, lines(0, 5)) },
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			path := filepath.Join(dir, "app.log")
			write(t, path, lines(0, 5))
			info, err := os.Stat(path)
			require.NoError(t, err)
			require.NoError(t, os.Rename(path, path+".away"))
			exchange(t, path)
			b := newBench(t, dir, checkpointtest.NewMemory())
			found := b.newFile(path, info)
			opened := make(chan error, 1)
			go func() { opened <- found.open() }()
			select {
			case err := <-opened:
				require.Error(t, err)
			case <-time.After(10 * time.Second):
				t.Fatal("it hangs")
			}
		})
	}
}

func TestAFileNameThatIsNoTextIsMadeOne(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "app\xff.log"), lines(0, 1))
	b := newBench(t, dir, checkpointtest.NewMemory(), func(c *Config) { c.IncludeFilePath = true })
	b.poll()
	attributes := b.sink.AllLogs()[0].ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(0).Attributes().AsRaw()
	assert.Equal(t, "app\uFFFD.log", attributes["log.file.name"])
	assert.Equal(t, filepath.Join(dir, "app\uFFFD.log"), attributes["log.file.path"])
}
