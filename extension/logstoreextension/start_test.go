package logstoreextension

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mina-observability/otelcol-mina/internal/logstore"
	"github.com/mina-observability/otelcol-mina/test/program"
)

// script returns a program that stands for the engine.
func script(t *testing.T, lines string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "victoria-logs")
	require.NoError(t, os.WriteFile(path, []byte("#!/bin/sh\n"+lines), 0o700)) //nolint:gosec // it is run
	return path
}

func TestStoreThatCannotStartSaysWhyAndEverythingElseGoesOn(t *testing.T) {
	for name, c := range map[string]struct {
		change         func(t *testing.T, cfg *Config)
		reason, action string
	}{
		"there is no program": {
			func(t *testing.T, cfg *Config) { cfg.Path = ""; t.Setenv("PATH", t.TempDir()) },
			"there is no program victoria-logs: looked for " + filepath.Dir(executable(t)), "make build",
		},
		"path is no program": {
			func(_ *testing.T, cfg *Config) { cfg.Path = "/etc/passwd" }, `path "/etc/passwd" is no program: permission denied`, "victoria-logs",
		},
		"path is missing": {
			func(_ *testing.T, cfg *Config) { cfg.Path = "/missing/victoria-logs" }, `path "/missing/victoria-logs" is no program: no such file`, "victoria-logs",
		},
		"the directory is a file": {
			func(t *testing.T, cfg *Config) { cfg.Directory, cfg.Path = "/etc/passwd", script(t, "") }, `directory "/etc/passwd" cannot be used: not a directory`, "uid",
		},
		"the directory is of others, too": {
			func(t *testing.T, cfg *Config) {
				cfg.Path = script(t, "")
				require.NoError(t, os.WriteFile(filepath.Join(cfg.Directory, "theirs"), nil, 0o600))
			}, `is not for the records alone: it has "theirs"`, "of its own",
		},
		"the port is taken": {
			func(t *testing.T, cfg *Config) {
				listener, err := net.Listen("tcp", cfg.Listen)
				require.NoError(t, err)
				t.Cleanup(func() { _ = listener.Close() })
				cfg.Path = script(t, "")
			},
			fmt.Sprintf("is taken by process %d (%s", os.Getpid(), filepath.Base(executable(t))[:10]), "listen",
		},
		"the program is for another machine": {
			func(t *testing.T, cfg *Config) {
				cfg.Path = script(t, "")
				require.NoError(t, os.WriteFile(cfg.Path, []byte("\x7fELF\x02\x01\x01"), 0o700)) //nolint:gosec // it is run
			}, "the engine has ended: exit status 126: ", "victoria-logs.log",
		},
		"the program does nothing": {
			func(t *testing.T, cfg *Config) { cfg.Path = script(t, "") }, "the store has ended before it has answered", "victoria-logs.log",
		},
		"the program is another": {
			func(t *testing.T, cfg *Config) { cfg.Path = script(t, "echo usage; exit 1") }, "the engine has ended: exit status 1: usage", "victoria-logs.log",
		},
	} {
		t.Run(name, func(t *testing.T) {
			cfg := ownConfig(t, "")
			c.change(t, cfg)
			f := startStore(t, cfg)
			now := f.waitState(t, logstore.StateStopped)
			assert.Contains(t, now.Reason, c.reason)
			assert.Contains(t, now.Action, c.action)
			_, err := f.query("*")
			assert.ErrorContains(t, err, c.reason)
		})
	}
}

func executable(t *testing.T) string {
	path, err := os.Executable()
	require.NoError(t, err)
	return path
}

func TestStoreStartsWhenThePortIsFree(t *testing.T) {
	cfg := ownConfig(t, realEngine(t))
	listener, err := net.Listen("tcp", cfg.Listen)
	require.NoError(t, err)
	f := startStore(t, cfg)
	f.waitState(t, logstore.StateStopped)
	require.NoError(t, listener.Close())
	f.waitState(t, logstore.StateRunning)
}

