package minareceiver

import (
	"context"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"

	"github.com/mina-observability/otelcol-mina/internal/minalog"
	"github.com/mina-observability/otelcol-mina/receiver/minareceiver/internal/metadata"
)

// counters is the receiver's own telemetry. The sets of attributes are made
// once, since making one allocates.
type counters struct {
	builder    *metadata.TelemetryBuilder
	formats    [minalog.FormatCount]metric.AddOption
	reasons    [minalog.FailureCount]metric.AddOption
	transports map[string]metric.AddOption
}

const (
	transportFile  = "file"
	transportHTTP  = "http"
	transportStdin = "stdin"
)

func newCounters(set component.TelemetrySettings) (*counters, error) {
	builder, err := metadata.NewTelemetryBuilder(set)
	if err != nil {
		return nil, err
	}
	option := func(key, value string) metric.AddOption {
		return metric.WithAttributeSet(attribute.NewSet(attribute.String(key, value)))
	}
	c := &counters{builder: builder, transports: map[string]metric.AddOption{}}
	for i := range c.formats {
		c.formats[i] = option("format", minalog.Format(i).String())
	}
	for i := range c.reasons {
		c.reasons[i] = option("reason", minalog.Failure(i).String())
	}
	for _, transport := range []string{transportFile, transportHTTP, transportStdin} {
		c.transports[transport] = option("transport", transport)
	}
	return c, nil
}

// count adds what was read for a batch.
func (c *counters) count(ctx context.Context, transport string, b *minalog.Batch, bytes int64) {
	c.builder.ReceiverMinaReadBytes.Add(ctx, bytes, c.transports[transport])
	for i, n := range b.Lines {
		if n > 0 {
			c.builder.ReceiverMinaLines.Add(ctx, n, c.formats[i])
		}
	}
	for i, n := range b.Failures {
		if n > 0 {
			c.builder.ReceiverMinaParseFailures.Add(ctx, n, c.reasons[i])
		}
	}
}

func (c *counters) rejected(ctx context.Context, records int) {
	c.builder.ReceiverMinaRejectedRecords.Add(ctx, int64(records))
}

func (c *counters) shutdown() { c.builder.Shutdown() }
