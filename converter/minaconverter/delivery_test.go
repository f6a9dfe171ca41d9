package minaconverter

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/confmap"
	"go.yaml.in/yaml/v3"

	"github.com/mina-observability/otelcol-mina/internal/rawconfig"
)

// behindMina has an exporter behind a receiver mina and two connectors.
const behindMina = `
receivers: {mina/a: {}}
processors: {mina: {}, batch/b: {}}
connectors: {fanout: {}, routing: {}}
exporters: {%s: %s}
service:
  pipelines:
    logs: {receivers: [mina/a], processors: [mina], exporters: [fanout]}
    logs/between: {receivers: [fanout], exporters: [routing]}
    logs/last: {receivers: [routing], processors: [%s], exporters: [%[1]s]}
`

func convert(t *testing.T, text string) (*confmap.Conf, error) {
	t.Helper()
	conf := confmap.NewFromStringMap(read(t, text))
	return conf, converter{}.Convert(t.Context(), conf)
}

func TestWhatAnswersBeforeDeliveryIsAnError(t *testing.T) {
	const wait = "wait_for_result: true, block_on_overflow: true"
	for name, tt := range map[string]struct{ exporter, config, want string }{
		"a stock default":               {"kafka", `{}`, "exporters::kafka::sending_queue: the queue answers before delivery"},
		"a default with a name":         {"otlp_http/a", `null`, "exporters::otlp_http/a::sending_queue: "},
		"one key":                       {"otlp", `{sending_queue: {num_consumers: 4}}`, "exporters::otlp::sending_queue: "},
		"without blocking":              {"otlp", `{sending_queue: {wait_for_result: true}}`, "exporters::otlp::sending_queue::block_on_overflow: "},
		"stored, without blocking":      {"otlp", `{sending_queue: {storage: s}, retry_on_failure: {max_elapsed_time: 0}}`, "exporters::otlp::sending_queue::block_on_overflow: "},
		"stored, five minutes":          {"otlp", `{sending_queue: {storage: s, block_on_overflow: true}}`, "exporters::otlp::retry_on_failure::max_elapsed_time: "},
		"stored, an hour":               {"otlp", `{sending_queue: {storage: s, block_on_overflow: true}, retry_on_failure: {max_elapsed_time: 1h}}`, "exporters::otlp::retry_on_failure::max_elapsed_time: "},
		"stored, no retry":              {"otlp", `{sending_queue: {storage: s, block_on_overflow: true}, retry_on_failure: {enabled: false}}`, "exporters::otlp::retry_on_failure::max_elapsed_time: "},
		"a queue where none is usual":   {"debug", `{sending_queue: {}}`, "exporters::debug::sending_queue: "},
		"ours, told not to wait":        {"lossless_otlp_http", `{sending_queue: {wait_for_result: false}}`, "exporters::lossless_otlp_http::sending_queue: "},
		"ours, told to refuse":          {"papertrail", `{sending_queue: {block_on_overflow: false}}`, "exporters::papertrail::sending_queue::block_on_overflow: "},
		"ours, stored and ending":       {"papertrail", `{sending_queue: {wait_for_result: false, storage: s}, retry_on_failure: {max_elapsed_time: 5m}}`, "exporters::papertrail::retry_on_failure::max_elapsed_time: "},
		"allowed, but false":            {"kafka", `{allow_loss: false}`, "exporters::kafka::sending_queue: "},
		"waiting":                       {"otlp", `{sending_queue: {` + wait + `}}`, ""},
		"waiting, and retries that end": {"otlp", `{sending_queue: {` + wait + `}, retry_on_failure: {max_elapsed_time: 1m}}`, ""},
		"stored, and no last try":       {"otlp", `{sending_queue: {storage: s, block_on_overflow: true}, retry_on_failure: {max_elapsed_time: 0s}}`, "exporters::otlp::sending_queue::storage: the queue drops what the exporter refuses for good"},
		"ours, stored":                  {"papertrail", `{sending_queue: {wait_for_result: false, storage: s}, retry_on_failure: {max_elapsed_time: 0}}`, ""},
		"no queue":                      {"kafka", `{sending_queue: {enabled: false}}`, ""},
		"a file that is buffered":       {"file/a", `{path: a, append: true}`, "exporters::file/a::rotation is not set"},
		"a file that is rotated":        {"file", `{path: a, rotation: {max_backups: 0}}`, ""},
		"a file that may lose records":  {"file", `{path: a, allow_loss: true}`, ""},
		"debug":                         {"debug", `null`, ""},
		"ours":                          {"sentry_events", `{dsn: a}`, ""},
		"ours, one key":                 {"lossless_otlp_http/a", `{sending_queue: {num_consumers: 4}}`, ""},
		"allowed":                       {"kafka", `{allow_loss: true}`, ""},
		"allowed in the queue":          {"kafka", `{sending_queue: {allow_loss: true}}`, ""},
		"allowed in the retries":        {"otlp", `{sending_queue: {storage: s, block_on_overflow: true}, retry_on_failure: {allow_loss: true}}`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			conf, err := convert(t, fmt.Sprintf(behindMina, tt.exporter, tt.config, ""))
			if tt.want == "" {
				require.NoError(t, err)
				text, err := yaml.Marshal(conf.ToStringMap())
				require.NoError(t, err)
				assert.NotContains(t, string(text), allowLoss, "the collector does not know it")
				return
			}
			require.ErrorContains(t, err, tt.want)
			require.ErrorContains(t, err, allowLoss+": true if records may be lost")
		})
	}
}