func TestSecondCollectorWaitsForTheDirectory(t *testing.T) {
	cfg := ownConfig(t, realEngine(t))
	first := prepare(t, cfg)
	require.NoError(t, first.Start(t.Context(), first.host))
	first.waitState(t, logstore.StateRunning)
	again := *cfg
	again.Listen = program.FreeAddress()
	second := startStore(t, &again)
	now := second.waitState(t, logstore.StateStopped)
	assert.Contains(t, now.Reason, fmt.Sprintf("is in use by another collector (process %d)", os.Getpid()))
	assert.Equal(t, logstore.StateRunning, first.Status().State)
	_, err := first.insert("hello")
	require.NoError(t, err)
	require.NoError(t, first.Shutdown(t.Context()))
	second.waitState(t, logstore.StateRunning)
	second.waitQuery(t, "*", "hello")
}

func TestStoreThatIsEndedBeforeItHasEverythingLosesNothing(t *testing.T) {
	engine, state := realEngine(t), t.TempDir()
	// The second process ends at once, as one that is asked to while it starts.
	f := startStore(t, ownConfig(t, script(t, fmt.Sprintf(`mkdir %[1]q/first || { mkdir %[1]q/second && exit 0; }; exec %[2]q "$@"`, state, engine))))
	f.waitState(t, logstore.StateRunning)
	_, err := f.insert("hello")
	require.NoError(t, err)
	require.NoError(t, syscall.Kill(f.pid(t), syscall.SIGKILL))
	waitFor(t, "the third", func() bool { return f.Status().Resent > 0 })
	f.waitQuery(t, "*", "hello")
}

func TestStoreThatSomebodyEndsIsStartedAgainAndSentNothing(t *testing.T) {
	f := startStore(t, ownConfig(t, realEngine(t)))
	f.waitState(t, logstore.StateRunning)
	_, err := f.insert("hello")
	require.NoError(t, err)
	before := f.pid(t)
	require.NoError(t, syscall.Kill(before, syscall.SIGTERM))
	waitFor(t, "another process", func() bool { return f.Status().State == logstore.StateRunning && f.pid(t) != before })
	f.waitQuery(t, "*", "hello")
	assert.Zero(t, f.Status().Resent)
	assert.Zero(t, f.Status().Restarts)
}

func TestStoreOfAnEarlierCollectorThatWasKilledIsEnded(t *testing.T) {
	engine := realEngine(t)
	cfg := ownConfig(t, engine)
	orphan := exec.Command(engine, "-storageDataPath="+filepath.Join(cfg.Directory, "data"), "-httpListenAddr=127.0.0.1:"+port(t, cfg.Listen))
	require.NoError(t, orphan.Start())
	ended := make(chan struct{})
	go func() { _ = orphan.Wait(); close(ended) }() // or it stays a zombie
	require.NoError(t, os.WriteFile(filepath.Join(cfg.Directory, "victoria-logs.pid"), fmt.Append(nil, orphan.Process.Pid), 0o600))
	waitFor(t, "the orphan", func() bool {
		response, err := http.Get("http://" + cfg.Listen + "/health")
		if err == nil {
			_ = response.Body.Close()
		}
		return err == nil
	})
	f := startStore(t, cfg)
	f.waitState(t, logstore.StateRunning)
	assert.NotEqual(t, orphan.Process.Pid, f.pid(t))
	<-ended
}

func port(t *testing.T, address string) string {
	_, port, err := net.SplitHostPort(address)
	require.NoError(t, err)
	return port
}

func TestProcessOfAnotherIsLeftAlone(t *testing.T) {
	cfg := ownConfig(t, realEngine(t))
	other := exec.Command("sleep", "60")
	require.NoError(t, other.Start())
	defer func() { _ = other.Process.Kill(); _ = other.Wait() }()
	require.NoError(t, os.WriteFile(filepath.Join(cfg.Directory, "victoria-logs.pid"), fmt.Append(nil, other.Process.Pid), 0o600))
	f := startStore(t, cfg)
	f.waitState(t, logstore.StateRunning)
	assert.NoError(t, other.Process.Signal(syscall.Signal(0)))
}

