package e2e

import (
	"encoding/json"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mina-observability/otelcol-mina/test/program"
)

// mina runs the program beside the collector, and returns its exit code and what it prints.
func mina(t *testing.T, env []string, arguments ...string) (code int, printed string) {
	t.Helper()
	return minaAs(t, nil, env, arguments...)
}

// minaAs runs it as another user.
func minaAs(t *testing.T, user *syscall.SysProcAttr, env []string, arguments ...string) (code int, printed string) {
	t.Helper()
	cmd := exec.Command(filepath.Join(program.Root(), "_build", "mina"), arguments...)
	cmd.SysProcAttr = user
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

func TestMinaTriesALogAndSendsNothing(t *testing.T) {
	t.Parallel()
	var asked atomic.Int32
	// All that the configuration would listen on, connect to or write is taken, counted or
	// missing.
	taken, err := net.Listen("tcp", "localhost:0")
	require.NoError(t, err)
	t.Cleanup(func() { _ = taken.Close() })
	destination := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked.Add(1) }))
	t.Cleanup(destination.Close)
	folder := t.TempDir()
	state, log := filepath.Join(folder, "state"), filepath.Join(folder, "app.log")
	require.NoError(t, os.WriteFile(log, []byte(`{"level": "INFO", "message": 
{"timestamp": "2025-10-01T16:12:05.785Z", "level": "WARNING", "logger": "app", "message": "Login with password=hunter2 for $HOME", "line": 91}
2025-10-01 16:12:06,785 DEBUG app: noise
2025-10-01 16:12:07,785 ERROR app: Payment failed
Traceback (most recent call last):
  File "/srv/mina/pay.py", line 41, in pay
ValueError: card declined
`), 0o400))
	arguments := []string{
		"try", log, "--config", "config/base.yaml", "--config", "config/otlp.yaml", "--config", "config/explore.yaml", "--config", "config/alerts.yaml", "--config", "config/metrics.yaml",
		"--config", "yaml:receivers::mina::http::endpoint: " + taken.Addr().String(),
		"--config", "yaml:extensions::log_page::endpoint: " + taken.Addr().String(),
		"--config", "yaml:exporters::prometheus::endpoint: " + taken.Addr().String(),
		"--config", `yaml:{processors: {mina: {redaction: {action: hash, hash_key: "0123456789012345678901234567890$$1"}}, filter/quiet: {logs: {log_record: ["severity_number < SEVERITY_NUMBER_INFO"]}}}}`,
		"--config", "yaml:service::pipelines::logs/otlp::processors: [filter/quiet]",
	}
	env := []string{"MINA_STATE_DIR=" + state, "OTLP_ENDPOINT=" + destination.URL, "ALERTMANAGER_URL=" + destination.URL}

	code, printed := mina(t, env, append(arguments, "--pipeline", "logs/otlp")...)
	require.Equal(t, 0, code, printed)
	for _, want := range []string{
		`   2  {"timestamp": "2025-10-01T16:12:05.785Z", "level": "WARNING", `,
		"      - body = Login with password=hunter2 for $HOME\n      + body = Login with password=[HASHED:sensitive_key:",
		"      > line → code.line.number = 91\n",
		"      ! body: sensitive_key\n",
		"   3  2025-10-01 16:12:06,785 DEBUG app: noise\n      dropped by the processors\n",
		"   4  2025-10-01 16:12:07,785 ERROR app: Payment failed\n      Traceback (most recent call last):\n",
		"        mina.parse_error = invalid_json\n",
		"redacted: sensitive_key 1\n",
		"no record, and sent as they are: invalid_json 1\n",
	} {
		assert.Contains(t, printed, want)
	}
	assert.Regexp(t, `(?m)^7 lines: .*; 4 records, 1 dropped$`, printed)
	assert.NotContains(t, printed, "\x1b", "it is no terminal")

	code, printed = mina(t, env, append(arguments, "--json")...)
	require.Equal(t, 0, code, printed)
	lines := strings.Split(strings.TrimSpace(printed), "\n")
	require.Len(t, lines, 5)
	var first struct{ Record map[string]string }
	require.NoError(t, json.Unmarshal([]byte(lines[1]), &first))
	assert.Equal(t, "91", first.Record["code.line.number"])
	assert.Contains(t, lines[4], `"records":4,"dropped":0`)

	assert.Zero(t, asked.Load(), "requests to a destination")
	assert.NoDirExists(t, state)
	entries, err := os.ReadDir(folder)
	require.NoError(t, err)
	assert.Len(t, entries, 1, "what is beside the log")

	code, printed = mina(t, env, "try", log, "--config", "config/base.yaml", "--config", "yaml:processors::mina::redaction::action: msak")
	assert.Equal(t, 1, code)
	assert.Contains(t, printed, `did you mean "mask"?`)
}

