package status

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mina-observability/otelcol-mina/cmd/mina/internal/cli"
	"github.com/mina-observability/otelcol-mina/cmd/mina/internal/collector"
	"github.com/mina-observability/otelcol-mina/cmd/mina/internal/letters"
	"github.com/mina-observability/otelcol-mina/internal/collectorstatus"
)

var now = time.Date(2025, 10, 1, 16, 12, 5, 0, time.UTC)

// told is a collector with two destinations, as mina_status tells it.
func told() collectorstatus.Status {
	return collectorstatus.Status{
		Version: "0.2.0", PID: 4711, Started: now.Add(-2 * time.Hour), Health: "127.0.0.1:13133", Metrics: "127.0.0.1:8888",
		Files: []string{"/var/log/mina/app.log*"}, StateDirectories: []string{"/var/lib/otelcol-mina"},
		Pipelines: map[string]collectorstatus.Pipeline{
			"logs":         {Receivers: []string{"mina"}, Processors: []string{"mina"}, Exporters: []string{"alert", "fanout"}},
			"logs/alerts":  {Receivers: []string{"alert"}, Exporters: []string{"fanout"}},
			"logs/datadog": {Receivers: []string{"fanout"}, Exporters: []string{"lossless_otlp_http/datadog"}},
			"logs/loki":    {Receivers: []string{"fanout"}, Exporters: []string{"lossless_otlp_http/loki"}},
			"metrics":      {Receivers: []string{"alert"}, Exporters: []string{"prometheus"}},
		},
	}
}

func samples(values map[string]float64) (all collector.Samples) {
	for text, value := range values {
		fields := strings.Fields(text)
		sample := collector.Sample{Name: fields[0], Labels: map[string]string{}, Value: value}
		for _, label := range fields[1:] {
			name, of, _ := strings.Cut(label, "=")
			sample.Labels[name] = of
		}
		all = append(all, sample)
	}
	return all
}

// healthy are the metrics of a collector that does well.
func healthy() map[string]float64 {
	return map[string]float64{
		"otelcol_process_memory_rss": 48 << 20, "otelcol_process_cpu_seconds": 72,
		"otelcol_receiver_mina_files state=open":                                               2,
		"otelcol_receiver_mina_lines format=json":                                              1200000,
		"otelcol_receiver_mina_lines format=access":                                            34567,
		"otelcol_receiver_mina_lines format=blank":                                             0,
		"otelcol_receiver_mina_read_bytes transport=file":                                      900 << 20,
		"otelcol_receiver_mina_in_flight_limit_bytes receiver=mina":                            12 << 20,
		"otelcol_exporter_sent_log_records exporter=lossless_otlp_http/datadog":                1234567,
		"otelcol_exporter_sent_log_records exporter=lossless_otlp_http/loki":                   1234567,
		"otelcol_exporter_waiting_seconds exporter=lossless_otlp_http/loki reason=unreachable": 0,
		"otelcol_pipeline_healthy pipeline=logs/datadog":                                       1,
		"otelcol_pipeline_healthy pipeline=logs/loki":                                          1,
		"otelcol_pipeline_last_delivery_timestamp_seconds pipeline=logs/datadog":               float64(now.Unix() - 2),
		"otelcol_pipeline_last_delivery_timestamp_seconds pipeline=logs/loki":                  0,
		"otelcol_storage_free_bytes":                                                           68 << 30,
		"otelcol_log_store_running":                                                            1, // elsewhere
	}
}

// suffering are those of one whose every part has something to complain of.
func suffering() map[string]float64 {
	values := healthy()
	for text, value := range map[string]float64{
		"otelcol_receiver_mina_files state=unreadable":                                            1,
		"otelcol_receiver_mina_files state=waiting":                                               3,
		"otelcol_receiver_mina_files state=held":                                                  1,
		"otelcol_receiver_mina_parse_failures reason=invalid_json":                                7,
		"otelcol_receiver_mina_lost_bytes":                                                        2048,
		"otelcol_receiver_mina_backlog_bytes receiver=mina":                                       5 << 20,
		"otelcol_receiver_mina_oldest_unacknowledged_seconds receiver=mina":                       3700,
		"otelcol_receiver_mina_in_flight_bytes receiver=mina":                                     1 << 20,
		"otelcol_pipeline_healthy pipeline=logs/loki":                                             0,
		"otelcol_fanout_waiting_seconds pipeline=logs/loki":                                       3600,
		"otelcol_fanout_queue_bytes pipeline=logs/loki":                                           300 << 20,
		"otelcol_fanout_queue_capacity_bytes pipeline=logs/loki":                                  1 << 30,
		"otelcol_fanout_dropped_records pipeline=logs/loki":                                       5,
		"otelcol_exporter_waiting_seconds exporter=lossless_otlp_http/loki reason=unreachable":    0,
		"otelcol_exporter_waiting_seconds exporter=lossless_otlp_http/loki reason=sender_refused": 3590,
		"otelcol_exporter_dead_letter_records exporter=lossless_otlp_http/datadog":                2,
		"otelcol_log_store_running":                                                               0,
		"otelcol_log_store_bytes":                                                                 400 << 20,
		"otelcol_log_store_free_bytes":                                                            68 << 30,
	} {
		values[text] = value
	}
	return values
}

