package losslessotlphttpexporter

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componentstatus"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/config/configopaque"
	"go.opentelemetry.io/collector/config/configoptional"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/confmap/confmaptest"
	"go.opentelemetry.io/collector/consumer/consumererror"
	"go.opentelemetry.io/collector/exporter"
	"go.opentelemetry.io/collector/exporter/exporterhelper"
	"go.opentelemetry.io/collector/exporter/exportertest"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/plog/plogotlp"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"go.uber.org/zap/zaptest/observer"

	"github.com/mina-observability/otelcol-mina/exporter/losslessotlphttpexporter/internal/metadata"
	"github.com/mina-observability/otelcol-mina/exporter/losslessotlphttpexporter/internal/metadatatest"
	"github.com/mina-observability/otelcol-mina/internal/destination"
	"github.com/mina-observability/otelcol-mina/internal/truncate"
)

const token = "secret-token-4711"

// answer is what a destination says to a request.
type answer struct {
	status int
	header map[string]string
	body   []byte
}

// server takes requests, and remembers the bodies of the records it took.
type server struct {
	*httptest.Server
	mu       sync.Mutex
	requests int
	taken    map[string]int
	all      []plog.LogRecord
}

// newServer starts a destination that answers each request as a function says;
// a status of 0 takes it.
func newServer(t *testing.T, decide func(bodies []string, size int) answer) *server {
	d := &server{taken: map[string]int{}}
	d.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		text, err := gzip.NewReader(r.Body)
		if !assert.NoError(t, err) {
			return
		}
		body, err := io.ReadAll(text)
		assert.NoError(t, err)
		request := plogotlp.NewExportRequest()
		assert.NoError(t, request.UnmarshalProto(body))
		assert.Equal(t, "/v1/logs", r.URL.Path)
		assert.Equal(t, "application/x-protobuf", r.Header.Get("Content-Type"))
		assert.Equal(t, "Bearer "+token, r.Header.Get("Authorization"))
		d.mu.Lock()
		defer d.mu.Unlock()
		d.requests++
		bodies := bodiesOf(request.Logs())
		a := decide(bodies, len(body))
		for key, value := range a.header {
			w.Header().Set(key, value)
		}
		if a.status == 0 {
			for _, b := range bodies {
				d.taken[b]++
			}
			d.all = append(d.all, recordsOf(request.Logs())...)
			a.status = http.StatusOK
		}
		w.WriteHeader(a.status)
		_, _ = w.Write(a.body)
	}))
	t.Cleanup(d.Close)
	return d
}

func bodiesOf(logs plog.Logs) (bodies []string) {
	for _, record := range recordsOf(logs) {
		bodies = append(bodies, record.Body().Str())
	}
	return bodies
}

func recordsOf(logs plog.Logs) (all []plog.LogRecord) {
	for _, rl := range logs.ResourceLogs().All() {
		for _, sl := range rl.ScopeLogs().All() {
			for _, record := range sl.LogRecords().All() {
				all = append(all, record)
			}
		}
	}
	return all
}

// refuseFor answers with a status where a record's body begins with a text.
func refuseFor(prefix string, status int) func([]string, int) answer {
	return func(bodies []string, _ int) answer {
		for _, b := range bodies {
			if strings.HasPrefix(b, prefix) {
				return answer{status: status, body: []byte("no " + b)}
			}
		}
		return answer{}
	}
}

// host collects the status that the exporter reports.
type host struct {
	component.Host
	mu     sync.Mutex
	events []componentstatus.Status
}

func (h *host) Report(event *componentstatus.Event) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.events = append(h.events, event.Status())
}

type fixture struct {
	*losslessExporter
	host      *host
	logged    *observer.ObservedLogs
	telemetry *componenttest.Telemetry
}

func configFor(t *testing.T, url string) *Config {
	cfg := createDefaultConfig().(*Config)
	cfg.ClientConfig.Endpoint = url
	cfg.ClientConfig.Headers.Set("Authorization", configopaque.String("Bearer "+token))
	cfg.DeadLetter.Directory = filepath.Join(t.TempDir(), "dead-letter")
	return cfg
}

// newFixture starts the exporter without its queue and retry.
func newFixture(t *testing.T, cfg *Config) *fixture {
	core, logged := observer.New(zapcore.DebugLevel)
	telemetry := componenttest.NewTelemetry()
	set := metadatatest.NewSettings(telemetry)
	set.ID = component.NewIDWithName(metadata.Type, "vendor")
	set.Logger = zap.New(core)
	e, err := newExporter(cfg, set)
	require.NoError(t, err)
	h := &host{Host: componenttest.NewNopHost()}
	require.NoError(t, e.start(t.Context(), h))
	t.Cleanup(func() {
		assert.NoError(t, e.shutdown(context.Background()))
		assert.NoError(t, telemetry.Shutdown(context.Background()))
	})
	return &fixture{e, h, logged, telemetry}
}

