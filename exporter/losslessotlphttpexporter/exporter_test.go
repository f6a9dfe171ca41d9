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
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componentstatus"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/config/configcompression"
	"go.opentelemetry.io/collector/config/configopaque"
	"go.opentelemetry.io/collector/config/configoptional"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/confmap/confmaptest"
	"go.opentelemetry.io/collector/consumer/consumererror"
	"go.opentelemetry.io/collector/exporter"
	"go.opentelemetry.io/collector/exporter/exporterhelper"
	"go.opentelemetry.io/collector/exporter/exportertest"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/plog/plogotlp"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"go.uber.org/zap/zaptest/observer"
	spb "google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/protobuf/proto"

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

func (h *host) last() componentstatus.Status {
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.events) == 0 {
		return componentstatus.StatusNone
	}
	return h.events[len(h.events)-1]
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
	cfg.RetryConfig.InitialInterval, cfg.RetryConfig.MaxInterval = time.Millisecond, time.Millisecond
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

// What a proxy, a header that is missing, an expired token or a blocked index has a
// destination answer is no fault of the records, whatever the status says.
func TestRefusedSenderWaits(t *testing.T) {
	for name, refusal := range map[string]answer{
		"a proxy":         {status: 400, body: []byte("<html>400 The plain HTTP request was sent to HTTPS port</html>")},
		"a header":        {status: 400, body: []byte("X-Scope-OrgID is required")},
		"a token":         {status: 400, body: []byte(`{"message":"The token ` + token + ` has expired"}`)},
		"not acceptable":  {status: 406},
		"a blocked index": {status: 422, body: []byte("index write blocked")},
		"all rejected":    {status: 200, header: map[string]string{"Content-Type": "application/json"}, body: []byte(`{"partialSuccess":{"rejectedLogRecords":"1000000","errorMessage":"no such dataset"}}`)},
	} {
		t.Run(name, func(t *testing.T) {
			var healthy atomic.Bool
			d := newServer(t, func([]string, int) answer {
				if healthy.Load() {
					return answer{}
				}
				return refusal
			})
			f := newFixture(t, configFor(t, d.URL))
			var source sync.WaitGroup
			for i := range 4 {
				source.Go(func() { assert.NoError(t, f.push(t.Context(), records(numbers(fmt.Sprint("batch", i), 100)...))) })
			}
			assert.Eventually(t, func() bool { return f.host.last() == componentstatus.StatusRecoverableError }, 10*time.Second, time.Millisecond)
			healthy.Store(true)
			source.Wait()
			assert.Equal(t, componentstatus.StatusOK, f.host.last())
			assert.Len(t, d.taken, 400)
			for body, times := range d.taken {
				assert.Equal(t, 1, times, body)
			}
			assert.Empty(t, deadLetters(t, f))
			said := f.logged.FilterMessageSnippet("refuses this sender").All()
			require.NotEmpty(t, said)
			text := fmt.Sprint(said[0].ContextMap())
			assert.Contains(t, text, fmt.Sprint(refusal.status))
			assert.NotContains(t, text, token)
			for _, word := range []string{"plain HTTP request", "is required", "has expired", "index write blocked", "no such dataset"} {
				if bytes.Contains(refusal.body, []byte(word)) {
					assert.Contains(t, text, word)
				}
			}
		})
	}
}

