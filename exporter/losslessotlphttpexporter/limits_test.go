package losslessotlphttpexporter

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mina-observability/otelcol-mina/internal/truncate"
)

// shortened returns how many records the exporter says it has delivered shortened.
func shortened(t *testing.T, f *fixture) string {
	metrics, err := f.telemetry.GetMetric("otelcol_exporter_lossless_shortened_records")
	require.NoError(t, err)
	return fmt.Sprint(metrics.Data)
}

func TestRecordsAreSentAsTheDestinationCanHoldThem(t *testing.T) {
	status := http.StatusServiceUnavailable
	d := newServer(t, func(bodies []string, _ int) answer {
		if status != 0 {
			return answer{status: status}
		}
		return refuseFor("refused", http.StatusBadRequest)(bodies, 0)
	})
	cfg := configFor(t, d.URL)
	cfg.Limits = truncate.Limits{BodyBytes: 1000}
	f := newFixture(t, cfg)
	assert.Contains(t, shortened(t, f), " 0 ", "from the start")
	refused := "refused " + strings.Repeat("x", 2000)
	logs := records("short", "long "+strings.Repeat("x", 2000), refused)
	logs.MarkReadOnly()
	require.Error(t, f.push(t.Context(), logs))
	assert.Contains(t, shortened(t, f), " 0 ", "nothing is delivered")
	status = 0
	require.NoError(t, f.push(t.Context(), logs))
	assert.Len(t, d.taken, 2)
	for _, record := range d.all {
		assert.LessOrEqual(t, len(record.Body().Str()), 1000)
		_, marked := record.Attributes().Get("mina.truncated")
		assert.Equal(t, record.Body().Str() != "short", marked)
	}
	assert.Contains(t, shortened(t, f), " 1 ")
	assert.Equal(t, []string{refused}, deadLetters(t, f), "a dead letter is the whole record")
}