// records returns records with these bodies, over two scopes of two resources.
func records(bodies ...string) plog.Logs {
	logs := plog.NewLogs()
	for i, b := range bodies {
		if i%(len(bodies)/2+1) == 0 {
			rl := logs.ResourceLogs().AppendEmpty()
			rl.Resource().Attributes().PutInt("n", int64(i))
			rl.ScopeLogs().AppendEmpty().Scope().SetName("first")
			rl.ScopeLogs().AppendEmpty().Scope().SetName("second")
		}
		rl := logs.ResourceLogs().At(logs.ResourceLogs().Len() - 1)
		record := rl.ScopeLogs().At(i % 2).LogRecords().AppendEmpty()
		record.Body().SetStr(b)
		record.Attributes().PutStr("key", "value of "+b)
	}
	return logs
}

func numbers(prefix string, n int) (bodies []string) {
	for i := range n {
		bodies = append(bodies, fmt.Sprintf("%s %d", prefix, i))
	}
	return bodies
}

func deadLetters(t *testing.T, f *fixture) (bodies []string) {
	text, err := os.ReadFile(f.deadLetters.Path())
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	require.NoError(t, err)
	for line := range bytes.Lines(text) {
		logs, err := (&plog.JSONUnmarshaler{}).UnmarshalLogs(line)
		require.NoError(t, err)
		bodies = append(bodies, bodiesOf(logs)...)
	}
	return bodies
}

func TestRefusedRecordsAreFoundAndTheOthersDeliveredOnce(t *testing.T) {
	good := numbers("good", 100)
	for name, test := range map[string]struct {
		status int
		bad    []string
	}{
		"one":                {400, []string{"bad 0"}},
		"several":            {422, numbers("bad", 7)},
		"of another kind":    {415, numbers("bad", 2)},
		"many in a row":      {400, numbers("bad", 40)},
		"406 as well as 400": {406, numbers("bad", 1)},
	} {
		t.Run(name, func(t *testing.T) {
			d := newServer(t, refuseFor("bad", test.status))
			f := newFixture(t, configFor(t, d.URL))
			require.NoError(t, f.push(t.Context(), records(append(append([]string{}, good...), test.bad...)...)))
			assert.Len(t, d.taken, len(good))
			for _, b := range good {
				assert.Equal(t, 1, d.taken[b], b)
			}
			assert.ElementsMatch(t, test.bad, deadLetters(t, f))
			metrics, err := f.telemetry.GetMetric("otelcol_exporter_dead_letter_records")
			require.NoError(t, err)
			assert.Contains(t, fmt.Sprint(metrics.Data), fmt.Sprintf(" %d ", len(test.bad)))
			for _, entry := range f.logged.All() {
				assert.NotContains(t, fmt.Sprint(entry.Message, entry.ContextMap()), "no bad", "a payload is in the log")
			}
		})
	}
}

func TestDestinationThatRefusesEverythingIsNotAskedForEachRecord(t *testing.T) {
	d := newServer(t, refuseFor("", 400))
	f := newFixture(t, configFor(t, d.URL))
	all := numbers("bad", 1000)
	require.NoError(t, f.push(t.Context(), records(all...)))
	assert.ElementsMatch(t, all, deadLetters(t, f))
	assert.Less(t, d.requests, 60)
}

func TestRecordThatIsTooLongIsTruncated(t *testing.T) {
	d := newServer(t, func(_ []string, size int) answer {
		if size > 20000 {
			return answer{status: http.StatusRequestEntityTooLarge}
		}
		return answer{}
	})
	f := newFixture(t, configFor(t, d.URL))
	logs := records("short", strings.Repeat("ä", 100000), "also short")
	require.NoError(t, f.push(t.Context(), logs))
	require.Len(t, d.all, 3)
	truncated := 0
	for _, r := range d.all {
		if _, ok := r.Attributes().Get("mina.truncated"); ok {
			truncated++
			assert.True(t, strings.HasSuffix(r.Body().Str(), "ä"+truncate.Mark), "one mark, behind a whole character")
			assert.Greater(t, len(r.Body().Str()), 5000)
		}
	}
	assert.Equal(t, 1, truncated)
	assert.Empty(t, deadLetters(t, f))
	assert.Len(t, bodiesOf(logs)[1], 200000, "the batch itself is as it was")
}

func TestRecordThatStaysTooLongIsADeadLetterInFull(t *testing.T) {
	d := newServer(t, refuseFor("long", http.StatusRequestEntityTooLarge))
	f := newFixture(t, configFor(t, d.URL))
	long := "long " + strings.Repeat("x", 5000)
	require.NoError(t, f.push(t.Context(), records("short", long)))
	assert.Equal(t, []string{long}, deadLetters(t, f))
	assert.Equal(t, map[string]int{"short": 1}, d.taken)
}

