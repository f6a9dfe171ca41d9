package try

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"github.com/mina-observability/otelcol-mina/internal/rawconfig"
)

// configuration is one as the collector prints it.
const configuration = `
receivers:
  mina: {format: auto, include_original: false, text: {layouts: ["%(message)s $x"]}, file: {include: [/var/log/app.log], max_log_size: 1024, storage: state_storage}, http: {endpoint: "localhost:8319"}, stdin: null}
  mina/audit: {file: {include: [/var/log/audit.log]}}
  otlp: {}
processors:
  mina: {redaction: {action: mask, report: null}, semconv: {}}
  mina/own: {redaction: {report: {attribute: own.report}}}
  mina/plain: {redaction: null}
exporters:
  lossless_otlp_http: {endpoint: "http://localhost:4318"}
service:
  pipelines:
    logs: {receivers: [otlp, mina], processors: [memory_limiter, mina], exporters: [alert, fanout]}
    logs/alerts: {receivers: [alert], processors: [mina], exporters: [fanout]}
    logs/loki: {receivers: [fanout], processors: [filter/quiet], exporters: [lossless_otlp_http]}
    logs/own: {receivers: [mina/audit], processors: [mina/own, mina/plain], exporters: [fanout/audit]}
    logs/loop: {receivers: [fanout/loop], exporters: [fanout/loop]}
    metrics: {receivers: [alert], exporters: [prometheus]}
`

func read(t *testing.T) (config rawconfig.Config) {
	t.Helper()
	require.NoError(t, yaml.Unmarshal([]byte(configuration), &config))
	return config
}

func TestThePipelineIsPlanned(t *testing.T) {
	for pipeline, want := range map[string]struct {
		way, processors, reported []string
		receiver, report          string
	}{
		"":          {[]string{"logs"}, []string{"memory_limiter", "mina"}, []string{"mina"}, "mina", ownReport},
		"logs/loki": {[]string{"logs", "logs/loki"}, []string{"memory_limiter", "mina", "filter/quiet"}, []string{"mina"}, "mina", ownReport},
		"logs/own":  {[]string{"logs/own"}, []string{"mina/own", "mina/plain"}, nil, "mina/audit", "own.report"},
	} {
		p, err := planFor(read(t), pipeline)
		require.NoError(t, err, pipeline)
		assert.Equal(t, want.way, p.way)
		assert.Equal(t, want.processors, p.processors)
		assert.Equal(t, want.reported, p.reported)
		assert.Equal(t, want.receiver, p.receiver)
		assert.Equal(t, want.report, p.report)
	}
	for _, pipeline := range []string{"logs/alerts", "logs/loop", "metrics", "logs/nowhere"} {
		_, err := planFor(read(t), pipeline)
		require.ErrorContains(t, err, `no records of a receiver mina come to the pipeline "`+pipeline+`"; there are logs, logs/alerts`)
	}
	config := read(t)
	delete(config.Section("service", "pipelines"), "logs")
	config.Section("service", "pipelines")["logs/b"] = map[string]any{"receivers": []any{"mina"}}
	_, err := planFor(config, "")
	require.EqualError(t, err, "several pipelines have a receiver mina: name one with --pipeline: logs/b, logs/own")
	_, err = planFor(rawconfig.Config{}, "")
	require.Error(t, err)
}

func TestNothingOfTheConfigurationRunsButItsProcessors(t *testing.T) {
	p, err := planFor(read(t), "")
	require.NoError(t, err)
	overlays, err := p.overlays("/dev/fd/3", "/dev/fd/4")
	require.NoError(t, err)
	require.Len(t, overlays, 2)
	config := map[string]map[string]any{}
	for _, overlay := range overlays {
		// A map of a later one would be merged; of these, null goes first.
		require.NoError(t, yaml.Unmarshal([]byte(strings.ReplaceAll(strings.TrimPrefix(overlay, "yaml:"), "$$", "$")), &config))
	}
	assert.Equal(t, map[string]any{"exit_code": nil}, config["extensions"])
	assert.Empty(t, config["connectors"])
	assert.Len(t, config["exporters"], 2)
	for id, exporter := range config["exporters"] {
		assert.Equal(t, "file", rawconfig.Kind(id))
		assert.Contains(t, []any{"/dev/fd/3", "/dev/fd/4"}, exporter.(map[string]any)["path"])
	}
	assert.Equal(t, map[string]any{ownReceiver: map[string]any{
		"format": "auto", "include_original": true, "include_record_uid": true, "stdin": map[string]any{"max_log_size": 1024}, "text": map[string]any{"layouts": []any{"%(message)s $x"}},
	}}, config["receivers"])
	assert.Contains(t, overlays[0], "connectors: null")
}