func TestWhatPeopleRead(t *testing.T) {
	unwell := told()
	unwell.Components = []collectorstatus.Component{
		{Kind: "connector", ID: "fanout", Pipelines: []string{"logs/loki"}, Status: "recoverable error", Error: "there is no answer"},
		{Kind: "exporter", ID: "lossless_otlp_http/loki", Pipelines: []string{"logs/loki"}, Status: "recoverable error", Error: "HTTP 401: no org id", Since: now},
	}
	blind := told()
	blind.Health, blind.Metrics = "", ""
	for name, s := range map[string]sources{
		"healthy": {status: told(), health: collector.Component{Healthy: true}, metrics: samples(healthy())},
		"unhealthy": {
			status: unwell, health: collector.Component{Error: "HTTP 401: no org id"}, metrics: samples(suffering()),
			letters: []letters.File{{Path: "/var/lib/otelcol-mina/dead-letter/lossless_otlp_http_datadog.jsonl", Bytes: 2048}},
		},
		"nothing known": {status: blind, lettersErr: errors.New("open /var/lib/otelcol-mina/dead-letter: permission denied")},
		"no answers":    {status: told(), healthErr: errors.New("127.0.0.1:13133 does not answer in time"), metricsErr: errors.New("nothing listens on 127.0.0.1:8888")},
	} {
		t.Run(name, func(t *testing.T) {
			s.now = now
			var out strings.Builder
			show(&cli.Terminal{Out: &out}, overview(s))
			path := "testdata/" + strings.ReplaceAll(name, " ", "_") + ".txt"
			if os.Getenv("MINA_UPDATE_GOLDEN") != "" {
				require.NoError(t, os.WriteFile(path, []byte(out.String()), 0o600))
			}
			want, err := os.ReadFile(path)
			require.NoError(t, err)
			assert.Equal(t, string(want), out.String())
		})
	}
}

func TestTheExitCodeSaysWhetherTheCollectorIsHealthy(t *testing.T) {
	code, health := http.StatusOK, `{"healthy":true,"status":"StatusOK"}`
	mux := http.NewServeMux()
	server := httptest.NewServer(mux)
	defer server.Close()
	address := strings.TrimPrefix(server.URL, "http://")
	mux.HandleFunc("/status", func(w http.ResponseWriter, _ *http.Request) {
		s := told()
		s.Health, s.Metrics = address, address
		_ = json.NewEncoder(w).Encode(s)
	})
	mux.HandleFunc("/metrics", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte("otelcol_process_memory_rss 1\n"))
	})
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(code)
		_, _ = w.Write([]byte(health))
	})
	run := func(arguments ...string) (int, string) {
		var out strings.Builder
		program := cli.Program{Name: "mina", Commands: []cli.Command{Command()}}
		return program.Run(t.Context(), &cli.Terminal{Out: &out, Err: &out}, append([]string{"status", "--endpoint", server.URL}, arguments...)), out.String()
	}
	exit, out := run("--json")
	assert.Equal(t, cli.Good, exit)
	var o Overview
	require.NoError(t, json.Unmarshal([]byte(out), &o))
	assert.True(t, o.Healthy)
	assert.Empty(t, o.Missing)
	assert.InDelta(t, 1, o.MemoryBytes, 0)

	code, health = http.StatusInternalServerError, `{"healthy":false,"status":"StatusPermanentError","error":"broken"}`
	exit, out = run()
	assert.Equal(t, cli.Bad, exit)
	assert.Contains(t, out, "broken\n")
	server.Close()
	exit, out = run()
	assert.Equal(t, cli.Bad, exit)
	assert.Equal(t, "mina status: nothing listens on "+address+": the collector does not run, or has another address\n", out)
}
