package engine

import (
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// slowEngine is the variable by which this program is an engine that takes its time to
// write what it has, in the folder that it names.
const slowEngine = "MINA_TEST_SLOW_ENGINE"

// endSlowly ends as VictoriaLogs does: the first signal has it write what it has, and then
// a signal means what it means to any program.
func endSlowly(folder string) {
	asked := make(chan os.Signal, 1)
	signal.Notify(asked, syscall.SIGINT, syscall.SIGTERM)
	leave(folder, "runs")
	<-asked
	signal.Stop(asked)
	leave(folder, "writes")
	time.Sleep(300 * time.Millisecond)
	leave(folder, "written")
}

func leave(folder, name string) { _ = os.WriteFile(filepath.Join(folder, name), nil, 0o600) }

func TestAnOrphanWritesWhatItHas(t *testing.T) {
	if _, err := os.Stat("/bin/sh"); err != nil {
		t.Skip("without a shell, what is asked to end twice ends at once")
	}
	directory, err := Open(t.TempDir())
	require.NoError(t, err)
	defer directory.Close()
	folder := t.TempDir()
	isThere := func(name string) func() bool {
		return func() bool {
			_, err := os.Stat(filepath.Join(folder, name))
			return err == nil
		}
	}
	cmd := command(os.Args[0], []string{"-storageDataPath=" + directory.Data()})
	cmd.Env = append(os.Environ(), slowEngine+"="+folder)
	orphan, err := directory.run(&Process{cmd: cmd})
	require.NoError(t, err)
	defer orphan.Stop()
	require.Eventually(t, isThere("runs"), time.Minute, 10*time.Millisecond)
	require.NoError(t, syscall.Kill(cmd.Process.Pid, syscall.SIGINT), "as its collector is killed")
	require.Eventually(t, isThere("writes"), time.Minute, 10*time.Millisecond)

	require.NoError(t, directory.endOrphan())
	assert.FileExists(t, filepath.Join(folder, "written"))
	assert.NoFileExists(t, directory.file(pidFile))
}