func TestMinaDoctorSaysWhatIsWrongAndWhatToDo(t *testing.T) {
	t.Parallel()
	destination := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodHead || r.Header.Get("Authorization") != "" {
			t.Errorf("a destination was sent more than a question: %s %v", r.Method, r.Header)
		}
		w.WriteHeader(http.StatusMethodNotAllowed)
	}))
	t.Cleanup(destination.Close)
	logs, user := openFolder(t), nobody(t)
	state := openFolder(t)
	if user != nil {
		require.NoError(t, os.Chown(state, int(user.Credential.Uid), int(user.Credential.Gid)))
	}
	for name, mode := range map[string]os.FileMode{"app.log": 0o644, "secret.log": 0o000} {
		require.NoError(t, os.WriteFile(filepath.Join(logs, name), []byte("2025-10-01 16:12:05,785 INFO app: hunter2\n"), mode))
	}
	code, printed := minaAs(t, user, []string{
		"MINA_LOGS=" + filepath.Join(logs, "*.log"), "MINA_STATE_DIR=" + state, "OTLP_ENDPOINT=" + destination.URL, `OTLP_HEADERS={"authorization": "Bearer hunter2"}`,
		"DD_API_KEY=hunter2", "DD_OTLP_ENDPOINT=http://" + program.FreeAddress(),
	}, "doctor", "--endpoint", "http://"+program.FreeAddress(), "--config", "config/base.yaml", "--config", "config/otlp.yaml", "--config", "config/datadog.yaml")
	assert.Equal(t, 1, code)
	assert.Regexp(t, `(?m)^ok   configuration 3 parts, valid$`, printed)
	assert.Regexp(t, `(?m)^ok   files         1 file of `+logs+`/\*\.log can be read$`, printed)
	assert.Regexp(t, `(?m)^fail files         `+logs+`/secret\.log cannot be read by \w+ \(uid \d+\): permission denied .*; setfacl -m u:\w+:r `, printed)
	assert.Regexp(t, `(?m)^ok   state         `+state+` can be written to$`, printed)
	assert.Regexp(t, `(?m)^ok   destination   lossless_otlp_http: answers at `+destination.Listener.Addr().String()+` \(HTTP 405, without a token\)$`, printed)
	assert.Regexp(t, `(?m)^fail destination   lossless_otlp_http/datadog: cannot connect to localhost:\d+ .*connection refused`, printed)
	assert.NotContains(t, printed, "hunter2")
	entries, err := os.ReadDir(state)
	require.NoError(t, err)
	assert.Empty(t, entries)

	code, printed = mina(t, nil, "doctor", "--config", "config/base.yaml", "--config", "config/otlp.yaml", "--config", "yaml:processors::mina::redaction::action: msak")
	assert.Equal(t, 1, code)
	assert.Regexp(t, `(?m)^fail configuration .*did you mean "mask"\?`, printed)
}

// openFolder returns a folder that other users may look into, as one of t.TempDir is not.
func openFolder(t *testing.T) string {
	t.Helper()
	folder, err := os.MkdirTemp("", "mina-")
	require.NoError(t, err)
	t.Cleanup(func() { _ = os.RemoveAll(folder) })
	require.NoError(t, os.Chmod(folder, 0o755))
	return folder
}

// nobody returns a user without rights, or nil where the test may not be another one.
func nobody(t *testing.T) *syscall.SysProcAttr {
	t.Helper()
	if os.Geteuid() != 0 {
		return nil
	}
	const id = 65534
	return &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: id, Gid: id}}
}
