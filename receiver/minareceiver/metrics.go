package minareceiver

import (
	"context"
	"errors"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"

	"github.com/mina-observability/otelcol-mina/receiver/minareceiver/internal/inflight"
	"github.com/mina-observability/otelcol-mina/receiver/minareceiver/internal/metadata"
	"github.com/mina-observability/otelcol-mina/receiver/minareceiver/internal/tail"
)

// measureInFlight lets the collector's metrics ask the sender.
func measureInFlight(telemetry *metadata.TelemetryBuilder, sender *inflight.Sender) error {
	return errors.Join(
		telemetry.RegisterReceiverMinaInFlightBytesCallback(func(_ context.Context, o metric.Int64Observer) error {
			bytes, _, _ := sender.InFlight(time.Now())
			o.Observe(bytes)
			return nil
		}),
		telemetry.RegisterReceiverMinaInFlightLimitBytesCallback(func(_ context.Context, o metric.Int64Observer) error {
			_, limit, _ := sender.InFlight(time.Now())
			o.Observe(limit)
			return nil
		}),
		telemetry.RegisterReceiverMinaOldestUnacknowledgedSecondsCallback(func(_ context.Context, o metric.Float64Observer) error {
			_, _, oldest := sender.InFlight(time.Now())
			o.Observe(oldest.Seconds())
			return nil
		}),
	)
}

// measureFiles lets the collector's metrics ask what the last scan has found.
func measureFiles(telemetry *metadata.TelemetryBuilder, tailer *tail.Tailer) error {
	return errors.Join(
		telemetry.RegisterReceiverMinaBacklogBytesCallback(func(_ context.Context, o metric.Int64Observer) error {
			for pattern, bytes := range tailer.Measured().Backlog {
				o.Observe(bytes, metric.WithAttributes(attribute.String("pattern", pattern)))
			}
			return nil
		}),
		telemetry.RegisterReceiverMinaFilesCallback(func(_ context.Context, o metric.Int64Observer) error {
			m := tailer.Measured()
			for state, files := range map[string]int64{"open": m.Open, "unreadable": m.Unreadable, "held": m.Held, "waiting": m.Waiting} {
				o.Observe(files, metric.WithAttributes(attribute.String("state", state)))
			}
			return nil
		}),
	)
}
