package fanoutconnector

import (
	"context"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/connector"
	"go.opentelemetry.io/collector/consumer"

	"github.com/mina-observability/otelcol-mina/connector/fanoutconnector/internal/metadata"
)

// NewFactory returns the factory of the connector fanout.
func NewFactory() connector.Factory {
	return connector.NewFactory(metadata.Type, createDefaultConfig,
		connector.WithLogsToLogs(createLogs, metadata.LogsToLogsStability),
		connector.WithMetricsToMetrics(createMetrics, metadata.MetricsToMetricsStability),
		connector.WithTracesToTraces(createTraces, metadata.TracesToTracesStability))
}

func createLogs(_ context.Context, _ connector.Settings, _ component.Config, next consumer.Logs) (connector.Logs, error) {
	router, ok := next.(connector.LogsRouterAndConsumer)
	if !ok {
		return newLogs(next), nil
	}
	var all []consumer.Logs
	for _, id := range router.PipelineIDs() {
		pipeline, err := router.Consumer(id)
		if err != nil {
			return nil, err
		}
		all = append(all, pipeline)
	}
	return newLogs(all...), nil
}

func createMetrics(_ context.Context, _ connector.Settings, _ component.Config, next consumer.Metrics) (connector.Metrics, error) {
	return &metrics{Metrics: next}, nil
}

func createTraces(_ context.Context, _ connector.Settings, _ component.Config, next consumer.Traces) (connector.Traces, error) {
	return &traces{Traces: next}, nil
}
