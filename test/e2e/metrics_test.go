package e2e

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"github.com/mina-observability/otelcol-mina/test/program"
)

// series are metrics, by name and attributes.
type series map[string]float64

// scraped lets the settings show the metrics, and returns what reads them.
func scraped(t testing.TB, s *program.Settings) func() series {
	t.Helper()
	address := program.FreeAddress()
	_, port, err := net.SplitHostPort(address)
	require.NoError(t, err)
	s.Overrides = append(s.Overrides, "service::telemetry::metrics::level: normal", fmt.Sprintf(
		"service::telemetry::metrics::readers: [{pull: {exporter: {prometheus: {host: localhost, port: %s, without_type_suffix: true, without_units: true, without_scope_info: true}}}}]", port))
	return func() series { return scrape(address) }
}

// scrape returns the metrics that an address shows, or none if nothing answers.
func scrape(address string) series {
	found := series{}
	response, err := http.Get("http://" + address + "/metrics")
	if err != nil {
		return found
	}
	defer response.Body.Close()
	for scanner := bufio.NewScanner(response.Body); scanner.Scan(); {
		line := scanner.Text()
		at := strings.LastIndexByte(line, ' ')
		if number, err := strconv.ParseFloat(line[at+1:], 64); err == nil && line[0] != '#' {
			found[line[:at]] = number
		}
	}
	return found
}

// of returns the sum of the series of a name that have these attributes, and whether
// there are any.
func (s series) of(name string, attributes ...string) (sum float64, found bool) {
next:
	for series, value := range s {
		if series != name && !strings.HasPrefix(series, name+"{") {
			continue
		}
		for _, attribute := range attributes {
			if !strings.Contains(series, attribute) {
				continue next
			}
		}
		sum, found = sum+value, true
	}
	return sum, found
}

// TestEveryMetricOfOursIsThereFromTheStart: Prometheus' increase() does not see the first
// dead letter of a series that was not there before. Histograms begin with what they measure.
func TestEveryMetricOfOursIsThereFromTheStart(t *testing.T) {
	t.Parallel()
	down := "http://" + program.FreeAddress()
	s := explore(t, t.TempDir(), filepath.Join(t.TempDir(), "app.log"), down, "acknowledged")
	s.Configs = append(s.Configs, "metrics.yaml", "alerts.yaml", "papertrail.yaml", "sentry.yaml")
	s.Env = append(s.Env, "ALERTMANAGER_URL="+down, "PAPERTRAIL_ENDPOINT=localhost:6514", "PAPERTRAIL_TOKEN=token", "SENTRY_DSN=http://0123456789abcdef@localhost:9000/1")
	s.Overrides = append(s.Overrides, "exporters::prometheus::endpoint: "+program.FreeAddress())
	readKafkaToo(t, &s)
	metrics := scraped(t, &s)
	startCollector(t, s)
	files, err := filepath.Glob(filepath.Join(program.Root(), "*", "*", "metadata.yaml"))
	require.NoError(t, err)
	checked, there := 0, metrics()
	for _, file := range files {
		var declared struct {
			Telemetry struct {
				Metrics map[string]struct{ Histogram any }
			}
		}
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		require.NoError(t, yaml.Unmarshal(text, &declared), file)
		for name, metric := range declared.Telemetry.Metrics {
			if metric.Histogram == nil {
				_, found := there.of("otelcol_" + name)
				assert.True(t, found, "%s of %s is not there", name, file)
				checked++
			}
		}
	}
	assert.Greater(t, checked, 45)
}

