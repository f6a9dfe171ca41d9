package fanoutconnector

import (
	"context"
	"sync"

	"go.opentelemetry.io/collector/connector"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pipeline"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
	"go.uber.org/zap"

	"github.com/mina-observability/otelcol-mina/connector/fanoutconnector/internal/metadata"
)

// observer is the way to a pipeline that delivers nothing, such as one that makes metrics
// of the records. It gets what has been answered for, once, and keeps nobody waiting.
type observer struct {
	next     consumer.Logs
	logger   *zap.Logger
	counters *metadata.TelemetryBuilder
	labels   metric.MeasurementOption

	// mu lets in one batch at a time: what adds up has one writer.
	mu   sync.Mutex
	said bool
}

func newObserver(set connector.Settings, id pipeline.ID, next consumer.Logs, counters *metadata.TelemetryBuilder) *observer {
	o := &observer{
		next:     next,
		logger:   set.Logger.With(zap.String("pipeline", id.String())),
		counters: counters,
		labels:   metric.WithAttributeSet(attribute.NewSet(attribute.String("pipeline", id.String()))),
	}
	o.counters.FanoutUnobservedRecords.Add(context.Background(), 0, o.labels)
	return o
}

// observe hands a batch on. What the pipeline refuses is only counted: the destinations
// have it, and must not get it again.
func (o *observer) observe(ctx context.Context, batch plog.Logs) {
	o.mu.Lock()
	defer o.mu.Unlock()
	err := handOnCopy(ctx, o.next, batch)
	if err == nil {
		return
	}
	o.counters.FanoutUnobservedRecords.Add(ctx, int64(batch.LogRecordCount()), o.labels)
	if !o.said {
		o.said = true
		o.logger.Warn("The pipeline, an observer, has not taken records that are delivered; further ones are only counted", zap.Error(err))
	}
}
