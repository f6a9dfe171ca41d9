package e2e

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mina-observability/otelcol-mina/test/program"
)

// logMetrics adds metrics.yaml to the settings, and returns what reads the metrics.
func logMetrics(s *program.Settings) func() series { return logMetricsAt(s, program.FreeAddress()) }

func logMetricsAt(s *program.Settings, address string) func() series {
	s.Configs = append(s.Configs, "metrics.yaml")
	s.Overrides = append(s.Overrides, "exporters::prometheus::endpoint: "+address)
	return func() series { return scrape(address) }
}

// line is a record of the application with some more fields.
func line(level, logger, fields string) string {
	return fmt.Sprintf(`{"timestamp": "2025-10-01T16:12:05Z", "level": %q, "logger": %q, "message": "m"%s}`+"\n", level, logger, fields)
}

func TestMetricsAreMadeOfTheRecords(t *testing.T) {
	t.Parallel()
	const none = "no such series"
	sample, err := os.ReadFile(filepath.Join(program.Root(), "examples", "sample.log"))
	require.NoError(t, err)
	counted := []struct {
		name, lines string
		want        map[string]any // a number, or none
	}{
		{"by severity", line("INFO", "a", "") + line("INFO", "b", "") + line("CRITICAL", "a", "") + line("WARNING", "a", "") + line("NOTSET?", "a", ""), map[string]any{
			`mina_log_records_total{severity="INFO"}`:        2,
			`mina_log_records_total{severity="WARN"}`:        1,
			`mina_log_records_total{severity="FATAL"}`:       1,
			`mina_log_records_total{severity="UNSPECIFIED"}`: 1,
			`mina_log_records_total{severity="ERROR"}`:       none,
		}},
		{"the example application", string(sample), map[string]any{
			`mina_log_records_total{severity="INFO"}`:                                                                        29,
			`mina_log_records_total{severity="ERROR"}`:                                                                       2,
			`mina_log_exceptions_total{exception_type="RuntimeError"}`:                                                       1,
			`mina_processing_duration_seconds_count{http_request_method="POST",http_response_status_class="2xx"}`:            4,
			`mina_processing_duration_seconds_bucket{http_request_method="GET",http_response_status_class="4xx",le="0.005"}`: 1,
			`mina_processing_duration_seconds_sum{http_request_method="GET",http_response_status_class="5xx"}`:               0.000812,
			`mina_log_logger_records_total{logger="services.transcription",severity="ERROR"}`:                                1,
		}},
		{"by logger", line("INFO", "app", "") + line("ERROR", "app", "") + line("ERROR", "app", "") + line("INFO", "services.transcription", ""), map[string]any{
			`mina_log_logger_records_total{logger="app",severity="ERROR"}`:                   2,
			`mina_log_logger_records_total{logger="app",severity="INFO"}`:                    1,
			`mina_log_logger_records_total{logger="services.transcription",severity="INFO"}`: 1,
		}},
		{"by type of exception", line("ERROR", "a", `, "exception": {"type": "ValueError", "message": "x"}`) + line("ERROR", "a", `, "exception": {"type": {"deep": 1}}`), map[string]any{
			`mina_log_exceptions_total{exception_type="ValueError"}`:   1,
			`mina_log_exceptions_total{exception_type="{\"deep\":1}"}`: none,
		}},
		{"processing_time_ms in seconds, by method and class of status", line("INFO", "a", `, "http": {"method": "GET"}, "status_code": 200, "processing_time_ms": 0.5`) +
			line("INFO", "a", `, "http": {"method": "GET"}, "status_code": 204, "processing_time_ms": 50`) +
			line("INFO", "a", `, "http": {"method": "POST"}, "status_code": 503, "processing_time_ms": 5001`) +
			line("INFO", "job", `, "processing_time_ms": 60000`), map[string]any{
			`mina_processing_duration_seconds_bucket{http_request_method="GET",http_response_status_class="2xx",le="0.005"}`: 1,
			`mina_processing_duration_seconds_bucket{http_request_method="GET",http_response_status_class="2xx",le="0.025"}`: 1,
			`mina_processing_duration_seconds_bucket{http_request_method="GET",http_response_status_class="2xx",le="0.05"}`:  2,
			`mina_processing_duration_seconds_sum{http_request_method="GET",http_response_status_class="2xx"}`:               0.0505,
			`mina_processing_duration_seconds_bucket{http_request_method="POST",http_response_status_class="5xx",le="5"}`:    0,
			`mina_processing_duration_seconds_bucket{http_request_method="POST",http_response_status_class="5xx",le="7.5"}`:  1,
			`mina_processing_duration_seconds_bucket{le="10"}`:                                                               0,
			`mina_processing_duration_seconds_bucket{le="+Inf"}`:                                                             1,
		}},
		{"latency_ms", line("INFO", "a", `, "latency_ms": 100`), map[string]any{
			`mina_latency_duration_seconds_bucket{le="0.075"}`: 0,
			`mina_latency_duration_seconds_bucket{le="0.1"}`:   1,
		}},
		{"access lines that tell a duration", `203.0.113.9 - - [01/Oct/2025:16:12:05 +0000] "GET /a HTTP/1.1" 404 3 "-" "curl" 0.2` + "\n" +
			`203.0.113.9 - - [01/Oct/2025:16:12:05 +0000] "GET /a HTTP/1.1" 200 3 "-" "curl"` + "\n" +
			line("INFO", "transcription", `, "duration_seconds": 3.5`), map[string]any{
			`http_server_request_duration_seconds_bucket{http_request_method="GET",http_response_status_class="4xx",le="0.1"}`:  0,
			`http_server_request_duration_seconds_bucket{http_request_method="GET",http_response_status_class="4xx",le="0.25"}`: 1,
			`http_server_request_duration_seconds_count{http_request_method="GET",http_response_status_class="2xx"}`:            none,
			`http_server_request_duration_seconds_count`: none,
		}},
		{"what is no duration is none", line("INFO", "a", `, "processing_time_ms": NaN`) + line("INFO", "a", `, "processing_time_ms": Infinity`) + line("INFO", "a", `, "processing_time_ms": -1`) +
			line("INFO", "a", `, "processing_time_ms": "12"`) + line("INFO", "a", `, "processing_time_ms": {"a": 1}`) + line("INFO", "a", `, "processing_time_ms": 1e300`), map[string]any{
			`mina_log_records_total{severity="INFO"}`: 6,
			`mina_processing_duration_seconds_count`:  none,
		}},
		{"a method and a status that nobody knows", line("INFO", "a", `, "latency_ms": 1, "http": {"method": "BREW"}, "status_code": 418`) +
			line("INFO", "a", `, "latency_ms": 1, "http.request.method": "brew", "http.request.method_original": "x", "http.response.status_code": 777`) +
			line("INFO", "a", `, "latency_ms": 1, "http.response.status_class": "666", "severity": "mine"`), map[string]any{
			`mina_latency_duration_seconds_count{http_request_method="_OTHER",http_response_status_class="4xx"}`: 1,
			`mina_latency_duration_seconds_count{http_request_method="_OTHER"}`:                                  1,
			`mina_latency_duration_seconds_count`:                                                                1,
			`mina_log_records_total{severity="INFO"}`:                                                            3,
		}},
	}
	for _, tt := range counted {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			e, path := newEndpoint(t), filepath.Join(t.TempDir(), "app.log")
			s := program.OTLP(t.TempDir(), path, e.URL, "acknowledged")
			metrics := logMetrics(&s)
			appendTo(t, path, tt.lines)
			startCollector(t, s)
			lines := float64(strings.Count(tt.lines, "\n"))
			var found series
			eventually(t, func() bool { // names are counted after what has none
				found = metrics()
				for name, want := range tt.want {
					if _, ok := found[name]; !ok && want != none {
						return false
					}
				}
				n, _ := found.of("mina_log_records_total")
				return n == lines
			}, "all are counted")
			for name, want := range tt.want {
				got, ok := found[name]
				if want == none {
					assert.False(t, ok, "%s is %v", name, got)
				} else if assert.True(t, ok, "%s is missing", name) {
					assert.InDelta(t, want, got, 1e-9, name)
				}
			}
			assert.Contains(t, e.records()[0].attributes, "log.file.name", "the destination gets whole records")
		})
	}
}

