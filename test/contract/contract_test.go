package contract_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.uber.org/goleak"

	"github.com/mina-observability/otelcol-mina/test/contract"
	"github.com/mina-observability/otelcol-mina/test/program"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m, goleak.IgnoreTopFunction("net/http.(*persistConn).readLoop"), goleak.IgnoreTopFunction("net/http.(*persistConn).writeLoop"))
}

const (
	deadline = 60 * time.Second
	token    = contract.Token
)

// others are destinations that take no OTLP.
var others = []contract.Vendor{
	{Overlay: "papertrail", Env: []string{"PAPERTRAIL_ENDPOINT=localhost:6514"}},
	{Overlay: "sentry", Env: []string{"SENTRY_DSN=http://key@localhost/1"}},
}

var (
	vendors           = contract.Vendors()
	datadog, newRelic = contract.VendorOf("datadog"), contract.VendorOf("newrelic")
)

// start starts the collector with the base and the overlays of some vendors, whose
// doubles it returns.
func start(t *testing.T, delivery, state, logs string, all ...contract.Vendor) (*program.Collector, []*contract.Double) {
	t.Helper()
	s := program.Settings{
		Configs: []string{"base.yaml"},
		Env:     []string{"MINA_STATE_DIR=" + state, "MINA_LOGS=" + logs, "MINA_DELIVERY=" + delivery},
	}
	var doubles []*contract.Double
	for _, v := range all {
		d := contract.New(v)
		t.Cleanup(d.Close)
		doubles = append(doubles, d)
		s.Configs = append(s.Configs, v.Overlay+".yaml")
		s.Env = append(s.Env, d.Env()...)
	}
	return startCollector(t, s, token), doubles
}

// startCollector starts a collector that ends with the test, and may not print a secret.
func startCollector(t *testing.T, s program.Settings, secret string) *program.Collector {
	t.Helper()
	c, err := program.StartCollector(s)
	require.NoError(t, err)
	t.Cleanup(func() {
		c.Stop()
		assert.NotContains(t, c.Output(), secret)
		if t.Failed() {
			t.Logf("it printed:\n%s", c.Output())
		}
	})
	return c
}

// write writes numbered records as of now: every hundredth has a traceback, one a
// message of 200 KB, and one is JSON text.
func write(t *testing.T, path string, from, to int) {
	t.Helper()
	file, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	require.NoError(t, err)
	out := bufio.NewWriter(file)
	now := time.Now().UTC().Format("2006-01-02T15:04:05.000000+00:00")
	for i := from; i < to; i++ {
		message := fmt.Sprintf("record %d", i)
		record := map[string]any{
			"timestamp": now, "level": "INFO", "logger": "services.billing", "module": "billing", "function": "charge", "line": 7,
			"process_id": 10177 + i%2, "hostname": "mina-prod-01", "request_id": fmt.Sprintf("0f8fad5b-d9cb-469f-a165-%012d", i),
			"http": map[string]any{"method": "POST", "path": "/api/meetings?page=2", "ip": "203.0.113.9", "user_agent": "curl/8.14.1"},
			"user": map[string]any{"id": i % 50, "username": "ana"}, "status_code": 500, "meeting_id": i,
		}
		switch {
		case i%100 == 1:
			record["level"] = "ERROR"
			record["exception"] = map[string]any{
				"type": "ValueError", "message": "Invalid meeting ID format",
				"traceback": "Traceback (most recent call last):\n" + strings.Repeat("  File \"/srv/mina/services/billing.py\", line 41, in charge\n    raise ValueError\n", i%200) + "ValueError: Invalid meeting ID format",
			}
		case i == 5000:
			message += " " + strings.Repeat("für ", 50000)
		case i == 6000:
			message = fmt.Sprintf(`{"record": %d, "level": "debug"}`, i)
		}
		record["message"] = message
		line, err := json.Marshal(record)
		require.NoError(t, err)
		_, _ = out.Write(append(line, '\n'))
	}
	require.NoError(t, out.Flush())
	require.NoError(t, file.Close())
}

func eventually(t *testing.T, condition func() bool, message string, args ...any) {
	t.Helper()
	require.Eventually(t, condition, deadline, 20*time.Millisecond, append([]any{message}, args...)...)
}

// eventuallyHolds is eventually for a condition that may fail on its way, as it does at a
// line that is only half written.
func eventuallyHolds(t *testing.T, condition func(t require.TestingT) bool, message string, args ...any) {
	t.Helper()
	said := append([]any{message}, args...)
	require.EventuallyWithT(t, func(c *assert.CollectT) { assert.True(c, condition(c), said...) }, deadline, 20*time.Millisecond, said...)
}

