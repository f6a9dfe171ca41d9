package e2e

import (
	"fmt"
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
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/mina-observability/otelcol-mina/test/program"
)

// choosy is an endpoint that refuses requests with records that hold one of some words.
type choosy struct {
	*endpoint
	URL   string
	words atomic.Pointer[[]string]
}

func newChoosy(t *testing.T, words ...string) *choosy {
	t.Helper()
	c := &choosy{endpoint: newEndpoint(t)}
	c.refuses(words...)
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, text := readRequest(r)
		for _, word := range *c.words.Load() {
			if strings.Contains(text, word) {
				w.WriteHeader(http.StatusBadRequest)
				_, _ = w.Write([]byte("this endpoint takes no poison"))
				return
			}
		}
		r.Body = body
		c.handle(w, r)
	}))
	t.Cleanup(front.Close)
	c.URL = front.URL
	return c
}

func (c *choosy) refuses(words ...string) { c.words.Store(&words) }

// letter is what a line of a dead-letter file says.
type letter struct {
	body, resource string
	attributes     map[string]any
}

func lettersIn(t require.TestingT, paths ...string) (all []letter) {
	for _, path := range paths {
		text, _ := os.ReadFile(path)
		for line := range strings.Lines(string(text)) {
			logs, err := (&plog.JSONUnmarshaler{}).UnmarshalLogs([]byte(line))
			require.NoError(t, err)
			require.Equal(t, 1, logs.LogRecordCount(), "a record a line")
			rl := logs.ResourceLogs().At(0)
			record := rl.ScopeLogs().At(0).LogRecords().At(0)
			all = append(all, letter{record.Body().AsString(), fmt.Sprint(rl.Resource().Attributes().AsRaw()), record.Attributes().AsRaw()})
		}
	}
	return all
}

func bodiesOf(letters []letter) (bodies []string) {
	for _, l := range letters {
		bodies = append(bodies, l.body)
	}
	slices.Sort(bodies)
	return bodies
}

// resending starts the documented command that sends dead letters again. It returns its
// process group too.
func resending(t *testing.T, state, endpoint string, args ...string) (p *program.Process, group int) {
	t.Helper()
	cmd := exec.Command(filepath.Join(program.Root(), "_build", "mina"), append([]string{"dead-letters", "resend", "--to"}, args...)...)
	cmd.Env = append(os.Environ(), "MINA_STATE_DIR="+state, "OTLP_ENDPOINT="+endpoint, "MINA_CONFIG_DIR="+filepath.Join(program.Root(), "config"))
	cmd.Dir = t.TempDir() // it can be called from anywhere
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	p, group = start(t, cmd), cmd.Process.Pid
	t.Cleanup(func() { _ = syscall.Kill(-group, syscall.SIGKILL) })
	return p, group
}

// resend runs it to its end, and returns its exit code and what it has printed.
func resend(t *testing.T, state, endpoint string, args ...string) (code int, printed string) {
	t.Helper()
	p, _ := resending(t, state, endpoint, args...)
	eventually(t, func() bool { return ended(p) }, "it ends by itself")
	return p.ExitCode(), p.Output()
}

// withPoison returns numbered lines, every tenth of which is one of the words.
func withPoison(n int, words ...string) string {
	text := numbered(0, n)
	for i := 5; i < n; i += 10 {
		text = strings.Replace(text, fmt.Sprintf("record %d\"", i), fmt.Sprintf("%s %d\"", words[i/10%len(words)], i), 1)
	}
	return text
}