func TestTheBatchProcessorAnswersBeforeDelivery(t *testing.T) {
	text := fmt.Sprintf(behindMina, "debug", "{}", "batch/b")
	_, err := convert(t, text)
	require.ErrorContains(t, err, "processors::batch/b in service::pipelines::logs/last answers before delivery")
	_, err = convert(t, regexp.MustCompile(`batch/b: \{\}`).ReplaceAllString(text, "batch/b: {allow_loss: true}"))
	require.NoError(t, err)
}

func TestWhateverFeedsFanoutIsAnsweredFor(t *testing.T) {
	for name, receivers := range map[string]string{
		"Kafka":                 "{lossless_kafka/a: {}}",
		"a gateway":             "{otlp: {}}",
		"a connector before it": "{forward: {}}",
	} {
		t.Run(name, func(t *testing.T) {
			receiver := regexp.MustCompile(`[a-z_/]+`).FindString(receivers)
			_, err := convert(t, fmt.Sprintf(`
receivers: %s
exporters: {otlp: {}}
connectors: {fanout: {}, forward: {}}
service:
  pipelines:
    logs: {receivers: [%s], processors: [batch], exporters: [fanout]}
    logs/otlp: {receivers: [fanout], exporters: [otlp]}
`, receivers, receiver))
			require.ErrorContains(t, err, "processors::batch in service::pipelines::logs answers before delivery")
			require.ErrorContains(t, err, "exporters::otlp::sending_queue: the queue answers before delivery")
		})
	}
}

func TestEveryMistakeIsNamed(t *testing.T) {
	_, err := convert(t, `
receivers: {mina: {}}
service: {pipelines: {logs: {receivers: [mina], processors: [batch], exporters: [kafka, otlp]}}}
`)
	for _, want := range []string{"processors::batch ", "exporters::kafka::", "exporters::otlp::"} {
		assert.ErrorContains(t, err, want)
	}
}

func TestOthersRecordsAreTheirOwnAffair(t *testing.T) {
	_, err := convert(t, `
receivers: {mina: {}, filelog: {}}
exporters: {file: {rotation: {}}, otlp: {}, nop: {}}
connectors: {fanout: {}, count: {}, forward: {}}
service:
  pipelines:
    logs: {receivers: [mina], exporters: [fanout, count]}
    logs/file: {receivers: [fanout], exporters: [file]}
    logs/other: {receivers: [filelog], processors: [batch], exporters: [otlp]}
    logs/cycle: {receivers: [fanout], exporters: [forward]}
    logs/back: {receivers: [forward], exporters: [nop]}
    metrics: {receivers: [count], processors: [batch], exporters: [otlp]}
`)
	require.NoError(t, err)
}

// TestDocumentsDeliver takes every exporter that a document shows as one behind a
// receiver mina.
func TestDocumentsDeliver(t *testing.T) {
	root := filepath.Join("..", "..")
	var documents []string
	for _, pattern := range []string{"*.md", "docs/*.md", "*/*/README.md"} {
		found, err := filepath.Glob(filepath.Join(root, pattern))
		require.NoError(t, err)
		documents = append(documents, found...)
	}
	block := regexp.MustCompile("(?s)```yaml\n(.*?)```")
	exporters := 0
	for _, document := range documents {
		text, err := os.ReadFile(document)
		require.NoError(t, err)
		for _, found := range block.FindAllStringSubmatch(string(text), -1) {
			var conf rawconfig.Config
			if yaml.Unmarshal([]byte(found[1]), &conf) != nil {
				continue // a sketch
			}
			for id := range conf.Section("exporters") {
				exporters++
				require.NoError(t, checkExporter(id, conf.Section("exporters", id)), document)
			}
		}
	}
	require.Positive(t, exporters)
}

// FuzzConvert takes configurations of all shapes: what makes no sense is for the
// collector to report.
func FuzzConvert(f *testing.F) {
	f.Add(fmt.Sprintf(behindMina, "kafka", "{sending_queue: {storage: 1}}", "batch"))
	f.Add("service: {pipelines: {logs: {receivers: [mina, 1, null], exporters: {a: b}}, 1: []}}")
	f.Add("{exporters: [a], processors: {batch: [allow_loss]}, connectors: 7, receivers: null, extensions: {health_check: x}}")
	f.Fuzz(func(t *testing.T, text string) {
		var all map[string]any
		if yaml.Unmarshal([]byte(text), &all) != nil {
			t.Skip()
		}
		_ = converter{}.Convert(t.Context(), confmap.NewFromStringMap(all))
	})
}
