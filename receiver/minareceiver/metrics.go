package minareceiver

import (
	"context"
	"errors"
	"strings"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"

	"github.com/mina-observability/otelcol-mina/receiver/minareceiver/internal/inflight"
	"github.com/mina-observability/otelcol-mina/receiver/minareceiver/internal/metadata"
	"github.com/mina-observability/otelcol-mina/receiver/minareceiver/internal/tail"
)

// measures are what the collector's metrics ask for. Each has the receiver's id, since
// of two receivers the last one would be seen alone.
type measures struct {
	telemetry *metadata.TelemetryBuilder
	receiver  attribute.KeyValue
}

func newMeasures(telemetry *metadata.TelemetryBuilder, receiver component.ID) measures {
	return measures{telemetry, attribute.String("receiver", receiver.String())}
}

func (m measures) of(attributes ...attribute.KeyValue) metric.MeasurementOption {
	return metric.WithAttributes(append(attributes, m.receiver)...)
}

// ofInFlight asks the sender, and for the oldest text also the tailer, if there is one.
func (m measures) ofInFlight(sender *inflight.Sender, tailer *tail.Tailer) error {
	return errors.Join(
		m.telemetry.RegisterReceiverMinaInFlightBytesCallback(func(_ context.Context, o metric.Int64Observer) error {
			bytes, _, _ := sender.InFlight(time.Now())
			o.Observe(bytes, m.of())
			return nil
		}),
		m.telemetry.RegisterReceiverMinaInFlightLimitBytesCallback(func(_ context.Context, o metric.Int64Observer) error {
			_, limit, _ := sender.InFlight(time.Now())
			o.Observe(limit, m.of())
			return nil
		}),
		m.telemetry.RegisterReceiverMinaOldestUnacknowledgedSecondsCallback(func(_ context.Context, o metric.Float64Observer) error {
			now := time.Now()
			_, _, oldest := sender.InFlight(now)
			if tailer != nil {
				if since := tailer.Measured().Oldest; !since.IsZero() {
					oldest = max(oldest, now.Sub(since))
				}
			}
			o.Observe(oldest.Seconds(), m.of())
			return nil
		}),
	)
}

// ofFiles asks for what the last scan has found.
func (m measures) ofFiles(tailer *tail.Tailer) error {
	return errors.Join(
		m.telemetry.RegisterReceiverMinaBacklogBytesCallback(func(_ context.Context, o metric.Int64Observer) error {
			for pattern, bytes := range tailer.Measured().Backlog {
				o.Observe(bytes, m.of(attribute.String("pattern", strings.ToValidUTF8(pattern, "\uFFFD"))))
			}
			return nil
		}),
		m.telemetry.RegisterReceiverMinaFilesCallback(func(_ context.Context, o metric.Int64Observer) error {
			found := tailer.Measured()
			for state, files := range map[string]int64{"open": found.Open, "unreadable": found.Unreadable, "held": found.Held, "waiting": found.Waiting} {
				o.Observe(files, m.of(attribute.String("state", state)))
			}
			return nil
		}),
	)
}
