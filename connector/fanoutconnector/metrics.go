package fanoutconnector

import (
	"context"
	"errors"
	"time"

	"go.opentelemetry.io/otel/metric"
)

// measure lets the collector's metrics ask the lanes.
func (l *logs) measure() error {
	return errors.Join(
		l.counters.RegisterPipelineHealthyCallback(func(_ context.Context, o metric.Int64Observer) error {
			for _, lane := range l.lanes {
				healthy, _ := lane.health.measure(time.Now())
				o.Observe(asInt(healthy), lane.labels)
			}
			return nil
		}),
		l.counters.RegisterPipelineLastDeliveryTimestampSecondsCallback(func(_ context.Context, o metric.Float64Observer) error {
			for _, lane := range l.lanes {
				o.Observe(lane.health.lastTaken(), lane.labels)
			}
			return nil
		}),
		l.counters.RegisterFanoutWaitingSecondsCallback(func(_ context.Context, o metric.Float64Observer) error {
			for _, lane := range l.lanes {
				_, waiting := lane.health.measure(time.Now())
				o.Observe(waiting.Seconds(), lane.labels)
			}
			return nil
		}),
		l.counters.RegisterFanoutQueueBytesCallback(func(_ context.Context, o metric.Int64Observer) error {
			for _, lane := range l.lanes {
				used, _ := lane.queueBytes()
				o.Observe(used, lane.labels)
			}
			return nil
		}),
		l.counters.RegisterFanoutQueueCapacityBytesCallback(func(_ context.Context, o metric.Int64Observer) error {
			for _, lane := range l.lanes {
				_, capacity := lane.queueBytes()
				o.Observe(capacity, lane.labels)
			}
			return nil
		}),
	)
}

// queueBytes returns how long the queue is, and may get.
func (l *lane) queueBytes() (used, capacity int64) {
	if l.queue == nil {
		return 0, 0
	}
	return l.queue.Bytes(), l.queue.Capacity
}

func asInt(yes bool) int64 {
	if yes {
		return 1
	}
	return 0
}