func TestMetricsTellWhatWaitsAndWhatIsLost(t *testing.T) {
	t.Parallel()
	e, state, dir := newEndpoint(t), t.TempDir(), t.TempDir()
	var down atomic.Bool
	down.Store(true)
	e.setRefuse(func() int {
		if down.Load() {
			return http.StatusServiceUnavailable
		}
		return 0
	})
	path := filepath.Join(dir, "app.log")
	s := program.OTLP(state, filepath.Join(dir, "app.log*"), e.URL, "acknowledged")
	metrics := scraped(t, &s)
	c := startCollector(t, s)
	for _, name := range []string{
		"receiver_mina_backlog_bytes", "receiver_mina_lost_bytes", "receiver_mina_cut_records", "receiver_mina_skipped_bytes",
		"receiver_mina_lines", "receiver_mina_parse_failures", "receiver_mina_read_bytes", "processor_mina_redactions", "processor_mina_cut_records",
		"receiver_mina_in_flight_bytes", "receiver_mina_in_flight_limit_bytes", "receiver_mina_oldest_unacknowledged_seconds", "receiver_mina_files",
		"exporter_dead_letter_records", "exporter_waiting_seconds", "pipeline_healthy", "fanout_dead_letter_records", "fanout_queue_bytes",
		"fanout_spilled_records", "fanout_unreadable_items", "fanout_waiting_seconds",
	} {
		eventually(t, func() bool { _, found := metrics().of("otelcol_" + name); return found }, name+" is there from the start")
	}
	text := numbered(0, 1000)
	appendTo(t, path, text)
	is := func(want float64, name string, attributes ...string) func() bool {
		return func() bool { got, found := metrics().of("otelcol_"+name, attributes...); return found && got == want }
	}
	eventually(t, is(float64(len(text)), "receiver_mina_backlog_bytes", "app.log*"), "the file is behind")
	eventually(t, is(1, "receiver_mina_files", `state="open"`), "one file is open")
	eventually(t, is(0, "pipeline_healthy", `pipeline="logs/otlp"`), "the pipeline is unhealthy")
	oldest, _ := metrics().of("otelcol_receiver_mina_oldest_unacknowledged_seconds")
	assert.Greater(t, oldest, 4.0)
	inFlight, _ := metrics().of("otelcol_receiver_mina_in_flight_bytes")
	assert.InDelta(t, len(text), inFlight, 0)
	waiting, _ := metrics().of("otelcol_exporter_waiting_seconds", `reason="unreachable"`)
	assert.Positive(t, waiting, "and says why")

	down.Store(false)
	eventually(t, is(0, "receiver_mina_backlog_bytes", "app.log*"), "all is delivered")
	eventually(t, is(1, "pipeline_healthy", `pipeline="logs/otlp"`), "the pipeline is healthy")
	oldest, _ = metrics().of("otelcol_receiver_mina_oldest_unacknowledged_seconds")
	assert.Zero(t, oldest)
	delivered, _ := metrics().of("otelcol_receiver_mina_delivery_seconds_count", `transport="file"`)
	assert.Positive(t, delivered)
	last, _ := metrics().of("otelcol_pipeline_last_delivery_timestamp_seconds", `pipeline="logs/otlp"`)
	assert.InDelta(t, time.Now().Unix(), last, deadline.Seconds())

	// What is deleted before all of it can be read is lost with the stop.
	down.Store(true)
	appendTo(t, path, numbered(1000, 200_000)) // more than may be in flight
	eventually(t, func() bool { n, _ := metrics().of("otelcol_receiver_mina_in_flight_bytes"); return n > 500_000 }, "in flight")
	require.NoError(t, os.Remove(path))
	c.Stop()
	assert.Contains(t, c.Output(), "this stop loses the rest")
}

// What is gone when the collector comes again after a kill is lost, whether it was in
// flight or had not been read; and what it finds is as old as its file.
func TestMetricsTellWhatAKillHasLost(t *testing.T) {
	e, state, dir := newEndpoint(t), t.TempDir(), t.TempDir()
	e.setRefuse(func() int { return http.StatusServiceUnavailable })
	s := program.OTLP(state, filepath.Join(dir, "*.log"), e.URL, "acknowledged")
	metrics := scraped(t, &s)
	value := func(name string) float64 { v, _ := metrics().of("otelcol_receiver_mina_" + name); return v }
	gone, text := numbered(0, 20_000), numbered(20_000, 20_100)
	appendTo(t, filepath.Join(dir, "gone.log"), gone)
	c := startCollector(t, s)
	eventually(t, func() bool { return value("backlog_bytes") == float64(len(gone)) && value("in_flight_bytes") > 0 }, "nothing is taken")
	limit := value("in_flight_limit_bytes")
	assert.Greater(t, 2*value("in_flight_bytes"), limit, "as much is in flight as may be")
	require.NoError(t, os.Truncate(filepath.Join(dir, "gone.log"), 0))
	c.Kill()

	appendTo(t, filepath.Join(dir, "old.log"), text)
	old := time.Now().Add(-time.Hour)
	require.NoError(t, os.Chtimes(filepath.Join(dir, "old.log"), old, old))
	startCollector(t, s)
	eventually(t, func() bool { return value("oldest_unacknowledged_seconds") > 3000 }, "the file is old")
	e.setRefuse(nil)
	eventually(t, func() bool { return len(e.bodies()) == 100 }, "what is there is delivered")
	eventually(t, func() bool { return value("backlog_bytes") == float64(len(gone)) }, "what is gone may come again in a copy")
	require.Eventually(t, func() bool { return value("lost_bytes") == float64(len(gone)) }, 2*deadline, 100*time.Millisecond, "what is gone is lost")
	eventually(t, func() bool { return value("backlog_bytes") == 0 && value("oldest_unacknowledged_seconds") == 0 }, "nothing waits")
}
