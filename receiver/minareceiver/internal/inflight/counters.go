package inflight

import (
	"context"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"

	"github.com/mina-observability/otelcol-mina/internal/minalog"
	"github.com/mina-observability/otelcol-mina/receiver/minareceiver/internal/metadata"
)

// Counters is the receiver's own telemetry. The sets of attributes are made
// once, since making one allocates.
type Counters struct {
	builder    *metadata.TelemetryBuilder
	formats    [minalog.FormatCount]metric.AddOption
	reasons    [minalog.FailureCount]metric.AddOption
	transports map[string]metric.MeasurementOption
	skipped    [skipCount]metric.AddOption
}

// The reasons why bytes are passed over.
const (
	skippedNULs = iota
	skippedCompressed
	skipCount
)

// The transports that records come through.
const (
	TransportFile  = "file"
	TransportHTTP  = "http"
	TransportStdin = "stdin"
)

// NewCounters returns counters of the builder.
func NewCounters(builder *metadata.TelemetryBuilder) *Counters {
	option := func(key, value string) metric.MeasurementOption {
		return metric.WithAttributeSet(attribute.NewSet(attribute.String(key, value)))
	}
	c := &Counters{builder: builder, transports: map[string]metric.MeasurementOption{}}
	for i := range c.formats {
		c.formats[i] = option("format", minalog.Format(i).String())
		builder.ReceiverMinaLines.Add(context.Background(), 0, c.formats[i])
	}
	for i := range c.reasons {
		c.reasons[i] = option("reason", minalog.Failure(i).String())
		builder.ReceiverMinaParseFailures.Add(context.Background(), 0, c.reasons[i])
	}
	for _, transport := range []string{TransportFile, TransportHTTP, TransportStdin} {
		c.transports[transport] = option("transport", transport)
		builder.ReceiverMinaReadBytes.Add(context.Background(), 0, c.transports[transport])
	}
	for i, reason := range []string{"nul", "compressed"} {
		c.skipped[i] = option("reason", reason)
		builder.ReceiverMinaSkippedBytes.Add(context.Background(), 0, c.skipped[i])
	}
	builder.ReceiverMinaCutRecords.Add(context.Background(), 0)
	builder.ReceiverMinaLostBytes.Add(context.Background(), 0)
	return c
}

// Count adds what was read for a batch.
func (c *Counters) Count(ctx context.Context, transport string, b *minalog.Batch, bytes int64) {
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
	if b.Cut > 0 {
		c.builder.ReceiverMinaCutRecords.Add(ctx, b.Cut)
	}
	if b.NULs > 0 {
		c.builder.ReceiverMinaSkippedBytes.Add(ctx, b.NULs, c.skipped[skippedNULs])
	}
}

// Delivered records how long ago a batch was read that is acknowledged now.
func (c *Counters) Delivered(transport string, read time.Time) {
	c.builder.ReceiverMinaDeliverySeconds.Record(context.Background(), time.Since(read).Seconds(), c.transports[transport])
}
