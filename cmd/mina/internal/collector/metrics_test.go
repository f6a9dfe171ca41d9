package collector

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestMetricsAreRead(t *testing.T) {
	samples := parseSamples([]byte(`# HELP otelcol_queue_bytes Bytes in the queue.
# TYPE otelcol_queue_bytes gauge
otelcol_queue_bytes{pipeline="logs/otlp"} 1.073741824e+09
otelcol_queue_bytes{pipeline="logs/a\"b\\c\n,}",kind="x"} 2 1759335125785
otelcol_process_uptime 6.904955306
otelcol_limit +Inf

not a metric at all
otelcol_broken{pipeline="logs 1
otelcol_broken{pipeline} 1
otelcol_broken{} one
`))
	assert.Equal(t, Samples{
		{Name: "otelcol_queue_bytes", Labels: map[string]string{"pipeline": "logs/otlp"}, Value: 1 << 30},
		{Name: "otelcol_queue_bytes", Labels: map[string]string{"pipeline": "logs/a\"b\\c\n,}", "kind": "x"}, Value: 2},
		{Name: "otelcol_process_uptime", Value: 6.904955306},
		{Name: "otelcol_limit", Value: math.Inf(1)},
	}, samples)
	assert.InDelta(t, 1<<30+2, samples.Sum("otelcol_queue_bytes"), 0)
	assert.InDelta(t, 2, samples.Sum("otelcol_queue_bytes", "kind", "x"), 0)
	assert.Equal(t, map[string]float64{"": 1 << 30, "x": 2}, samples.Values("otelcol_queue_bytes", "kind"))
	assert.True(t, samples.Has("otelcol_process_uptime"))
	assert.False(t, samples.Has("otelcol_queue_bytes", "kind", "y"))
}

func FuzzMetrics(f *testing.F) {
	f.Add([]byte(`a{b="c",d="\\e"} 1`))
	f.Add([]byte("a 1 2\nb{"))
	f.Fuzz(func(t *testing.T, text []byte) {
		for _, sample := range parseSamples(text) {
			assert.NotEmpty(t, sample.Name)
		}
	})
}