// collectorToKill has a test process be the collector that another test kills.
const collectorToKill = "MINA_TEST_COLLECTOR_TO_KILL"

func TestStoreEndsWithItsCollector(t *testing.T) {
	if directory := os.Getenv(collectorToKill); directory != "" {
		cfg := ownConfig(t, realEngine(t))
		cfg.Directory = directory
		f := startStore(t, cfg)
		f.waitState(t, logstore.StateRunning)
		_, err := f.insert("hello")
		require.NoError(t, err)
		fmt.Printf("engine %d\n", f.pid(t))
		select {}
	}
	engine, directory := realEngine(t), t.TempDir()
	collector := exec.Command(executable(t), "-test.run=^"+t.Name()+"$", "-test.v")
	collector.Env = append(os.Environ(), collectorToKill+"="+directory)
	output, err := collector.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, collector.Start())
	var pid int
	for lines := bufio.NewScanner(output); pid == 0 && lines.Scan(); {
		_, _ = fmt.Sscanf(lines.Text(), "engine %d", &pid)
	}
	require.NotZero(t, pid)
	require.NoError(t, collector.Process.Kill())
	_ = collector.Wait()
	waitFor(t, "the engine's end", func() bool {
		text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
		return err != nil || strings.Contains(string(text), ") Z ")
	})
	cfg := ownConfig(t, engine)
	cfg.Directory = directory
	f := startStore(t, cfg)
	f.waitState(t, logstore.StateRunning)
	f.waitQuery(t, "*", "hello") // which the engine has written before it ended
}

func TestStoreThatDoesNotEndIsKilled(t *testing.T) {
	t.Parallel()
	f := prepare(t, ownConfig(t, realEngine(t)))
	require.NoError(t, f.Start(t.Context(), f.host))
	f.waitState(t, logstore.StateRunning)
	pid := f.pid(t)
	require.NoError(t, syscall.Kill(pid, syscall.SIGSTOP))
	begin := time.Now()
	require.NoError(t, f.Shutdown(context.Background()))
	assert.Less(t, time.Since(begin), 15*time.Second)
	assert.ErrorIs(t, syscall.Kill(pid, 0), syscall.ESRCH)
}

func TestWhatTheStoreKeepsIsForItsOwnerAlone(t *testing.T) {
	cfg := ownConfig(t, realEngine(t))
	require.NoError(t, os.Chmod(cfg.Directory, 0o755)) //nolint:gosec // as others make directories
	t.Setenv("DD_API_KEY", "of a vendor")
	f := startStore(t, cfg)
	f.waitState(t, logstore.StateRunning)
	require.NoError(t, f.Shutdown(t.Context()))
	require.NoError(t, os.WriteFile(filepath.Join(cfg.Directory, "theirs"), nil, 0o600)) // which its owner may put there
	f = startStore(t, cfg)
	f.waitState(t, logstore.StateRunning)
	for name, mode := range map[string]os.FileMode{"": 0o700 | os.ModeDir, "password": 0o600, "victoria-logs.log": 0o600, "victoria-logs.pid": 0o600} {
		info, err := os.Stat(filepath.Join(cfg.Directory, name))
		require.NoError(t, err)
		assert.Equal(t, mode, info.Mode(), name)
	}
	password, err := os.ReadFile(filepath.Join(cfg.Directory, "password"))
	require.NoError(t, err)
	require.NotEmpty(t, password)
	command, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", f.pid(t)))
	require.NoError(t, err)
	assert.NotContains(t, string(command), string(password))
	environment, err := os.ReadFile(fmt.Sprintf("/proc/%d/environ", f.pid(t)))
	require.NoError(t, err)
	assert.Contains(t, string(environment), "GOMEMLIMIT=160MiB")
	assert.NotContains(t, string(environment), "of a vendor", "the collector's keys are none of its business")
	f.kill(t)
	again, err := os.ReadFile(filepath.Join(cfg.Directory, "password"))
	require.NoError(t, err)
	assert.NotEqual(t, password, again, "each process has its own")
}