func TestDeadLettersAreSentAgainOnceEach(t *testing.T) {
	for name, test := range map[string]struct {
		configs  func(t *testing.T, endpoint string) []string
		file     string
		exporter string
		status   any
		answer   string
	}{
		"an exporter of ours": {func(*testing.T, string) []string { return []string{"otlp.yaml"} }, "lossless_otlp_http.jsonl", "lossless_otlp_http", int64(400), "this endpoint takes no poison"},
		"a stock exporter":    {func(t *testing.T, endpoint string) []string { return []string{stockOTLP(t, endpoint)} }, "fanout_logs_stock.jsonl", "fanout/logs/stock", nil, "HTTP Status Code 400"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			const all = 100
			e, state, path := newChoosy(t, "poison", "venom"), t.TempDir(), filepath.Join(t.TempDir(), "app.log")
			file := filepath.Join(state, "dead-letter", test.file)
			destination := test.configs(t, e.URL)
			appendTo(t, path, withPoison(all, "poison", "venom"))
			begun := time.Now().Add(-time.Second)
			c := startCollector(t, program.Settings{
				Configs: append([]string{"base.yaml"}, destination...), Env: []string{"MINA_STATE_DIR=" + state, "MINA_LOGS=" + path, "OTLP_ENDPOINT=" + e.URL},
			})
			eventuallyHolds(t, func(t require.TestingT) bool { return len(e.bodies()) == all*9/10 && len(lettersIn(t, file)) == all/10 }, "the others arrive")
			for _, l := range lettersIn(t, file) {
				said := l.attributes
				assert.Equal(t, "refused", said["mina.dead_letter.reason"])
				assert.Equal(t, test.status, said["mina.dead_letter.status"])
				assert.Contains(t, said["mina.dead_letter.answer"], test.answer)
				assert.Equal(t, test.exporter, said["mina.dead_letter.exporter"])
				at, err := time.Parse(time.RFC3339, said["mina.dead_letter.time"].(string))
				require.NoError(t, err)
				assert.WithinRange(t, at, begun, time.Now())
			}
			overlay := strings.TrimSuffix(destination[0], ".yaml")
			if filepath.IsAbs(overlay) {
				overlay += ".yaml"
			}
			of := func(word string) (found []string) {
				for _, body := range bodiesOf(lettersIn(t, file)) {
					if strings.HasPrefix(body, word) {
						found = append(found, body)
					}
				}
				return found
			}

			code, listed := mina(t, nil, "dead-letters", "ls", "--directory", filepath.Dir(file))
			assert.Equal(t, 0, code)
			assert.Regexp(t, `^`+file+`\n  10 records, .* ago\n  `+test.exporter+`: refused.*, 10 records: .*`+test.answer, listed)
			assert.NotRegexp(t, `(poison|venom) \d`, listed, "what they say is not shown")

			before, poison, venom := lettersIn(t, file), of("poison"), of("venom")
			code, _ = resend(t, state, e.URL, overlay, file)
			assert.Equal(t, 4, code)
			assert.Len(t, e.records(), all*9/10)
			assert.Equal(t, bodiesOf(before), bodiesOf(lettersIn(t, file)), "all are refused again, and kept")
			for _, l := range lettersIn(t, file) {
				assert.Equal(t, before[0].resource, l.resource)
				assert.Len(t, l.attributes, len(before[0].attributes), "a second set takes the place of the first")
			}

			e.refuses("venom")
			code, _ = resend(t, state, e.URL, overlay, file)
			assert.Equal(t, 4, code)
			eventually(t, func() bool { return len(e.records()) == all*9/10+len(poison) }, "what is taken now arrives")
			assert.Equal(t, venom, bodiesOf(lettersIn(t, file)), "what is refused again is kept")

			e.refuses()
			code, _ = resend(t, state, e.URL, overlay, file)
			assert.Equal(t, 0, code)
			assert.Len(t, e.records(), all, "each once")
			assert.Len(t, e.bodies(), all, "each")
			c.Stop()
			left, err := os.ReadDir(filepath.Dir(file))
			require.NoError(t, err)
			assert.Empty(t, left, "no file is left")
			for _, r := range e.records() {
				assert.NotContains(t, fmt.Sprint(r.attributes), "dead_letter")
				assert.Equal(t, e.records()[0].resource, r.resource)
			}
		})
	}
}