// TestUnknownCompressionIsReplaced has destinations that know none of it, or only gzip.
func TestUnknownCompressionIsReplaced(t *testing.T) {
	for name, test := range map[string]struct {
		configured configcompression.Type
		known      []string
		want       []string
		refusal    answer
	}{
		"zstd where gzip is known":  {"zstd", []string{"gzip", ""}, []string{"zstd", "gzip", "gzip"}, answer{status: 415}},
		"zstd where none is known":  {"zstd", []string{""}, []string{"zstd", "gzip", "", ""}, answer{status: 415}},
		"gzip where none is known":  {"gzip", []string{""}, []string{"gzip", "", ""}, answer{status: 415}},
		"zstd where that is known":  {"zstd", []string{"zstd"}, []string{"zstd", "zstd"}, answer{status: 415}},
		"none":                      {"none", []string{""}, []string{"", ""}, answer{status: 415}},
		"where nothing is accepted": {"gzip", nil, []string{"gzip", "", "gzip", ""}, answer{status: 415}},
		"as Loki says it":           {"snappy", []string{"gzip"}, []string{"snappy", "gzip", "gzip"}, answer{status: 400, body: []byte("unsupported content encoding snappy: only gzip, lz4 and zstd are supported")}},
		"as VictoriaLogs says it":   {"lz4", []string{"gzip"}, []string{"lz4", "gzip", "gzip"}, answer{status: 400, body: []byte("cannot read OpenTelemetry protocol data: unsupported contentType: lz4")}},
	} {
		t.Run(name, func(t *testing.T) {
			var asked []string
			d := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				_, _ = io.Copy(io.Discard, r.Body)
				asked = append(asked, r.Header.Get("Content-Encoding"))
				if !slices.Contains(test.known, r.Header.Get("Content-Encoding")) {
					w.WriteHeader(test.refusal.status)
					_, _ = w.Write(test.refusal.body)
				}
			}))
			defer d.Close()
			cfg := configFor(t, d.URL)
			cfg.ClientConfig.Compression = test.configured
			f := newFixture(t, cfg)
			for range 2 {
				err := f.push(t.Context(), records("a", "b"))
				if test.known == nil {
					assert.Equal(t, destination.SenderRefused, destination.OfError(err))
				} else {
					require.NoError(t, err)
				}
			}
			assert.Equal(t, test.want, asked)
			assert.Empty(t, deadLetters(t, f))
		})
	}
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
	protobuf := func(rejected int64, message string) string {
		partial := plogotlp.NewExportResponse()
		partial.PartialSuccess().SetRejectedLogRecords(rejected)
		partial.PartialSuccess().SetErrorMessage(message)
		body, err := partial.MarshalProto()
		require.NoError(t, err)
		return string(body)
	}
	for name, test := range map[string]struct {
		media, body string
		rejected    int
		warned      bool
	}{
		"protobuf":                  {destination.Protobuf, protobuf(3, "no"), 3, false},
		"with a parameter":          {"Application/X-Protobuf; charset=utf-8", protobuf(3, "no"), 3, false},
		"another name":              {"application/protobuf", protobuf(3, "no"), 3, false},
		"without a type":            {"", protobuf(3, "no"), 3, false},
		"as bytes":                  {"application/octet-stream", protobuf(3, "no"), 3, false},
		"JSON":                      {"application/json", `{"partialSuccess":{"rejectedLogRecords":"3","errorMessage":"no"}}`, 3, false},
		"JSON with a number":        {"APPLICATION/JSON;charset=UTF-8", `{"partialSuccess":{"rejectedLogRecords":3}}`, 3, false},
		"JSON in snake case":        {"application/json", `{"partial_success":{"rejected_log_records":"3"}}`, 3, false},
		"JSON without a type":       {"", ` {"partialSuccess":{"rejectedLogRecords":"3"}}`, 3, false},
		"a warning":                 {destination.Protobuf, protobuf(0, "use the new endpoint"), 0, true},
		"a warning in JSON":         {"application/json", `{"partialSuccess":{"errorMessage":"use the new endpoint"}}`, 0, true},
		"nothing":                   {destination.Protobuf, "", 0, false},
		"nothing of it":             {destination.Protobuf, "\x0a\x00", 0, false},
		"an empty object":           {"application/json", "{}", 0, false},
		"another object":            {"application/json", `{"id":"0f8fad5b","partialSuccess":null}`, 0, false},
		"a list":                    {"application/json", `["partialSuccess"]`, 0, false},
		"a text":                    {"text/plain", "3 records are fine", 0, false},
		"a text that is no message": {"", "\nok", 0, false},
	} {
		t.Run(name, func(t *testing.T) {
			d := newServer(t, func([]string, int) answer {
				return answer{header: map[string]string{"Content-Type": test.media}, body: []byte(test.body)}
			})
			f := newFixture(t, configFor(t, d.URL))
			for range 2 {
				require.NoError(t, f.push(t.Context(), records("a", "b", "c", "d")))
			}
			metrics, err := f.telemetry.GetMetric("otelcol_exporter_lossless_rejected_records")
			require.NoError(t, err)
			assert.Contains(t, fmt.Sprint(metrics.Data), fmt.Sprintf(" %d ", 2*test.rejected))
			assert.Equal(t, test.rejected > 0, f.logged.FilterMessageSnippet("left out").Len() == 1, "said once a minute")
			assert.Equal(t, test.warned, f.logged.FilterMessageSnippet("warns").Len() == 1, "said once a minute")
		})
	}
}

