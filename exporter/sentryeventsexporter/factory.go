package sentryeventsexporter

import (
	"context"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/exporter"
	"go.opentelemetry.io/collector/exporter/exporterhelper"

	"github.com/mina-observability/otelcol-mina/exporter/sentryeventsexporter/internal/metadata"
	"github.com/mina-observability/otelcol-mina/internal/destination"
)

// NewFactory returns the factory of the exporter sentry_events.
func NewFactory() exporter.Factory {
	return exporter.NewFactory(metadata.Type, createDefaultConfig, exporter.WithLogs(createLogs, metadata.LogsStability))
}

func createLogs(ctx context.Context, set exporter.Settings, cfg component.Config) (exporter.Logs, error) {
	s, err := newSender(cfg.(*Config), set)
	if err != nil {
		return nil, err
	}
	helper := set
	helper.Logger = destination.HelperLogger(set.Logger, s.cfg.QueueConfig)
	queue, err := exporterhelper.NewLogs(ctx, helper, cfg, s.push,
		exporterhelper.WithStart(s.start),
		exporterhelper.WithShutdown(s.shutdown),
		exporterhelper.WithCapabilities(consumer.Capabilities{MutatesData: false}),
		exporterhelper.WithTimeout(exporterhelper.TimeoutConfig{Timeout: 0}), // each request has its own
		exporterhelper.WithRetry(s.cfg.RetryConfig),
		exporterhelper.WithQueue(s.cfg.QueueConfig))
	if err != nil {
		return nil, err
	}
	return newSelector(s, set, s.flights.Around(queue))
}