func TestDeadLettersStayWhereNothingHasBeenSent(t *testing.T) {
	line := `{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"body":{"stringValue":"a letter"}}]}]}]}`
	newFile := func(t *testing.T) (state, file string) {
		t.Helper()
		state = t.TempDir()
		file = filepath.Join(state, "a letter's file.jsonl")
		require.NoError(t, os.WriteFile(file, []byte(line), 0o600))
		return state, file
	}
	t.Run("a destination that is down", func(t *testing.T) {
		state, file := newFile(t)
		e := newEndpoint(t)
		var asked atomic.Int32
		e.setRefuse(func() int { asked.Add(1); return http.StatusServiceUnavailable })
		p, group := resending(t, state, e.URL, "otlp", file)
		eventually(t, func() bool { return asked.Load() > 0 }, "it is tried")
		require.NoError(t, syscall.Kill(-group, syscall.SIGINT), "as a terminal does")
		eventually(t, func() bool { return ended(p) }, "it ends")
		assert.Equal(t, 3, p.ExitCode())
		assert.Contains(t, p.Output(), "NOT DONE")
		moved := strings.TrimSuffix(file, ".jsonl") + ".resending.jsonl"
		text, err := os.ReadFile(moved)
		require.NoError(t, err)
		assert.Equal(t, line, string(text))

		e.setRefuse(nil)
		require.NoError(t, os.WriteFile(file, []byte(strings.ReplaceAll(line, "a letter", "another")), 0o600))
		code, _ := resend(t, state, e.URL, "otlp", file, moved)
		assert.Equal(t, 0, code)
		assert.Len(t, e.bodies(), 2, "the same command goes on where it was interrupted")
		left, err := os.ReadDir(state)
		require.NoError(t, err)
		assert.Len(t, left, 1, "the folder of dead letters, which is empty")
	})
	t.Run("a file that another process sends", func(t *testing.T) {
		state, file := newFile(t)
		e := newEndpoint(t)
		var asked atomic.Int32
		e.setRefuse(func() int { asked.Add(1); return http.StatusServiceUnavailable })
		first, _ := resending(t, state, e.URL, "otlp", file)
		eventually(t, func() bool { return asked.Load() > 0 }, "it is tried")
		come := strings.ReplaceAll(line, "a letter", "another")
		require.NoError(t, os.WriteFile(file, []byte(come), 0o600))
		code, printed := resend(t, state, e.URL, "otlp", file)
		assert.Equal(t, 1, code)
		assert.Contains(t, printed, "is being sent by another process")
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		assert.Equal(t, come, string(text), "what has come meanwhile is not moved over what is being sent")
		e.setRefuse(nil)
		eventually(t, func() bool { return ended(first) }, "it ends")
		assert.Equal(t, 0, first.ExitCode())
		assert.Len(t, e.bodies(), 1)
		code, _ = resend(t, state, e.URL, "otlp", file)
		assert.Equal(t, 0, code)
		assert.Len(t, e.bodies(), 2)
	})
	t.Run("a configuration that is wrong", func(t *testing.T) {
		state, file := newFile(t)
		code, printed := resend(t, state, "not an address", "datadog", file)
		assert.Equal(t, 1, code)
		assert.Contains(t, printed, "DD_API_KEY")
		assert.FileExists(t, file)
	})
	t.Run("a file that is not there", func(t *testing.T) {
		state, file := newFile(t)
		code, _ := resend(t, state, "http://localhost:1", "otlp", file+"no.jsonl")
		assert.Equal(t, 2, code)
		assert.FileExists(t, file)
	})
	t.Run("a file of another user", func(t *testing.T) {
		if os.Geteuid() != 0 {
			t.Skip("only root can give a file away")
		}
		state, file := newFile(t)
		require.NoError(t, os.Chown(file, 12345, 12345))
		code, _ := resend(t, state, "http://localhost:1", "otlp", file)
		assert.Equal(t, 2, code)
		assert.FileExists(t, file)
	})
}

func TestALetterIsSentAgainWholeHoweverLongItIs(t *testing.T) {
	e, state := newEndpoint(t), t.TempDir()
	file := filepath.Join(state, "long.jsonl")
	body := strings.Repeat("\x01é\"", 100<<10) // 500 KiB, and in JSON twice as long
	logs := plog.NewLogs()
	record := logs.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords().AppendEmpty()
	record.Body().SetStr(body)
	line, err := (&plog.JSONMarshaler{}).MarshalLogs(logs)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(file, line, 0o600))
	code, _ := resend(t, state, e.URL, "otlp", file)
	assert.Equal(t, 0, code)
	assert.True(t, e.bodies()[body] == 1 && len(e.records()) == 1, "one record, whole")
}

func TestALetterThatIsTooOldIsSentAgainWhereItIsNot(t *testing.T) {
	e, state, path := newEndpoint(t), t.TempDir(), filepath.Join(t.TempDir(), "app.log")
	file := filepath.Join(state, "dead-letter", "lossless_otlp_http.jsonl")
	bound := filepath.Join(t.TempDir(), "bound.yaml")
	require.NoError(t, os.WriteFile(bound, []byte("exporters: {lossless_otlp_http: {accept: {past: 24h}}}"), 0o600))
	appendTo(t, path, numbered(0, 10))
	s := program.OTLP(state, path, e.URL, "acknowledged")
	s.Configs = append(s.Configs, bound)
	startCollector(t, s)
	tooOld := func() bool {
		letters := lettersIn(t, file)
		return len(letters) == 10 && !slices.ContainsFunc(letters, func(l letter) bool { return l.attributes["mina.dead_letter.reason"] != "too_old" })
	}
	eventually(t, tooOld, "they are of another year")

	code, _ := resend(t, state, e.URL, "otlp", "--config", bound, file)
	assert.Equal(t, 4, code)
	assert.True(t, tooOld(), "they are kept again")

	code, _ = resend(t, state, e.URL, "otlp", file)
	assert.Equal(t, 0, code)
	assert.Len(t, e.records(), 10, "without the bound they arrive, each once")
	assert.NoFileExists(t, file)
}
