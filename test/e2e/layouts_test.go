package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestConfiguredLayouts reads lines in formats that a user has copied out of an
// application's configuration, and others as without them.
func TestConfiguredLayouts(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "app.log"), []byte(strings.Join([]string{
		"<01/Oct/2025:16:12:05 +0000> {app.pay} Thread-1 (worker) ERROR* card declined #0f8fad5b",
		"Traceback (most recent call last):",
		`  File "/srv/mina/pay.py", line 41, in pay`,
		"ValueError: card declined",
		"[  INFO  ] 16:12:06 | app.pay.settle(41) | 12.50 s: settled",
		"2025-10-01 16:12:07,000 WARNING app: Slow query",
		"2025-10-01 16:12:08 almost: none",
	}, "\n")+"\n"), 0o600))
	found := readAll(t, dir, `receivers::mina::text::layouts: ["<%(asctime)s> {%(name)s} %(threadName)s %(levelname)s* %(message)s #%(request_id)s", `+
		`"[{levelname:^8}] {asctime} | {name}.{funcName}({lineno:d}) | {duration:.2f} s: {message}"]`)
	problems := compareRecords([]expectation{
		{Time: "2025-10-01T16:12:05Z", Severity: "17 ERROR", Scope: "app.pay", Body: "card declined", Attributes: map[string]any{
			"thread.name": "Thread-1 (worker)", "http.request.header.x-request-id": "*", "exception.type": "ValueError",
			"exception.message": "card declined", "exception.stacktrace": "Traceback…",
		}},
		{Severity: "9 INFO", Scope: "app.pay", Body: "settled", Attributes: map[string]any{
			"code.function.name": "settle", "code.line.number": 41, "duration": 12.5, "asctime": "16:12:06",
		}},
		{Time: "2025-10-01T16:12:07Z", Severity: "13 WARNING", Scope: "app", Body: "Slow query"},
		{Time: "2025-10-01T16:12:08Z", Body: "2025-10-01 16:12:08 almost: none", Attributes: map[string]any{"mina.parse_error": "unknown_format"}},
	}, found["app.log"])
	require.Empty(t, problems)
}