func TestWhatCanChangeIsWaitedFor(t *testing.T) {
	for _, status := range []int{401, 402, 403, 404, 405, 407, 408, 429, 500, 501, 502, 503, 504, 507} {
		t.Run(fmt.Sprint(status), func(t *testing.T) {
			now := status
			d := newServer(t, func([]string, int) answer {
				return answer{status: now, body: []byte("Token\n" + token + " is not known")}
			})
			f := newFixture(t, configFor(t, d.URL))
			for range 2 {
				err := f.push(t.Context(), records("a", "b"))
				require.Error(t, err)
				assert.False(t, consumererror.IsPermanent(err))
				assert.Contains(t, err.Error(), fmt.Sprintf("the destination answered %d", status))
				assert.Contains(t, err.Error(), "Token [secret] is not known")
				assert.NotContains(t, err.Error(), token)
			}
			assert.Equal(t, []componentstatus.Status{componentstatus.StatusRecoverableError}, f.host.events)
			now = 0
			require.NoError(t, f.push(t.Context(), records("a", "b")))
			assert.Equal(t, []componentstatus.Status{componentstatus.StatusRecoverableError, componentstatus.StatusOK}, f.host.events)
			assert.Empty(t, deadLetters(t, f))
			for _, entry := range f.logged.All() {
				assert.NotContains(t, fmt.Sprint(entry.Message, entry.ContextMap()), token)
			}
		})
	}
}

func TestWhatIsLeftOfADividedBatchIsSentLater(t *testing.T) {
	failing := false
	d := newServer(t, func(bodies []string, _ int) answer {
		if len(bodies) < 10 {
			failing = true
		}
		if failing {
			return answer{status: http.StatusServiceUnavailable}
		}
		return refuseFor("bad", 400)(bodies, 0)
	})
	f := newFixture(t, configFor(t, d.URL))
	all := append(numbers("good", 99), "bad 0")
	err := f.push(t.Context(), records(all...))
	var left consumererror.Logs
	require.ErrorAs(t, err, &left)
	assert.ElementsMatch(t, all, append(bodiesOf(left.Data()), keys(d.taken)...), "each is either delivered or left")
	assert.NotEmpty(t, d.taken)
	assert.Empty(t, deadLetters(t, f))
}

func keys(m map[string]int) (all []string) {
	for key := range m {
		all = append(all, key)
	}
	return all
}

func TestRecordsWaitWhereTheDeadLetterFileCannotBeWritten(t *testing.T) {
	for name, change := range map[string]func(*Config){
		"no directory": func(c *Config) {
			require.NoError(t, os.WriteFile(c.DeadLetter.Directory, nil, 0o600))
		},
		"full": func(c *Config) {
			c.DeadLetter.MaxSizeMiB = 1
			require.NoError(t, os.MkdirAll(c.DeadLetter.Directory, 0o700))
			require.NoError(t, os.WriteFile(filepath.Join(c.DeadLetter.Directory, "lossless_otlp_http_vendor.jsonl"), make([]byte, 1<<20), 0o600))
		},
	} {
		t.Run(name, func(t *testing.T) {
			d := newServer(t, refuseFor("bad", 400))
			cfg := configFor(t, d.URL)
			f := newFixture(t, cfg)
			require.NoError(t, os.RemoveAll(cfg.DeadLetter.Directory))
			change(cfg)
			f.deadLetters = destination.NewDeadLetters(cfg.DeadLetter, component.NewIDWithName(metadata.Type, "vendor"))
			err := f.push(t.Context(), records("good", "bad"))
			var left consumererror.Logs
			require.ErrorAs(t, err, &left)
			assert.False(t, consumererror.IsPermanent(err))
			assert.Equal(t, []string{"bad"}, bodiesOf(left.Data()))
			assert.Equal(t, map[string]int{"good": 1}, d.taken)
		})
	}
}

func TestRecordsThatAreLeftOutOfATakenRequestAreCounted(t *testing.T) {
	partial := plogotlp.NewExportResponse()
	partial.PartialSuccess().SetRejectedLogRecords(3)
	partial.PartialSuccess().SetErrorMessage("too old")
	body, err := partial.MarshalProto()
	require.NoError(t, err)
	d := newServer(t, func([]string, int) answer {
		return answer{header: map[string]string{"Content-Type": destination.Protobuf}, body: body}
	})
	f := newFixture(t, configFor(t, d.URL))
	require.NoError(t, f.push(t.Context(), records("a", "b", "c", "d")))
	metrics, err := f.telemetry.GetMetric("otelcol_exporter_lossless_rejected_records")
	require.NoError(t, err)
	assert.Contains(t, fmt.Sprint(metrics.Data), " 3 ")
	assert.Equal(t, 1, f.logged.FilterMessageSnippet("left out").Len())
}

