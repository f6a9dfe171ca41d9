package minaprocessor

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	"go.opentelemetry.io/otel/sdk/metric/metricdata/metricdatatest"

	"github.com/mina-observability/otelcol-mina/internal/corpus"
	"github.com/mina-observability/otelcol-mina/internal/evaluation"
	"github.com/mina-observability/otelcol-mina/processor/minaprocessor/internal/metadatatest"
	"github.com/mina-observability/otelcol-mina/processor/minaprocessor/internal/redaction"
)

// TestRecallAndFalsePositives measures on the kept lines; make bench-redaction
// prints the same, beside contrib's processor.
func TestRecallAndFalsePositives(t *testing.T) {
	positives, benign, err := corpus.Kept()
	require.NoError(t, err)
	process := func(sets ...any) evaluation.Process {
		p := newTestProcessor(t, map[string]any{"redaction": map[string]any{"sets": sets}})
		return func(logs plog.Logs) (plog.Logs, error) { return p.process(t.Context(), logs) }
	}
	t.Run("recall", func(t *testing.T) {
		found, missed, err := evaluation.Recall(process("default", "pii"), positives)
		require.NoError(t, err)
		for rule, f := range found {
			assert.GreaterOrEqual(t, f.Recall(), 0.99, "%s: %d of %d", rule, f.Gone, f.Of)
		}
		for i, line := range missed {
			if i < 60 {
				t.Logf("%s %q left in %s", line.Rule, line.Secret, line.Line)
			}
		}
	})
	t.Run("false positives", func(t *testing.T) {
		changed, err := evaluation.Changed(process("default"), benign)
		require.NoError(t, err)
		assert.LessOrEqual(t, evaluation.PerMillion(len(changed), len(benign)), 100.0)
		for line, record := range changed {
			t.Logf("%s became %s", line, record)
		}
	})
}

func TestHitsAreCountedByRuleAndLocation(t *testing.T) {
	telemetry := componenttest.NewTelemetry()
	t.Cleanup(func() { require.NoError(t, telemetry.Shutdown(context.Background())) })
	cfg := createDefaultConfig()
	require.NoError(t, confmap.NewFromStringMap(map[string]any{"redaction": map[string]any{"action": "audit"}}).Unmarshal(cfg))
	p, err := newProcessor(telemetry.NewTelemetrySettings(), cfg.(*Config))
	require.NoError(t, err)
	_, err = p.process(t.Context(), decode(t, []byte(`{"message": "card 4111111111111111 or 5555555555554444", "card": "4111111111111111", "password": "hunter2"}`+"\n")))
	require.NoError(t, err)
	point := func(hits int64, rule, location string) metricdata.DataPoint[int64] {
		return metricdata.DataPoint[int64]{Value: hits, Attributes: attribute.NewSet(attribute.String("rule", rule), attribute.String("location", location))}
	}
	hits := map[hit]int64{{"credit_card", redaction.Body}: 2, {"credit_card", redaction.Attributes}: 1, {"sensitive_key", redaction.Attributes}: 1}
	var want []metricdata.DataPoint[int64]
	for _, rule := range p.redactor.Names() {
		for _, location := range redaction.Locations() { // each is there from the start
			want = append(want, point(hits[hit{rule, location}], rule, location.String()))
		}
	}
	metadatatest.AssertEqualProcessorMinaRedactions(t, telemetry, want, metricdatatest.IgnoreTimestamp())
}
