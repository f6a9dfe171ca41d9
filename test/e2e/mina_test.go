package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mina-observability/otelcol-mina/test/program"
)

// mina runs the program beside the collector, and returns its exit code and what it prints.
func mina(t *testing.T, env []string, arguments ...string) (code int, printed string) {
	t.Helper()
	cmd := exec.Command(filepath.Join(program.Root(), "_build", "mina"), arguments...)
	cmd.Dir, cmd.Env = program.Root(), append(os.Environ(), env...)
	out, err := cmd.CombinedOutput()
	if cmd.ProcessState == nil {
		require.NoError(t, err, "build it with make build")
	}
	return cmd.ProcessState.ExitCode(), string(out)
}

func TestMinaIsSmall(t *testing.T) {
	info, err := os.Stat(filepath.Join(program.Root(), "_build", "mina"))
	require.NoError(t, err)
	assert.Less(t, info.Size(), int64(8<<20))
}

func TestMinaSaysHowTheCollectorDoes(t *testing.T) {
	t.Parallel()
	logs := filepath.Join(t.TempDir(), "app.log")
	require.NoError(t, os.WriteFile(logs, []byte("2025-10-01 16:12:05,785 INFO app: Booting\n"), 0o600))
	settings := program.OTLP(t.TempDir(), logs, "http://"+program.FreeAddress(), "acknowledged")
	metrics := program.FreeAddress()
	settings.Overrides = []string{
		"service::telemetry::metrics::level: normal",
		"service::telemetry::metrics::readers: [{pull: {exporter: {prometheus: {host: localhost, port: " + metrics[len("localhost:"):] + ", without_type_suffix: true, without_units: true}}}}]",
	}
	collector, err := program.StartCollector(settings)
	require.NoError(t, err)
	t.Cleanup(collector.Kill)
	require.NoError(t, collector.WaitReady())
	health, status := "http://"+collector.Check, "http://"+collector.Status

	code, printed := mina(t, nil, "health", "--endpoint", health, "--pipeline", "logs")
	assert.Equal(t, 0, code, printed)
	require.Eventually(t, func() bool {
		code, printed = mina(t, nil, "health", "--endpoint", health)
		return code == 1
	}, 30*time.Second, 50*time.Millisecond, "nothing listens where the destination should be")
	assert.Contains(t, printed, "unhealthy: cannot reach the destination")

	code, printed = mina(t, nil, "status", "--endpoint", status)
	assert.Equal(t, 1, code)
	assert.Contains(t, printed, ", unhealthy, pid ")
	assert.Regexp(t, `(?m)^files +`+logs+`\n +1 open\n +1 line, 42 B read, .*\(text 1\)$`, printed)
	assert.Regexp(t, `(?m)^destination +logs/otlp  lossless_otlp_http\n +it takes nothing for \d+s: cannot reach the destination`, printed)
	assert.NotContains(t, printed, "not known")
}