// TestTheQueueWaitsForADestinationThatRefuses runs the whole exporter: the queue hands
// records over until they are taken.
func TestTheQueueWaitsForADestinationThatRefuses(t *testing.T) {
	tries := 0
	d := newServer(t, func(bodies []string, _ int) answer {
		if tries++; tries < 4 {
			return answer{status: http.StatusForbidden}
		}
		return refuseFor("bad", 400)(bodies, 0)
	})
	cfg := configFor(t, d.URL)
	queue := exporterhelper.NewDefaultQueueConfig()
	queue.WaitForResult, queue.BlockOnOverflow = true, true
	cfg.QueueConfig = configoptional.Some(queue)
	cfg.RetryConfig.InitialInterval, cfg.RetryConfig.MaxInterval = time.Millisecond, time.Millisecond
	core, logged := observer.New(zapcore.InfoLevel)
	set := exportertest.NewNopSettings(metadata.Type)
	set.Logger = zap.New(core)
	e, err := NewFactory().CreateLogs(t.Context(), set, cfg)
	require.NoError(t, err)
	require.NoError(t, e.Start(t.Context(), componenttest.NewNopHost()))
	require.NoError(t, e.ConsumeLogs(t.Context(), records("good 0", "bad 0", "good 1", "good 2")))
	require.NoError(t, e.Shutdown(t.Context()))
	assert.Equal(t, map[string]int{"good 0": 1, "good 1": 1, "good 2": 1}, d.taken)
	assert.Equal(t, 1, logged.FilterMessageSnippet("refuses this sender").Len(), "said once a minute")
}

func TestConfigIsReadAndChecked(t *testing.T) {
	conf, err := confmaptest.LoadConf(filepath.Join("testdata", "config.yaml"))
	require.NoError(t, err)
	for id, want := range map[string]string{
		"lossless_otlp_http":             "",
		"lossless_otlp_http/no_endpoint": "endpoint or logs_endpoint must be set",
		"lossless_otlp_http/blanks":      "",
		"lossless_otlp_http/lines":       "headers::api-key holds a line break or another control character; it must be one line of text",
		"lossless_otlp_http/no_room":     "dead_letter: max_size_mib must be positive (got -1)",
		"lossless_otlp_http/past":        "accept: past must not be negative (got -1h0m0s); 0 is no bound",
	} {
		sub, err := conf.Sub(id)
		require.NoError(t, err)
		cfg := createDefaultConfig().(*Config)
		require.NoError(t, sub.Unmarshal(cfg))
		err = confmap.Validate(cfg)
		if want == "" {
			require.NoError(t, err)
			assert.Equal(t, destination.DeadLetterConfig{Directory: "/tmp/dead-letter", MaxSizeMiB: 7}, cfg.DeadLetter)
			assert.Equal(t, "https://otlp.example.com/v1/logs", cfg.url())
			continue
		}
		require.EqualError(t, err, want)
	}
}

func TestAddress(t *testing.T) {
	for address, want := range map[string]string{
		"https://otlp.example.com": "",
		"example.com":              `endpoint must be a URL such as https://otlp.example.com (got "example.com")`,
		"https:///v1/logs":         `endpoint must be a URL such as https://otlp.example.com (got "https:///…")`,
	} {
		cfg := createDefaultConfig().(*Config)
		cfg.ClientConfig.Endpoint = address
		if want == "" {
			require.NoError(t, cfg.Validate())
		} else {
			require.EqualError(t, cfg.Validate(), want)
		}
	}
	cfg := createDefaultConfig().(*Config)
	cfg.ClientConfig.Endpoint = "https://otlp.example.com"
	for _, path := range []string{"", "v1/logs", "/v1/logs?token=1"} {
		cfg.LogsPath = path
		require.ErrorContains(t, cfg.Validate(), "logs_path must be a path such as /v1/logs")
	}
}

func BenchmarkPush(b *testing.B) {
	d := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { _, _ = io.Copy(io.Discard, r.Body) }))
	defer d.Close()
	cfg := createDefaultConfig().(*Config)
	cfg.ClientConfig.Endpoint, cfg.ClientConfig.Compression = d.URL, "none"
	e, err := newExporter(cfg, exporter.Settings{ID: component.NewID(metadata.Type), TelemetrySettings: componenttest.NewNopTelemetrySettings()})
	require.NoError(b, err)
	require.NoError(b, e.start(b.Context(), componenttest.NewNopHost()))
	logs := records(numbers("record", 1000)...)
	b.ReportAllocs()
	for b.Loop() {
		require.NoError(b, e.push(b.Context(), logs))
	}
	require.NoError(b, e.shutdown(b.Context()))
}
