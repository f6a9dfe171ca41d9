package minaprocessor

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/golden"
	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/pdatatest/plogtest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/confmap/confmaptest"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/mina-observability/otelcol-mina/internal/minalog"
)

var observed = time.Date(2025, 10, 1, 16, 12, 6, 0, time.UTC)

func decode(t testing.TB, text []byte) plog.Logs {
	t.Helper()
	config := minalog.DefaultConfig()
	decoder, err := minalog.NewDecoder(&config)
	require.NoError(t, err)
	batch := minalog.NewBatch(observed)
	stream := minalog.NewStream(minalog.Origin{FileName: "app.log"}, 1<<20)
	stream.Write(decoder, batch, string(text))
	stream.End(decoder, batch)
	return batch.Logs()
}

func newTestProcessor(t testing.TB, sections map[string]any) *minaProcessor {
	t.Helper()
	cfg := createDefaultConfig()
	require.NoError(t, confmap.NewFromStringMap(sections).Unmarshal(cfg))
	require.NoError(t, confmap.Validate(cfg))
	p, err := newProcessor(componenttest.NewNopTelemetrySettings(), cfg.(*Config))
	require.NoError(t, err)
	return p
}

var both = map[string]any{"semconv": nil, "redaction": nil}

// TestGolden reads every testdata/*.log and compares the processed records with
// the .yaml beside it. MINA_UPDATE_GOLDEN=1 writes them anew.
func TestGolden(t *testing.T) {
	inputs, err := filepath.Glob("testdata/*.log")
	require.NoError(t, err)
	require.NotEmpty(t, inputs)
	for _, input := range inputs {
		t.Run(filepath.Base(input), func(t *testing.T) {
			text, err := os.ReadFile(input)
			require.NoError(t, err)
			logs, err := newTestProcessor(t, both).process(t.Context(), decode(t, text))
			require.NoError(t, err)
			expected := strings.TrimSuffix(input, ".log") + ".yaml"
			if os.Getenv("MINA_UPDATE_GOLDEN") != "" {
				require.NoError(t, golden.WriteLogsToFile(expected, logs))
			}
			want, err := golden.ReadLogs(expected)
			require.NoError(t, err)
			require.NoError(t, plogtest.CompareLogs(want, logs))

			// A batch that is offered again after a refusal has been processed already.
			again := plog.NewLogs()
			logs.CopyTo(again)
			again, err = newTestProcessor(t, both).process(t.Context(), again)
			require.NoError(t, err)
			require.NoError(t, plogtest.CompareLogs(logs, again))
		})
	}
}

// TestDeadLettersThatAreSentAgainStayAsTheyAre redacts once more what has been, as
// config/resend.yaml does.
func TestDeadLettersThatAreSentAgainStayAsTheyAre(t *testing.T) {
	text, err := os.ReadFile("testdata/secrets.log")
	require.NoError(t, err)
	for _, action := range []string{"mask", "partial", "hash", "drop"} {
		t.Run(action, func(t *testing.T) {
			redaction := map[string]any{"action": action, "sets": []any{"all"}, "hash_key": strings.Repeat("k", 32)}
			letters, err := newTestProcessor(t, map[string]any{"semconv": nil, "redaction": redaction}).process(t.Context(), decode(t, text))
			require.NoError(t, err)
			again := plog.NewLogs()
			letters.CopyTo(again)
			again, err = newTestProcessor(t, map[string]any{"redaction": redaction}).process(t.Context(), again)
			require.NoError(t, err)
			require.NoError(t, plogtest.CompareLogs(letters, again))
		})
	}
}

func TestNoSecretIsLeft(t *testing.T) {
	text, err := os.ReadFile("testdata/secrets.log")
	require.NoError(t, err)
	logs, err := newTestProcessor(t, both).process(t.Context(), decode(t, text))
	require.NoError(t, err)
	marshaler := plog.ProtoMarshaler{}
	wire, err := marshaler.MarshalLogs(logs)
	require.NoError(t, err)
	for _, secret := range []string{"hunter2", "4111111111111111", "4111 1111", "123-45-6789", "eyJhbGci", "MIIEpAIB", "abc123def456", "s3cr3t"} {
		assert.NotContains(t, string(wire), secret)
	}
}

func TestSectionsAreOptional(t *testing.T) {
	const line = `{"message": "password=hunter2", "request_id": "r"}` + "\n"
	for name, tt := range map[string]struct {
		sections  map[string]any
		body, key string
	}{
		"both":      {both, "password=[REDACTED:sensitive_key]", "mina.request.id"},
		"semconv":   {map[string]any{"semconv": nil}, "password=hunter2", "mina.request.id"},
		"redaction": {map[string]any{"redaction": nil}, "password=[REDACTED:sensitive_key]", "request_id"},
	} {
		t.Run(name, func(t *testing.T) {
			logs, err := newTestProcessor(t, tt.sections).process(t.Context(), decode(t, []byte(line)))
			require.NoError(t, err)
			record := logs.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(0)
			assert.Equal(t, tt.body, record.Body().Str())
			_, ok := record.Attributes().Get(tt.key)
			assert.True(t, ok)
		})
	}
}

