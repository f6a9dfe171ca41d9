package e2e

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mina-observability/otelcol-mina/test/program"
)

// documented holds the example of docs/mina.md below a heading against what was printed.
func documented(t *testing.T, heading, printed string) {
	t.Helper()
	path := filepath.Join(program.Root(), "docs", "mina.md")
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	before, rest, found := strings.Cut(string(text), "\n## "+heading+"\n")
	require.True(t, found)
	const begins = "\n```text\n"
	introduction, rest, found := strings.Cut(rest, begins)
	require.True(t, found)
	example, after, found := strings.Cut("\n"+rest, "\n```\n")
	require.True(t, found)
	if os.Getenv("MINA_UPDATE_GOLDEN") != "" {
		anew := before + "\n## " + heading + "\n" + introduction + begins + strings.Trim(printed, "\n") + "\n```\n" + after
		require.NoError(t, os.WriteFile(path, []byte(anew), 0o644)) //nolint:gosec // a document
		return
	}
	assert.Equal(t, strings.Trim(example, "\n"), strings.Trim(printed, "\n"))
}

func TestMinaStatusIsDocumented(t *testing.T) {
	printed, err := os.ReadFile(filepath.Join(program.Root(), "cmd", "mina", "internal", "status", "testdata", "unhealthy.txt"))
	require.NoError(t, err)
	documented(t, "mina status", string(printed))
}

func TestMinaTryIsDocumented(t *testing.T) {
	code, printed := mina(t, nil, "try", "--config", "config/base.yaml", "examples/try.log")
	require.Equal(t, 0, code, printed)
	documented(t, "mina try", printed)
}

func TestMinaDoctorIsDocumented(t *testing.T) {
	destination := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(destination.Close)
	logs, state, down, user := openFolder(t), openFolder(t), program.FreeAddress(), nobody(t)
	secret := os.FileMode(0o000)
	if user != nil {
		secret = 0o600
		require.NoError(t, os.Chown(state, int(user.Credential.Uid), int(user.Credential.Gid)))
	}
	for name, mode := range map[string]os.FileMode{"app.log": 0o644, "app.log.1": secret} {
		require.NoError(t, os.WriteFile(filepath.Join(logs, name), nil, mode))
	}
	_, printed := minaAs(t, user, []string{
		"MINA_LOGS=" + logs + "/app.log*", "MINA_STATE_DIR=" + state, "OTLP_ENDPOINT=" + destination.URL, "DD_API_KEY=x", "DD_OTLP_ENDPOINT=http://" + down,
	}, "doctor", "--endpoint", "http://"+program.FreeAddress(), "--config", "config/base.yaml", "--config", "config/otlp.yaml", "--config", "config/datadog.yaml")
	// What is another host's there.
	for _, names := range [][2]string{
		{logs, "/var/log/mina"},
		{state, "/var/lib/otelcol-mina"},
		{destination.Listener.Addr().String(), "backend:4318"},
		{"127.0.0.1\n", "backend\n"},
		{down, "localhost:4317"},
	} {
		printed = strings.ReplaceAll(printed, names[0], names[1])
	}
	for _, names := range [][2]string{
		{`version \S+`, "version 0.2.0"},
		{`[^\s(]+/_build`, "/usr/bin"},
		{`localhost:\d{5}: the collector`, "localhost:13134: the collector"},
		{`(?m)^\w+ +user .*`, "ok   user          otelcol-mina (uid 998)"},
		{`cannot be read by \w+ \(uid \d+\)`, "cannot be read by otelcol-mina (uid 998)"},
		{`\(it is \w+:\w+, [-r]+w?-+\)`, "(it is root:root, -rw-------)"},
		{`u:\w+:r`, "u:otelcol-mina:r"},
		{`(?m)^\w+ +disk .*`, "ok   disk          63 GiB are free at /var/lib/otelcol-mina, and queues may take 2.0 GiB"},
		{`(?m)(^\w+ +ports .*\n)+`, "ok   ports         free: 127.0.0.1:13133, localhost:13134, 127.0.0.1:8319, 127.0.0.1:8888\n"},
		{`(?m)^\w+ +memory .*`, "ok   memory        200 MiB may be used, of 384 MiB that its control group may"},
	} {
		printed = regexp.MustCompile(names[0]).ReplaceAllString(printed, names[1])
	}
	documented(t, "mina doctor", printed)
}

func TestMinaDeadLettersIsDocumented(t *testing.T) {
	folder := t.TempDir()
	file := filepath.Join(folder, "lossless_otlp_http_loki.jsonl")
	letter := `{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"body":{"stringValue":"secret"},"attributes":[{"key":"mina.dead_letter.exporter","value":{"stringValue":"lossless_otlp_http/loki"}},` +
		`{"key":"mina.dead_letter.reason","value":{"stringValue":"refused"}},{"key":"mina.dead_letter.status","value":{"intValue":"400"}},{"key":"mina.dead_letter.answer","value":{"stringValue":"max entry size exceeded"}}]}]}]}]}` + "\n"
	old := strings.NewReplacer(`"refused"`, `"too_old"`, `"mina.dead_letter.status"`, `"other"`, `"mina.dead_letter.answer"`, `"another"`).Replace(letter)
	require.NoError(t, os.WriteFile(file, []byte(letter+letter+old), 0o600))
	long := time.Now().Add(-2*time.Hour - 3*time.Minute - time.Second)
	require.NoError(t, os.Chtimes(file, long, long))
	code, printed := mina(t, nil, "dead-letters", "ls", "--directory", folder)
	require.Equal(t, 0, code)
	documented(t, "mina dead-letters", strings.ReplaceAll(printed, folder, "/var/lib/otelcol-mina/dead-letter"))
}
