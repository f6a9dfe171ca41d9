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

// httpHandler logs through Python's own HTTPHandler.
const httpHandler = `
import logging, logging.handlers, sys
handler = logging.handlers.HTTPHandler(sys.argv[1], sys.argv[2], method=sys.argv[3])
log = logging.getLogger("app.views")
log.addHandler(handler)
log.setLevel(logging.DEBUG)
log.info("user %s did %d things, %5.1f%%", "ana", 3, 99.5, extra={
    "meeting_id": 7, "http": {"method": "GET", "path": "/a?b=1", "ip": None}, "user": {"id": 42, "username": "ana"}})
log.warning("%(who)s logged in with password=%(pw)s", {"who": "ben", "pw": "hunter2-planted"})
log.error("plain 100%")
log.debug("object %s", [1, 'a', None])
try:
    int("x")
except ValueError:
    log.exception("failed")
`

func TestPythonHTTPHandler(t *testing.T) {
	t.Parallel()
	for _, way := range []struct{ method, path string }{{"POST", "/"}, {"POST", "/v1/mina"}, {"GET", "/"}, {"GET", "/v1/mina"}} {
		t.Run(way.method+" "+way.path, func(t *testing.T) {
			e := newEndpoint(t)
			c := startCollector(t, program.OTLP(t.TempDir(), "/nonexistent/*.log", e.URL, "acknowledged"))
			out, err := exec.Command("/usr/bin/python3", "-c", httpHandler, c.Intake, way.path, way.method).CombinedOutput()
			require.NoError(t, err, string(out))
			require.Empty(t, string(out), "the handler reports errors on stderr")
			c.Stop()
			assert.Equal(t, map[string]int{
				"user ana did 3 things,  99.5%":                        1,
				"ben logged in with password=[REDACTED:sensitive_key]": 1,
				"plain 100%":            1,
				"object [1, 'a', None]": 1,
				"failed":                1,
			}, e.bodies())
			for _, record := range e.records() {
				assert.Equal(t, "app.views", record.scope)
				assert.Equal(t, "<module>", strings.TrimPrefix(record.attributes["code.function.name"].(string), "<string>."))
				assert.IsType(t, int64(0), record.resource["process.pid"])
				switch record.Body().Str() {
				case "failed":
					assert.EqualValues(t, 17, record.SeverityNumber())
					assert.Equal(t, "ValueError", record.attributes["exception.type"])
					assert.Equal(t, "invalid literal for int() with base 10: 'x'", record.attributes["exception.message"])
				case "user ana did 3 things,  99.5%":
					for name, want := range map[string]any{
						"meeting_id": "7", "http.request.method": "GET", "url.path": "/a", "url.query": "b=1", "user.id": "42", "user.name": "ana",
						"thread.name": "MainThread", "mina.process.name": "MainProcess", "http": nil, "user": nil,
					} {
						assert.Equal(t, want, record.attributes[name], name)
					}
					assert.NotContains(t, record.attributes, "args")
				}
			}
			assert.NotContains(t, e.bytes(), "hunter2-planted")
		})
	}
}

// TestHostileFiles reads what nobody should write to a log file, and what is beside it.
func TestHostileFiles(t *testing.T) {
	t.Parallel()
	for _, delivery := range deliveries {
		t.Run(delivery, func(t *testing.T) {
			dir, e := t.TempDir(), newEndpoint(t)
			binary := make([]byte, 4<<20)
			for i := range binary {
				binary[i] = byte(i * 7919 >> 3)
			}
			appendTo(t, filepath.Join(dir, "long.log"), strings.Repeat("x", 20<<20)+"\n")
			appendTo(t, filepath.Join(dir, "binary.log"), string(binary)+"\n")
			appendTo(t, filepath.Join(dir, "numbers.log"), `{"a": [`+strings.Repeat("1.,", 80<<10)+"1]}\n")
			appendTo(t, filepath.Join(dir, "redacted.log"), strings.Repeat("pin=1&", 40<<10)+"\n")
			appendTo(t, filepath.Join(dir, "empty.log"), "")
			appendTo(t, filepath.Join(dir, "good.log"), numbered(0, 100))
			c := startCollector(t, program.OTLP(t.TempDir(), dir+"/*.log", e.URL, delivery))
			for name := range map[string]bool{"long.log": true, "binary.log": true, "numbers.log": true, "redacted.log": true} {
				appendTo(t, filepath.Join(dir, name), "the end of "+name+"\n")
			}
			eventually(t, func() bool {
				bodies := e.bodies()
				return bodies["the end of long.log"] == 1 && bodies["the end of binary.log"] == 1 && bodies["the end of numbers.log"] == 1 &&
					bodies["the end of redacted.log"] == 1 && bodies["record 99"] == 1
			}, "everything is read to its end")
			c.Stop()
			e.requireNumbered(t, 100, 1)
			x := 0
			for body, count := range e.bodies() {
				if strings.HasPrefix(body, "xx") {
					x += len(body) * count
				}
			}
			assert.Equal(t, 20<<20, x, "nothing of the long line is lost")
			assert.NotContains(t, c.Output(), "\terror\t")
		})
	}
}

func TestStdinIsDeliveredAndTheProcessEnds(t *testing.T) {
	sample, err := os.ReadFile(filepath.Join(program.Root(), "examples", "sample.log"))
	require.NoError(t, err)
	for name, text := range map[string][]byte{
		"nothing": nil,
		"sample":  sample,
		"many":    []byte(numbered(0, 50000)),
	} {
		t.Run(name, func(t *testing.T) {
			e := newEndpoint(t)
			cmd := exec.Command(binary(t), "--config", "config/stdin.yaml", "--config", "config/otlp.yaml")
			cmd.Env = append(os.Environ(), "OTLP_ENDPOINT="+e.URL)
			cmd.Stdin = bytes.NewReader(text)
			c := start(t, cmd)
			eventually(t, func() bool { return ended(c) }, "the process ends by itself")
			assert.Zero(t, c.ExitCode())
			assert.Len(t, e.records(), bytes.Count(text, []byte("\n")))
		})
	}
}
