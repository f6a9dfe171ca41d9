package e2e

import (
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/mina-observability/otelcol-mina/test/program"
)

// TestUpstreamStillHasOneCodeForAllThatGoesWrong fails when the collector, without our
// extension exit_code, tells an interrupted input from dead letters.
func TestUpstreamStillHasOneCodeForAllThatGoesWrong(t *testing.T) {
	for name, test := range map[string]struct {
		poison      string
		interrupted bool
		want        int
	}{
		"interrupted":  {interrupted: true, want: 1},
		"dead letters": {poison: "record 7", want: 0},
	} {
		t.Run(name, func(t *testing.T) {
			e := newEndpoint(t)
			url := e.URL
			if test.poison != "" {
				url = refusing(t, e, test.poison)
			}
			cmd := exec.Command(binary(t), "--config", "config/stdin.yaml", "--config", "config/otlp.yaml", "--config", "yaml:service::extensions: []")
			cmd.Env = append(os.Environ(), "OTLP_ENDPOINT="+url, "OTLP_COMPRESSION=none", "MINA_STATE_DIR="+t.TempDir())
			cmd.Stdin = strings.NewReader(numbered(0, 20))
			if test.interrupted {
				cmd.Stdin = openInput(t, numbered(0, 20))
			}
			c := start(t, cmd)
			if test.interrupted {
				eventually(t, func() bool { return len(e.records()) > 0 }, "records arrive")
				c.Signal(syscall.SIGTERM)
			}
			eventually(t, func() bool { return ended(c) }, "the process ends")
			assert.Equal(t, test.want, c.ExitCode(), "the collector does better: look at docs/decisions/010-exit-code.md again")
		})
	}
}

// TestUpstreamStillHasComponentHealthBehindAGate fails when the gate that our converter
// opens is open by itself, or is gone.
func TestUpstreamStillHasComponentHealthBehindAGate(t *testing.T) {
	output, err := exec.Command(binary(t), "featuregate", "extension.healthcheck.useComponentStatus").CombinedOutput()
	require.NoError(t, err, string(output))
	assert.Regexp(t, `(?m)^Stage: Alpha$`, string(output), "the gate is open: look at docs/decisions/005-converter.md again")
}

// TestUpstreamStillWritesFilesThatAllMayRead fails when the stock exporter file makes one
// that is its owner's alone.
func TestUpstreamStillWritesFilesThatAllMayRead(t *testing.T) {
	e := newEndpoint(t)
	written := filepath.Join(t.TempDir(), "records.jsonl")
	cmd := exec.Command("sh", "-c", `umask 022; exec "$0" "$@"`, binary(t), "--config", "config/stdin.yaml", "--config", "config/otlp.yaml",
		"--config", "yaml:service::extensions: []", "--config", "yaml:exporters::file: {allow_loss: true, path: "+written+"}",
		"--config", "yaml:service::pipelines::logs/file: {receivers: [fanout], exporters: [file]}")
	cmd.Dir = program.Root()
	cmd.Env = append(os.Environ(), "OTLP_ENDPOINT="+e.URL, "MINA_STATE_DIR="+t.TempDir())
	cmd.Stdin = openInput(t, numbered(0, 20))
	start(t, cmd)
	eventually(t, func() bool { _, err := os.Stat(written); return err == nil }, "the file is there")
	info, err := os.Stat(written)
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o644), info.Mode().Perm(), "the exporter file keeps its files private: look at docs/decisions/011-private-files.md again")
}

// TestUpstreamStillBuffersFiles fails when the stock exporter file writes without a buffer
// also where it does not rotate.
func TestUpstreamStillBuffersFiles(t *testing.T) {
	t.Parallel()
	const kills = 3
	state := t.TempDir()
	settings := program.Settings{
		Configs:   []string{"base.yaml", "local.yaml"},
		Overrides: []string{"exporters::file/local::flush_interval: 1s"},
		Env:       []string{"MINA_STATE_DIR=" + state, "MINA_LOGS=" + filepath.Join(state, "none.log")},
	}
	for number := range kills {
		c := startCollector(t, settings)
		post(t, c, number) // which is answered for
		c.Kill()
	}
	written, err := os.ReadFile(filepath.Join(state, "records.jsonl"))
	require.NoError(t, err)
	lost := 0
	for number := range kills {
		if !strings.Contains(string(written), fmt.Sprintf("record %d", number)) {
			lost++
		}
	}
	assert.NotZero(t, lost, "the exporter file has what it answers for: look at config/local.yaml and at the converter's README again")
}

