package e2e

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mina-observability/otelcol-mina/test/program"
)

// secrets are what examples/flask/requests.sh plants.
var secrets = []string{"hunter2-planted", "4111 1111 1111 1111", "planted-abc123def456"}

// runFlask runs the example application under gunicorn, sends it the requests and
// returns its log file, when it has ended.
func runFlask(t *testing.T, env ...string) (path, text string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "Start_application_1.log")
	log, err := os.Create(path)
	require.NoError(t, err)
	defer log.Close()

	application, err := program.StartFlask(env...)
	require.NoError(t, err)
	defer application.Stop()
	requests := exec.Command("sh", filepath.Join(program.Root(), "examples", "flask", "requests.sh"), application.URL)
	out, err := requests.CombinedOutput()
	require.NoError(t, err, string(out))
	application.Stop()
	text = application.Output()
	_, err = log.WriteString(text)
	require.NoError(t, err)
	return path, text
}

func TestFlaskToOTLP(t *testing.T) {
	t.Parallel()
	path, text := runFlask(t)
	for _, secret := range secrets {
		require.Contains(t, text, secret, "planted")
	}
	lines := strings.Count(text, "\n")
	for _, delivery := range deliveries {
		t.Run(delivery, func(t *testing.T) {
			e := newEndpoint(t)
			c := startCollector(t, program.OTLP(t.TempDir(), path, e.URL, delivery))
			eventually(t, func() bool { return len(e.records()) >= lines }, "%d records", lines)
			c.Stop()
			records := e.records()
			require.Len(t, records, lines, "every line once")
			requireMapped(t, records)
			for _, secret := range secrets {
				assert.NotContains(t, e.bytes(), secret)
				assert.NotContains(t, c.Output(), secret)
			}
			assert.NotContains(t, c.Output(), "\terror\t")
		})
	}
}

// requireMapped looks at one record of every kind.
func requireMapped(t *testing.T, records []taken) {
	t.Helper()
	find := func(prefix string, more ...string) taken {
		for _, record := range records {
			if strings.HasPrefix(record.Body().AsString(), prefix) && (len(more) == 0 || record.attributes["url.path"] == more[0]) {
				return record
			}
		}
		t.Fatalf("no record begins with %q", prefix)
		return taken{}
	}
	hostname, err := os.Hostname()
	require.NoError(t, err)

	r := find("Request handled", "/api/meetings")
	assert.Equal(t, "app", r.scope)
	assert.Equal(t, "INFO", r.SeverityText())
	assert.EqualValues(t, 9, r.SeverityNumber())
	assert.NotZero(t, r.Timestamp())
	assert.NotZero(t, r.ObservedTimestamp())
	assert.Equal(t, "mina", r.resource["service.name"])
	assert.Equal(t, hostname, r.resource["host.name"])
	assert.IsType(t, int64(0), r.resource["process.pid"])
	assert.Len(t, r.resource, 3)
	assert.Len(t, r.attributes["mina.request.id"], 36)
	for name, want := range map[string]any{
		"code.function.name": "main.end", "mina.process.name": "MainProcess", "thread.name": "MainThread", "http.request.method": "GET",
		"url.path": "/api/meetings", "url.query": "page=2", "client.address": "127.0.0.1", "user_agent.original": "Mozilla/5.0 (X11; Linux x86_64)",
		"user.id": "42", "user.name": "ana", "http.response.status_code": int64(200), "log.file.name": "Start_application_1.log",
	} {
		assert.Equal(t, want, r.attributes[name], name)
	}
	for _, name := range []string{"http", "user", "module", "function", "line", "hostname", "process_id", "timestamp", "level", "logger", "message"} {
		assert.NotContains(t, r.attributes, name)
	}

	r = find("Transcription of meeting 7 finished")
	assert.Equal(t, "services.transcription", r.scope)
	assert.Equal(t, "transcriber", r.attributes["thread.name"])
	assert.Equal(t, int64(7), r.attributes["meeting_id"])
	assert.NotContains(t, r.attributes, "mina.request.id")

	r = find("Transcription failed")
	assert.EqualValues(t, 17, r.SeverityNumber())
	assert.Equal(t, "ValueError", r.attributes["exception.type"])
	assert.Equal(t, "Invalid meeting ID format", r.attributes["exception.message"])
	assert.Contains(t, r.attributes["exception.stacktrace"], "in transcribe\n")

	r = find("Login with password=[REDACTED:sensitive_key]")
	assert.Equal(t, map[string]any{"user": "ana", "password": "[REDACTED:sensitive_key]"}, r.attributes["form"])
	r = find("Charging card [REDACTED:credit_card]")
	assert.Equal(t, "[REDACTED:sensitive_key]", r.attributes["authorization"])

	r = find("Listening at: ")
	assert.Equal(t, "gunicorn.error", r.scope)
	assert.Equal(t, map[string]any{"log.file.name": "Start_application_1.log"}, r.attributes)
	r = find("127.0.0.1 - - [", "/api/unknown")
	assert.Equal(t, "gunicorn.access", r.scope)
	assert.Equal(t, int64(404), r.attributes["http.response.status_code"])
}

func TestFlaskInTextMode(t *testing.T) {
	t.Parallel()
	path, text := runFlask(t, "JSON_LOGS=false")
	require.Contains(t, text, " ERROR services.transcription: Transcription failed\nTraceback")
	e := newEndpoint(t)
	c := startCollector(t, program.OTLP(t.TempDir(), path, e.URL, "acknowledged"))
	eventually(t, func() bool {
		return e.bodies()["Transcription failed"] == 1 && e.bodies()["Shutting down: Master"] == 1
	}, "the last record")
	c.Stop()
	for _, record := range e.records() {
		assert.NotContains(t, record.attributes, "mina.parse_error")
		if record.Body().AsString() == "Transcription failed" {
			assert.Equal(t, "services.transcription", record.scope)
			assert.Equal(t, "ValueError", record.attributes["exception.type"])
		}
	}
	assert.NotContains(t, e.bytes(), "hunter2-planted")
	assert.NotContains(t, e.bytes(), "4111 1111 1111 1111")
}

func TestLocalPrintsAndWritesRecords(t *testing.T) {
	state := t.TempDir()
	c := startCollector(t, program.Settings{
		Configs: []string{"base.yaml", "local.yaml"},
		Env:     []string{"MINA_STATE_DIR=" + state, "MINA_LOGS=" + filepath.Join(program.Root(), "examples", "sample.log")},
	})
	file := filepath.Join(state, "records.jsonl")
	eventually(t, func() bool {
		text, _ := os.ReadFile(file)
		return bytes.Contains(text, []byte("Transcription of meeting 7 finished"))
	}, "the record is in the file")
	c.Stop()
	info, err := os.Stat(file)
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o600), info.Mode().Perm(), "only its owner may read it")
	assert.Contains(t, c.Output(), "Transcription of meeting 7 finished code.function.name=main.transcribe")
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	for _, secret := range []string{"correct-horse", "4111 1111 1111 1111", "abc123def456ghi789"} {
		assert.NotContains(t, string(text), secret)
		assert.NotContains(t, c.Output(), secret)
	}
}
