package e2e

import (
	"archive/tar"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mina-observability/otelcol-mina/test/program"
)

// mina runs the program beside the collector, and returns its exit code and what it prints.
func mina(t *testing.T, env []string, arguments ...string) (code int, printed string) {
	t.Helper()
	return minaAs(t, nil, env, arguments...)
}

// minaAs runs it as another user, with the configuration and the programs where that one
// may find them.
func minaAs(t *testing.T, user *syscall.SysProcAttr, env []string, arguments ...string) (code int, printed string) {
	t.Helper()
	root := program.Root()
	if user != nil {
		root = openFolder(t)
		require.NoError(t, os.CopyFS(filepath.Join(root, "config"), os.DirFS(filepath.Join(program.Root(), "config"))))
		require.NoError(t, os.Mkdir(filepath.Join(root, "_build"), 0o755))
		for _, name := range []string{"mina", "otelcol-mina"} {
			text, err := os.ReadFile(filepath.Join(program.Root(), "_build", name))
			require.NoError(t, err)
			require.NoError(t, os.WriteFile(filepath.Join(root, "_build", name), text, 0o755))
		}
	}
	cmd := exec.Command(filepath.Join(root, "_build", "mina"), arguments...)
	cmd.SysProcAttr = user
	cmd.Dir, cmd.Env = root, append(os.Environ(), env...)
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
	scraped(t, &settings)
	collector := startCollector(t, settings)
	t.Cleanup(collector.Kill) // it would try to deliver first
	health, status := "http://"+collector.Check, "http://"+collector.Status

	code, printed := mina(t, nil, "health", "--endpoint", health, "--pipeline", "logs")
	assert.Equal(t, 0, code, printed)
	eventually(t, func() bool {
		code, printed = mina(t, nil, "health", "--endpoint", health)
		return code == 1
	}, "nothing listens where the destination should be")
	assert.Contains(t, printed, "unhealthy: logs/otlp: cannot reach the destination")

	code, printed = mina(t, nil, "status", "--endpoint", status)
	assert.Equal(t, 1, code)
	assert.Contains(t, printed, ", unhealthy, pid ")
	assert.Regexp(t, `(?m)^files +`+logs+`\n +1 open\n +1 line, 42 B read, .*\(text 1\)$`, printed)
	assert.Regexp(t, `(?m)^destination +logs/otlp  lossless_otlp_http\n +it takes nothing for \d+s: cannot reach the destination`, printed)
	assert.NotContains(t, printed, "not known")

	code, printed = mina(t, settings.Env, "doctor", "--endpoint", status, "--config", "config/base.yaml", "--config", "config/otlp.yaml")
	assert.Equal(t, 1, code)
	assert.Regexp(t, `(?m)^ok   running       pid \d+, for `, printed)
	assert.Regexp(t, `(?m)^fail waiting       logs/otlp lossless_otlp_http: it takes nothing for \d+s: cannot reach the destination`, printed)
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

// TestMinaSupportHoldsNoSecret plants secrets wherever a configuration, a host and a
// destination have some, and looks for them in all of the bundle.
func TestMinaSupportHoldsNoSecret(t *testing.T) {
	t.Parallel()
	secrets := map[string]string{}
	secret := func(where string) string {
		secrets[where] = fmt.Sprintf("Planted.%d-Zq7.x", len(secrets)+10) // as a token in parts has dots
		return secrets[where]
	}
	answer := secret("answer of a destination")
	destination := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusUnauthorized)
		_, _ = fmt.Fprintf(w, "no key %s in %s, %s", r.Header.Get("Authorization"), r.URL, answer)
	}))
	t.Cleanup(destination.Close)
	folder, state := t.TempDir(), t.TempDir()
	log, own := filepath.Join(folder, "app.log"), filepath.Join(folder, "own.yaml")
	require.NoError(t, os.WriteFile(log, []byte("2025-10-01 16:12:05,785 INFO app: "+secret("line of a log")+"\n"), 0o600))
	require.NoError(t, os.MkdirAll(filepath.Join(state, "dead-letter"), 0o700))
	require.NoError(t, os.WriteFile(filepath.Join(state, "dead-letter", "a.jsonl"), []byte(`{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"body":{"stringValue":"`+secret("dead letter")+`"}}]}]}]}`), 0o600))
	require.NoError(t, os.WriteFile(own, []byte(`
processors:
  mina: {redaction: {action: hash, hash_key: `+secret("hash key")+`-of-thirty-two-bytes, custom_rules: [{name: own, pattern: `+secret("pattern")+`}], allow: {values: [`+secret("allowed value")+`]}}, semconv: {service_namespace: `+secret("text of one's own")+`}}
  transform/own: {log_statements: ['set(log.attributes["`+secret("key in a statement")+`"], "`+secret("value in a statement")+`")']}
exporters:
  otlp_http/own: {endpoint: "`+strings.Replace(destination.URL, "://", "://"+secret("user")+":"+secret("password")+"@", 1)+`/`+secret("path")+`?token=`+secret("query")+`", headers: {`+secret("name of a header")+`: `+secret("value of a header")+`}, sending_queue: {enabled: false}}
extensions:
  basicauth/own: {client_auth: {username: `+secret("user of an extension")+`, password: `+secret("password of an extension")+`}}
service: {pipelines: {logs/own: {receivers: [fanout], processors: [transform/own], exporters: [otlp_http/own]}}}
`), 0o600))
	env := []string{
		"MINA_STATE_DIR=" + state, "MINA_LOGS=" + log, "OTLP_ENDPOINT=" + strings.Replace(destination.URL, "://", "://ana:"+secret("password in a variable")+"@", 1) + "/" + secret("path in a variable"),
		`OTLP_HEADERS={"authorization": "Bearer ` + secret("token in a variable") + `"}`, "DD_API_KEY=" + secret("key in a variable"), "DD_OTLP_ENDPOINT=" + destination.URL, "OTHER=" + secret("another variable"),
	}
	configs := []string{"base.yaml", "otlp.yaml", "datadog.yaml", own}
	settings := program.Settings{Configs: configs, Env: env}
	scraped(t, &settings)
	collector, err := program.StartCollector(settings)
	require.NoError(t, err)
	t.Cleanup(collector.Kill)
	eventually(t, func() bool {
		_, printed := mina(t, nil, "status", "--endpoint", "http://"+collector.Status)
		return strings.Count(printed, "refuses this sender") == 2
	}, "the destinations' answers are known")

	output := filepath.Join(folder, "bundle.tar.gz")
	arguments := []string{"support", "--endpoint", "http://" + collector.Status, "--output", output, "--config", "yaml:processors::mina::semconv::service_version: " + secret("a configuration on the command line")}
	for _, config := range configs {
		if !filepath.IsAbs(config) {
			config = filepath.Join("config", config)
		}
		arguments = append(arguments, "--config", config)
	}
	code, printed := mina(t, env, arguments...)
	require.Equal(t, 0, code, printed)
	documented(t, "mina support", strings.ReplaceAll(printed, output, "/var/lib/otelcol-mina/support.tar.gz"))
	bundle := unpack(t, output)
	all := printed
	for _, name := range slices.Sorted(maps.Keys(bundle)) {
		all += "\n" + name + "\n" + bundle[name]
	}
	for where, planted := range secrets {
		assert.NotContains(t, all, planted, where)
	}
	for name, want := range map[string]string{
		"versions.json": `"collector": "0.`,
		"config.yaml":   "endpoint: " + destination.URL + "/[removed]",
		"status.json":   `"status": "recoverable error"`,
		"overview.json": `"reason": "sender_refused"`,
		"health.json":   `"pipeline:logs/otlp"`,
		"metrics.txt":   "otelcol_receiver_mina_backlog_bytes",
		"doctor.json":   `"verdict": "ok"`,
		"host.txt":      "Max open files",
		"variables.txt": "DD_API_KEY\nDD_OTLP_ENDPOINT\n",
		"README.txt":    "There is no line of a log",
	} {
		assert.Contains(t, bundle["mina-support/"+name], want, name)
	}
	assert.Contains(t, bundle["mina-support/files.txt"], log)
	assert.Contains(t, bundle["mina-support/files.txt"], "dead-letter/a.jsonl")
	info, err := os.Stat(output)
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	code, _ = mina(t, env, arguments...)
	assert.Equal(t, 1, code, "a file that is there stays as it is")
}

// unpack returns the files of a tar.gz.
func unpack(t *testing.T, path string) map[string]string {
	t.Helper()
	file, err := os.Open(path)
	require.NoError(t, err)
	defer file.Close()
	unzipped, err := gzip.NewReader(file)
	require.NoError(t, err)
	files, archive := map[string]string{}, tar.NewReader(unzipped)
	for {
		header, err := archive.Next()
		if errors.Is(err, io.EOF) {
			return files
		}
		require.NoError(t, err)
		text, err := io.ReadAll(archive)
		require.NoError(t, err)
		files[header.Name] = string(text)
	}
}