// TestEveryVendorGetsEveryRecord is for the vendors with limits of their own, of which the
// batches of the others are no different.
func TestEveryVendorGetsEveryRecord(t *testing.T) {
	const records = 50000
	logs := filepath.Join(t.TempDir(), "app.log")
	write(t, logs, 0, records)
	for _, v := range []contract.Vendor{datadog, newRelic, contract.VendorOf("loki"), contract.VendorOf("cloudwatch")} {
		for _, delivery := range []string{"acknowledged", "queued"} {
			t.Run(v.Overlay+"/"+delivery, func(t *testing.T) {
				empty := filepath.Join(t.TempDir(), "app.log")
				c, doubles := start(t, delivery, t.TempDir(), empty, v)
				d := doubles[0]
				d.SetFault(func(request int) contract.Fault {
					switch request {
					case 2:
						return contract.Fault{Status: http.StatusTooManyRequests, RetryAfter: 1}
					case 5, 30:
						return contract.Fault{Status: http.StatusServiceUnavailable}
					}
					return contract.Fault{}
				})
				require.NoError(t, c.WaitReady())
				require.NoError(t, os.Link(logs, empty))
				t.Cleanup(func() {
					violations, longest := d.Violations()
					t.Logf("%d requests, the longest with %d bytes; violations: %q", d.Requests(), longest, violations)
				})
				eventually(t, func() bool { different, _ := d.Taken(); return different >= records }, "every record")
				different, all := d.Taken()
				assert.Equal(t, records, different)
				assert.Equal(t, records, all)
				violations, _ := d.Violations()
				assert.Empty(t, violations)
				s, ok := d.Sample("record 101")
				require.True(t, ok)
				assert.Equal(t, "mina", s.Resource["service.name"])
				assert.Equal(t, "mina-prod-01", s.Resource["host.name"])
				assert.Equal(t, "services.billing", s.Scope)
				assert.Equal(t, plog.SeverityNumberError, s.Severity)
				assert.Equal(t, "/api/meetings", s.Attributes["url.path"])
			})
		}
	}
}

func TestEveryDestinationStartsAlone(t *testing.T) {
	for _, v := range append(others, vendors...) {
		t.Run(v.Overlay, func(t *testing.T) {
			t.Parallel()
			require.NoError(t, validate(t, v))
		})
	}
}

// validate lets the collector check a configuration.
func validate(t *testing.T, all ...contract.Vendor) error {
	t.Helper()
	binary, err := program.Binary()
	require.NoError(t, err)
	args, env := []string{"validate", "--config", "config/base.yaml"}, []string{"MINA_STATE_DIR=" + t.TempDir(), "HOME=" + t.TempDir(), "AWS_EC2_METADATA_DISABLED=true"}
	for _, v := range all {
		args = append(args, "--config", "config/"+v.Overlay+".yaml")
		env = append(env, v.Env...)
		if v.Address != "" {
			env = append(env, v.Address+"=http://localhost:1")
		}
	}
	cmd := exec.Command(binary, args...)
	cmd.Dir, cmd.Env = program.Root(), env
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%w: %s", err, out)
	}
	return nil
}

// optional are variables that not everybody needs.
var optional = map[string]struct{}{
	"LOKI_USERNAME": {}, "LOKI_PASSWORD": {}, "LOKI_HEADERS": {}, "OPENOBSERVE_USERNAME": {}, "OPENOBSERVE_PASSWORD": {},
	"PARSEABLE_USERNAME": {}, "PARSEABLE_PASSWORD": {}, "AWS_EC2_METADATA_DISABLED": {},
}

func TestMissingTokenIsNamed(t *testing.T) {
	for _, v := range vendors {
		for i, entry := range v.Env {
			name, _, _ := strings.Cut(entry, "=")
			if _, optional := optional[name]; optional {
				continue
			}
			t.Run(v.Overlay+" "+name, func(t *testing.T) {
				t.Parallel()
				without := v
				without.Env = append(append([]string{}, v.Env[:i]...), v.Env[i+1:]...)
				err := validate(t, without)
				require.Error(t, err)
				if strings.HasPrefix(name, "AWS_") && name != "AWS_REGION" {
					assert.Contains(t, err.Error(), "credential") // the SDK's own message
					return
				}
				assert.Contains(t, err.Error(), "set the environment variable "+name+": ")
			})
		}
	}
}

func TestTokenThatCannotBeSentIsNamed(t *testing.T) {
	for _, v := range vendors {
		for i, entry := range v.Env {
			name, value, _ := strings.Cut(entry, "=")
			if strings.HasPrefix(name, "AWS_") || name == "LOKI_HEADERS" {
				continue // the SDK reads them, and a map may have lines
			}
			t.Run(v.Overlay+" "+name, func(t *testing.T) {
				t.Parallel()
				broken := v
				broken.Env = slices.Clone(v.Env)
				broken.Env[i] = name + "=" + value + "\n" + value
				err := validate(t, broken)
				require.ErrorContains(t, err, "the environment variable "+name+" holds a line break or another control character")
				assert.NotContains(t, err.Error(), value)
			})
		}
	}
}

