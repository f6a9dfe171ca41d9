package minaconverter

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestWhatAConfigurationLacksOrMisspells(t *testing.T) {
	for conf, want := range map[string]string{
		"{receivers: {mina: }, connectors: {fanout: }, service: {pipelines: {logs: {receivers: [mina], exporters: [fanout]}}}}": "no destination is configured: add one, such as --config config/otlp.yaml or --config config/local.yaml",
		"{exporters: {debug: }, service: {pipelines: {logs/local: {receivers: [fanout], exporters: [debug]}}}}":                 "no source is configured: add one before the destinations, such as --config config/base.yaml",
		"{exporter: {debug: }}":               "there is no section exporter; did you mean exporters?",
		"{pipelines: {logs: }}":               "there is no section pipelines; there are connectors, exporters, extensions, processors, receivers, service",
		"{service: {pipeline: {logs: }}}":     "there is no section service::pipeline; did you mean service::pipelines?",
		"{service: {extensions: [], mine: }}": "there is no section service::mine; there are extensions, pipelines, telemetry",
		"{receivers: {mina: }, exporters: {debug: }, service: {pipelines: {logs: {receivers: [mnia], processors: [x], exporters: [debug]}}}}":                                         `service::pipelines::logs::receivers: "mnia" is not configured; did you mean "mina"?`,
		"{receivers: {mina: }, connectors: {fanout: }, exporters: {debug: }, service: {pipelines: {logs: {receivers: [fanot], exporters: [debug]}}}}":                                 `service::pipelines::logs::receivers: "fanot" is not configured; did you mean "fanout"?`,
		"{receivers: {mina: }, extensions: {health_check: }, exporters: {debug: }, service: {extensions: [healthcheck], pipelines: {logs: {receivers: [mina], exporters: [debug]}}}}": `service::extensions: "healthcheck" is not configured; did you mean "health_check"?`,
	} {
		_, err := convert(t, conf)
		require.EqualError(t, err, want, conf)
	}
}
