package transition

import (
	"encoding/binary"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/pdatatest/plogtest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/processor"
	"go.opentelemetry.io/collector/processor/processortest"

	"github.com/mina-observability/otelcol-mina/connector/alertconnector/internal/field"
	"github.com/mina-observability/otelcol-mina/processor/minaprocessor"
)

// redactor is the processor through which transitions go on to their destinations.
type redactor struct {
	processor.Logs
	sink *consumertest.LogsSink
}

func newRedactor(tb testing.TB, redaction map[string]any) *redactor {
	tb.Helper()
	factory := minaprocessor.NewFactory()
	cfg := factory.CreateDefaultConfig()
	require.NoError(tb, confmap.NewFromStringMap(map[string]any{"semconv": nil, "redaction": redaction}).Unmarshal(cfg))
	r := &redactor{sink: &consumertest.LogsSink{}}
	var err error
	r.Logs, err = factory.CreateLogs(tb.Context(), processortest.NewNopSettings(factory.Type()), cfg, r.sink)
	require.NoError(tb, err)
	require.NoError(tb, r.Start(tb.Context(), componenttest.NewNopHost()))
	tb.Cleanup(func() { require.NoError(tb, r.Shutdown(tb.Context())) })
	return r
}

// redact returns what the processor makes of a copy.
func (r *redactor) redact(t *testing.T, logs plog.Logs) plog.Logs {
	t.Helper()
	r.sink.Reset()
	own := plog.NewLogs()
	logs.CopyTo(own)
	require.NoError(t, r.ConsumeLogs(t.Context(), own))
	return r.sink.AllLogs()[0]
}

func TestOrdinaryTransitionsPassTheRedactor(t *testing.T) {
	w := written(t, Config{
		Severity:    "critical",
		Labels:      map[string]string{"team": "security"},
		Annotations: map[string]string{"summary": `{{ .Value }} failed logins from {{ group "client.address" }}, {{ .First }} to {{ .Last }}, in {{ example "processing_time_ms" }} ms`},
		RunbookURL:  "https://wiki.example/{{ .Name }}",
		Search:      `"Login failed"`,
	}, byAddress)
	random := rand.New(rand.NewPCG(5, 6))
	r := newRedactor(t, nil)
	for range 1000 {
		m := failedLogins(failedLogin())
		m.Fingerprint = fingerprint(random)
		m.At = m.At.Add(time.Duration(random.Int64N(int64(10 * 365 * 24 * time.Hour))))
		m.First, m.Last = m.At.Add(-time.Minute), m.At
		m.Value = float64(random.IntN(1 << random.IntN(40)))
		firing := w.Firing(m)
		for _, logs := range []plog.Logs{firing, Resolved(firing, m.At.Add(time.Duration(random.Int64N(int64(time.Hour)))), 0)} {
			require.NoError(t, plogtest.CompareLogs(logs, r.redact(t, logs)))
		}
	}
}

// fingerprint returns one of which all digits may be decimal, as those of a card are, or
// all but be at the beginning, as those of a bank account.
func fingerprint(random *rand.Rand) uint64 {
	var bytes [8]byte
	for i := range bytes {
		bytes[i] = byte(random.IntN(10)<<4 | random.IntN(10))
	}
	if random.IntN(2) == 0 {
		bytes[0] = 0xbe
	}
	return binary.BigEndian.Uint64(bytes[:])
}

func TestFingerprintsAreHexadecimal(t *testing.T) {
	for want, fingerprint := range map[string]uint64{
		"000000000000ab12": 0xab12,
		"ffffffffffffffff": 0xffffffffffffffff,
		"411111111111111b": 0x4111111111111111,
		"be6853900754703e": 0xbe68539007547034,
		"be68539007547a34": 0xbe68539007547a34,
	} {
		assert.Equal(t, want, fingerprintText(fingerprint))
	}
}

func TestACardOfTwoHalvesIsRedacted(t *testing.T) {
	w := written(t, Config{
		Annotations: map[string]string{"summary": `paid by {{ example "card.first" }}{{ example "card.last" }}`},
		Labels:      map[string]string{"card": `4111{{ group "card.last" }}`},
	}, Facts{GroupBy: []string{"card.last"}})
	example := failedLogin()
	example.Record.Attributes().PutStr("card.first", "41111111")
	example.Record.Attributes().PutStr("card.last", "11111111")
	logs := newRedactor(t, nil).redact(t, w.Firing(Moment{At: began, Example: example, Group: []Label{{"card.last", "111111111111"}}}))
	s, _ := field.First(logs)
	assert.NotContains(t, s.Record.Body().Str(), "4111111111111111")
	assert.Contains(t, s.Record.Body().Str(), "paid by ")
	for _, name := range []string{"alert.annotations.summary", "alert.labels.card"} {
		assert.NotContains(t, attribute(t, logs, name), "4111111111111111", name)
	}
}
