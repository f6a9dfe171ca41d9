package minaprocessor

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/mina-observability/otelcol-mina/processor/minaprocessor/internal/corpus"
	"github.com/mina-observability/otelcol-mina/processor/minaprocessor/internal/evaluation"
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