// However many names the application chooses, series and memory stay bounded; what is
// not counted by its name is told, and counted by its severity.
func TestMetricsStayBoundedWhateverTheNames(t *testing.T) {
	t.Parallel()
	const names = 100_000
	e, path := newEndpoint(t), filepath.Join(t.TempDir(), "app.log")
	s := program.OTLP(t.TempDir(), path, e.URL, "acknowledged")
	metrics, own := logMetrics(&s), scraped(t, &s)
	c := startCollector(t, s)
	appendTo(t, path, line("INFO", "app", ""))
	const known = `mina_log_logger_records_total{logger="app",severity="INFO"}` // names are counted after what has none
	eventually(t, func() bool { return metrics()[known] == 1 }, "a record is counted")
	before := c.Anonymous()
	var text strings.Builder
	long := strings.Repeat("ä", 60)
	for i := range names {
		text.WriteString(line("ERROR", fmt.Sprintf("logger-%d-%s", i, long), fmt.Sprintf(`, "exception": {"type": "Error%d", "message": "x"}, "http": {"method": "M%d"}, "status_code": %d, "processing_time_ms": %d`, i, i, i%1000, i)))
	}
	text.WriteString(line("WARNING", "app", ""))
	appendTo(t, path, text.String())
	eventually(t, func() bool { n, _ := metrics().of("mina_log_records_total"); return n == names+2 }, "each of them is counted")
	found := metrics()
	assert.Equal(t, 1.0, found[known], "what was there before is counted on")
	var byName, others int
	for name := range found {
		assert.LessOrEqual(t, len(name), 300, "no name is long")
		if strings.HasPrefix(name, "mina_log_logger_records_total") || strings.HasPrefix(name, "mina_log_exceptions_total") {
			byName++
		} else {
			others++
		}
	}
	assert.Equal(t, 1000, byName, "as many as MINA_METRICS_NAMES allows")
	assert.LessOrEqual(t, others, 3+6*17+2, "severities, classes of status by bucket, and what the alerts have without rules")
	limited, _ := own().of("otelcol_deltatocumulative_datapoints", `error="limit"`)
	assert.Positive(t, limited, "and says so")
	grown := c.Anonymous() - before
	t.Logf("%d MiB more", grown>>20)
	assert.Less(t, grown, int64(150<<20))
}