func TestConfig(t *testing.T) {
	conf, err := confmaptest.LoadConf(filepath.Join("testdata", "config.yaml"))
	require.NoError(t, err)
	for name, want := range map[string]string{
		"mina/empty":         "at least one of semconv and redaction is required",
		"mina/resource":      "semconv: resource: service.version has an option of its own: set service_version instead",
		"mina/severity_text": `semconv: severity_text must be original or otel (got "short")`,
		"mina/request_id":    `semconv: request_id must be attribute or header (got "x")`,
		"mina/action":        `redaction: action: there is no action "shred"; there are mask, partial, hash, drop, audit`,
		"mina/hash":          "redaction: hash_key must have at least 32 bytes for action hash (got 0)",
		"mina/rule":          `redaction: rules: there is no rule "creditcard"; did you mean "credit_card"?`,
		"mina/set":           `redaction: sets: there is no set "sectrets"; did you mean "secrets"?`,
		"mina/custom":        `redaction: custom_rules::0 (badge): pattern: "B-(\\d{5}" does not compile: error parsing regexp: missing closing )`,
		"mina/empty_match":   `redaction: custom_rules::0 (badge): pattern: "\\d*" matches the empty text`,
		"mina/report":        "redaction: report: attribute must not be empty",
		"mina/size":          "max_record_size must be at least 16KiB (got 1024)",
		"mina/unknown_key":   "has invalid keys: service",
		"mina/all":           "",
		"mina/semconv":       "",
	} {
		t.Run(name, func(t *testing.T) {
			sub, err := conf.Sub(name)
			require.NoError(t, err)
			cfg := createDefaultConfig()
			if err = sub.Unmarshal(cfg); err == nil {
				err = confmap.Validate(cfg)
			}
			if want == "" {
				require.NoError(t, err)
				return
			}
			require.ErrorContains(t, err, want)
		})
	}
}

func FuzzProcess(f *testing.F) {
	for _, name := range []string{"secrets", "records"} {
		text, err := os.ReadFile("testdata/" + name + ".log")
		require.NoError(f, err)
		f.Add(text)
	}
	p := newTestProcessor(f, both)
	f.Fuzz(func(t *testing.T, text []byte) {
		logs := decode(t, text)
		records := logs.LogRecordCount()
		logs, err := p.process(t.Context(), logs)
		require.NoError(t, err)
		require.Equal(t, records, logs.LogRecordCount())
		marshaler := plog.ProtoMarshaler{}
		_, err = marshaler.MarshalLogs(logs)
		require.NoError(t, err)
	})
}

const benchRecords = 1000

// benchLine is a record of 650 bytes with 20 attributes.
var benchLine = []byte(`{"timestamp": "2025-10-01T16:12:05.785000+00:00", "level": "INFO", "logger": "services.transcription", ` +
	`"message": "Transcription finished", "module": "transcription", "function": "process", "line": 117, "process_id": 10177, ` +
	`"process_name": "MainProcess", "thread_id": 140245896464960, "thread_name": "MainThread", "hostname": "mina-prod-01", ` +
	`"request_id": "0f8fad5b-d9cb-469f-a165-70867728950e", "http": {"method": "POST", "path": "/api/meetings/7", "ip": "203.0.113.9", ` +
	`"user_agent": "Mozilla/5.0 (X11)"}, "user": {"id": "42", "username": "ana"}, "meeting_id": 7, "duration_seconds": 12.5, ` +
	`"model": "whisper-1", "language": "de", "word_count": 812}` + "\n")

// BenchmarkProcess maps and redacts decoded records; decode is the copy of the
// records that every round needs, and all is decoding, mapping and redacting.
func BenchmarkProcess(b *testing.B) {
	text := bytes.Repeat(benchLine, benchRecords)
	decoded := decode(b, text)
	for _, section := range []string{"copy", "semconv", "redaction", "both", "all"} {
		b.Run(section, func(b *testing.B) {
			sections := map[string]any{section: nil}
			switch section {
			case "both", "all", "copy":
				sections = both
			}
			p := newTestProcessor(b, sections)
			b.ReportAllocs()
			for b.Loop() {
				logs := plog.NewLogs()
				if section == "all" {
					logs = decode(b, text)
				} else {
					decoded.CopyTo(logs)
				}
				if section != "copy" {
					_, _ = p.process(b.Context(), logs)
				}
			}
			b.ReportMetric(float64(b.N)*benchRecords/b.Elapsed().Seconds(), "records/s")
			b.ReportMetric(float64(len(benchLine)), "bytes/record")
		})
	}
}