// TestTokenHasNoLineEndWhereverItComesFrom is for what is written in a file of one's own.
func TestTokenHasNoLineEndWhereverItComesFrom(t *testing.T) {
	path := filepath.Join(t.TempDir(), "token")
	require.NoError(t, os.WriteFile(path, []byte("\ufeff"+token+"\r\n"), 0o600))
	for _, reference := range []string{"${file:" + path + "}", "${env:MINA_TEST_TOKEN}", "${var:MINA_TEST_TOKEN:?}"} {
		t.Run(reference[2:6], func(t *testing.T) {
			t.Parallel()
			d := contract.New(contract.VendorOf("betterstack"))
			defer d.Close()
			logs := filepath.Join(t.TempDir(), "app.log")
			write(t, logs, 0, 10)
			startCollector(t, program.Settings{
				Configs:   []string{"base.yaml", "betterstack.yaml"},
				Env:       append(d.Env(), "MINA_STATE_DIR="+t.TempDir(), "MINA_LOGS="+logs, "MINA_TEST_TOKEN="+token+"\n"),
				Overrides: []string{"exporters::lossless_otlp_http/betterstack::headers::authorization: Bearer " + reference},
			}, token)
			eventually(t, func() bool { different, _ := d.Taken(); return different == 10 }, "every record")
			violations, _ := d.Violations()
			assert.Empty(t, violations)
		})
	}
}

func TestRefusedTokenWaitsForTheOperator(t *testing.T) {
	t.Parallel()
	logs := filepath.Join(t.TempDir(), "app.log")
	write(t, logs, 0, 1000)
	for _, delivery := range []string{"acknowledged", "queued"} {
		t.Run(delivery, func(t *testing.T) {
			c, doubles := start(t, delivery, t.TempDir(), filepath.Dir(logs)+"/*.log", datadog, newRelic)
			refusing, other := doubles[0], doubles[1]
			refusing.Revoke(true)
			eventually(t, func() bool { different, _ := other.Taken(); return different == 1000 }, "the other destination")
			eventually(t, func() bool { return c.Health("logs/datadog") == http.StatusInternalServerError }, "unhealthy")
			assert.Equal(t, http.StatusOK, c.Health("logs/newrelic"))
			eventually(t, func() bool { return refusing.Requests() > 3 }, "it tries again")
			refusing.Revoke(false)
			eventually(t, func() bool { different, _ := refusing.Taken(); return different == 1000 }, "every record")
			eventually(t, func() bool { return c.Health("logs/datadog") == http.StatusOK }, "healthy again")
			_, all := other.Taken()
			assert.Equal(t, 1000, all, "the other destination gets nothing twice")
			assert.Equal(t, 1, strings.Count(c.Output(), "The destination refuses this sender"))
			assert.Contains(t, c.Output(), "the destination answered 403 Forbidden: invalid credentials")
		})
	}
}

// buriedIn returns the bodies of the records in a dead-letter file, of which the last line
// may be half written.
func buriedIn(t require.TestingT, path string) (bodies []string) {
	text, _ := os.ReadFile(path)
	whole := text[:bytes.LastIndexByte(text, '\n')+1]
	for line := range bytes.Lines(whole) {
		part, err := (&plog.JSONUnmarshaler{}).UnmarshalLogs(line)
		require.NoError(t, err)
		for _, rl := range part.ResourceLogs().All() {
			for _, sl := range rl.ScopeLogs().All() {
				for _, record := range sl.LogRecords().All() {
					bodies = append(bodies, record.Body().Str())
				}
			}
		}
	}
	return bodies
}

func TestRefusedRecordGoesToTheDeadLetterFile(t *testing.T) {
	t.Parallel()
	for _, delivery := range []string{"acknowledged", "queued"} {
		t.Run(delivery, func(t *testing.T) {
			v := datadog
			v.Record = func(_ pcommon.Resource, _ string, record plog.LogRecord) error {
				if strings.HasSuffix(record.Body().Str(), "77") {
					return fmt.Errorf("will not take this one")
				}
				return nil
			}
			logs, state := filepath.Join(t.TempDir(), "app.log"), t.TempDir()
			write(t, logs, 0, 1000)
			_, doubles := start(t, delivery, state, logs, v)
			eventually(t, func() bool { different, _ := doubles[0].Taken(); return different == 990 }, "the others")
			var buried []string
			eventuallyHolds(t, func(t require.TestingT) bool {
				buried = buriedIn(t, filepath.Join(state, "dead-letter", "lossless_otlp_http_datadog.jsonl"))
				return len(buried) == 10
			}, "the dead letters")
			assert.Contains(t, buried, "record 377")
			// What comes behind them is delivered.
			write(t, logs, 1000, 1050)
			eventually(t, func() bool { different, _ := doubles[0].Taken(); return different == 1040 }, "what is written later")
			_, all := doubles[0].Taken()
			assert.Equal(t, 1040, all)
		})
	}
}