// A destination that is down makes the source wait, as it does without the metrics: they
// have the records, and are none that delivers them. Each record is counted once.
func TestMetricsAreNoDestination(t *testing.T) {
	for _, delivery := range deliveries {
		t.Run(delivery, func(t *testing.T) {
			t.Parallel()
			e, state, path := newEndpoint(t), t.TempDir(), filepath.Join(t.TempDir(), "app.log")
			var down atomic.Bool
			down.Store(true)
			e.setRefuse(func() int {
				if down.Load() {
					return http.StatusServiceUnavailable
				}
				return 0
			})
			const records = 50_000
			appendTo(t, path, numbered(0, records))
			s := withStock(t, state, path, e.URL, delivery)
			metrics, own := logMetrics(&s), scraped(t, &s)
			c := startCollector(t, s)
			eventually(t, func() bool { return c.Health("logs/stock") != http.StatusOK }, "the destination is unhealthy")
			queued, _ := own().of("otelcol_fanout_queue_bytes", `pipeline="logs/stock"`)
			assert.Equal(t, delivery == "queued", queued > 0, "nothing spills")
			down.Store(false)
			eventually(t, func() bool { return len(e.bodies()) == records }, "all are delivered")
			eventually(t, func() bool { return metrics()[`mina_log_records_total{severity="INFO"}`] >= records }, "and counted")
			assert.Equal(t, float64(records), metrics()[`mina_log_records_total{severity="INFO"}`], "each once")
			_, found := own().of("otelcol_fanout_queue_bytes", `pipeline="logs/metrics"`)
			assert.False(t, found, "the metrics have no queue")
			unobserved, found := own().of("otelcol_fanout_unobserved_records", `pipeline="logs/metrics"`)
			assert.True(t, found)
			assert.Zero(t, unobserved)
		})
	}
}

// The rules' metrics are there whichever file comes first, and what an alert makes of a
// record is not counted as one.
func TestMetricsOfTheAlerts(t *testing.T) {
	t.Parallel()
	for name, order := range map[string][]string{
		"alerts first":  {"base.yaml", "otlp.yaml", "alerts.yaml", "metrics.yaml"},
		"metrics first": {"base.yaml", "metrics.yaml", "alerts.yaml", "otlp.yaml"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e, path := newEndpoint(t), filepath.Join(t.TempDir(), "app.log")
			s := program.OTLP(t.TempDir(), path, e.URL, "acknowledged")
			s.Env = append(s.Env, "ALERTMANAGER_URL=http://"+program.FreeAddress())
			metrics := logMetrics(&s)
			s.Configs = order
			appendTo(t, path, strings.ReplaceAll(line("CRITICAL", "db", ""), "2025-10-01T16:12:05Z", time.Now().UTC().Format(time.RFC3339)))
			startCollector(t, s)
			eventually(t, func() bool { return metrics()[`mina_alert_active{alert_name="CriticalRecord"}`] == 1 }, "it fires")
			eventually(t, func() bool { return len(e.records()) == 2 }, "and goes to the destination")
			counted, _ := metrics().of("mina_log_records_total")
			assert.Equal(t, 1.0, counted)
			assert.Equal(t, 1.0, metrics()[`mina_log_records_total{severity="FATAL"}`])
		})
	}
}