// Loki keeps the good records of a request that it answers with 400.
func TestWhatAnAnswerTellsIsBuriedAndTheRestIsNotSentAgain(t *testing.T) {
	old := time.Now().Add(-30 * 24 * time.Hour)
	for name, body := range map[string]string{
		"one":            `entry for stream '{service_name="mina"}' has timestamp too old: ` + old.UTC().Format(time.RFC3339) + `, oldest acceptable timestamp is: ` + time.Now().Add(-7*24*time.Hour).Format(time.RFC3339),
		"several":        `2 errors like: entry for stream '{service_name="mina"}' has timestamp too old: ` + old.UTC().Format(time.RFC3339) + `, oldest acceptable timestamp is: ` + time.Now().Add(-7*24*time.Hour).Format(time.RFC3339),
		"too far behind": `entry with timestamp 2026-11-26 04:00:00 +0000 UTC ignored, reason: 'entry too far behind, entry timestamp is: 2026-11-26T04:00:00Z, oldest acceptable timestamp is: ` + time.Now().Add(-time.Hour).UTC().Format(time.RFC3339) + "',\nuser 'fake', total ignored: 2 out of 5 for stream: {service_name=\"mina\"}",
	} {
		t.Run(name, func(t *testing.T) {
			d := newServer(t, func([]string, int) answer {
				status, err := proto.Marshal(&spb.Status{Message: body})
				require.NoError(t, err)
				return answer{status: 400, header: map[string]string{"Content-Type": "application/octet-stream"}, body: status}
			})
			f := newFixture(t, configFor(t, d.URL))
			logs := records("old 0", "old 1", "new 0", "new 1", "new 2")
			for _, record := range recordsOf(logs) {
				record.SetTimestamp(pcommon.NewTimestampFromTime(time.Now()))
				if strings.HasPrefix(record.Body().Str(), "old") {
					record.SetTimestamp(pcommon.NewTimestampFromTime(old))
				}
			}
			require.NoError(t, f.push(t.Context(), logs))
			assert.Equal(t, 1, d.requests)
			assert.ElementsMatch(t, []string{"old 0", "old 1"}, deadLetters(t, f))
			assert.Empty(t, f.host.events, "the destination does well")
		})
	}
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
		"lossless_otlp_http/too_tight":   "limits: value_bytes must be at least 256 (got 7); 0 is no limit",
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
		"https://otlp.example.com":  "",
		"example.com":               `endpoint must be a URL such as https://otlp.example.com (got "example.com")`,
		"https://https://a.com":     `endpoint must be a URL such as https://otlp.example.com: what stands in it for a host or a region is without https:// (got "https://…/…")`,
		"https://otlp.https://a.eu": `endpoint must be a URL such as https://otlp.example.com: what stands in it for a host or a region is without https:// (got "https://…/…")`,
		"https:///v1/logs":          `endpoint must be a URL such as https://otlp.example.com (got "https:///…")`,
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