// TestUpstreamStillNeedsWhatAddsUp fails when the connector signal_to_metrics, or the
// exporter prometheus behind it, adds up what one batch after the other has.
func TestUpstreamStillNeedsWhatAddsUp(t *testing.T) {
	counted := countedInTwoBatches(t, "signal_to_metrics", "")
	assert.Equal(t, 1.0, counted, "the last batch is no longer all: look at docs/decisions/015-metrics.md again")
}

// TestUpstreamStillCountsAtTheTimesOfRecords fails when what the connector count makes of
// records can be added up, whatever their times are.
func TestUpstreamStillCountsAtTheTimesOfRecords(t *testing.T) {
	counted := countedInTwoBatches(t, "count", "delta_to_cumulative")
	assert.Equal(t, 1.0, counted, "the second record of a time is counted: look at docs/decisions/015-metrics.md again")
}

// countedInTwoBatches returns how many records a connector counts of two that have the
// same time, and come one after the other.
func countedInTwoBatches(t *testing.T, connector, processor string) float64 {
	t.Helper()
	address := program.FreeAddress()
	c := startCollector(t, program.Settings{
		Configs: []string{"base.yaml"},
		Env:     []string{"MINA_STATE_DIR=" + t.TempDir(), "MINA_LOGS=" + filepath.Join(t.TempDir(), "app.log")},
		Overrides: []string{
			`connectors::signal_to_metrics::logs: [{name: records, include_resource_attributes: [{key: none}], sum: {value: "1", monotonic: true}}]`,
			"connectors::count::logs: {records: {}}",
			"processors::delta_to_cumulative: {}",
			`exporters::prometheus: {endpoint: "` + address + `", without_scope_info: true}`,
			"service::pipelines::logs/raw: {receivers: [fanout], exporters: [" + connector + "]}",
			"service::pipelines::metrics/raw: {receivers: [" + connector + "], processors: [" + processor + "], exporters: [prometheus]}",
		},
	})
	for range 2 {
		response, err := http.Post("http://"+c.Intake+"/v1/mina", "application/json", strings.NewReader(numbered(0, 1)))
		require.NoError(t, err)
		require.NoError(t, response.Body.Close())
		require.Equal(t, http.StatusAccepted, response.StatusCode)
	}
	counted, _ := scrape(address).of("records_total")
	return counted
}

// stockKafka is a gateway with the stock receiver, set as safely as it can be.
func stockKafka(t testing.TB, b *broker, endpoint string) program.Settings {
	t.Helper()
	return program.Settings{
		Configs: []string{"base.yaml"},
		Env:     []string{"MINA_STATE_DIR=" + t.TempDir()},
		Overrides: []string{
			"receivers::kafka: {brokers: [\"" + b.address + "\"], logs: {topics: [" + kafkaTopic + "]}, initial_offset: earliest, " +
				"autocommit: {enable: false}, message_marking: {after: true}, error_backoff: {enabled: true, max_elapsed_time: 0}}",
			"exporters::otlp_http: {endpoint: \"" + endpoint + "\", sending_queue: {enabled: false}}",
			"service::pipelines::logs: {receivers: [kafka], processors: [], exporters: [otlp_http]}",
		},
	}
}

// TestUpstreamStillHandsOnOneKafkaMessageAtATime fails when the stock receiver hands on
// together what waits.
func TestUpstreamStillHandsOnOneKafkaMessageAtATime(t *testing.T) {
	t.Parallel()
	const messages = 20
	b, e := newBroker(t, kfake.SeedTopics(1, kafkaTopic)), newEndpoint(t)
	b.write(t, messages)
	startCollector(t, stockKafka(t, b, e.URL))
	eventually(t, func() bool { return len(e.bodies()) == messages }, "all")
	assert.Len(t, e.requests, messages, "messages go together: look at docs/decisions/020-kafka.md again")
}

// TestUpstreamStillHasNoPlaceForAKafkaMessageThatCannotBeRead fails when the stock receiver
// goes on behind such a message that it may not drop.
func TestUpstreamStillHasNoPlaceForAKafkaMessageThatCannotBeRead(t *testing.T) {
	t.Parallel()
	b, e := newBroker(t, kfake.SeedTopics(1, kafkaTopic)), newEndpoint(t)
	require.NoError(t, b.client(t).ProduceSync(t.Context(), &kgo.Record{Topic: kafkaTopic, Value: []byte("no record")}).FirstErr())
	b.write(t, 1)
	c := startCollector(t, stockKafka(t, b, e.URL))
	eventually(t, func() bool { return strings.Contains(c.Output(), "partition will remain paused") }, "the partition stands: look at docs/decisions/020-kafka.md again")
	assert.Equal(t, http.StatusOK, c.Health(""))
	assert.Empty(t, e.records())
}
