package fanoutconnector

import (
	"context"
	"slices"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/connector"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/pipeline"

	"github.com/mina-observability/otelcol-mina/connector/fanoutconnector/internal/metadata"
)

// NewFactory returns the factory of the connector fanout.
func NewFactory() connector.Factory {
	return connector.NewFactory(metadata.Type, createDefaultConfig,
		connector.WithLogsToLogs(createLogs, metadata.LogsToLogsStability),
		connector.WithMetricsToMetrics(createMetrics, metadata.MetricsToMetricsStability),
		connector.WithTracesToTraces(createTraces, metadata.TracesToTracesStability))
}

func createLogs(_ context.Context, set connector.Settings, cfg component.Config, next consumer.Logs) (connector.Logs, error) {
	counters, err := metadata.NewTelemetryBuilder(set.TelemetrySettings)
	if err != nil {
		return nil, err
	}
	l := &logs{cfg: cfg.(*Config), id: set.ID, set: set.TelemetrySettings, counters: counters}
	router, ok := next.(connector.LogsRouterAndConsumer)
	if !ok {
		l.lanes = []*lane{newLane(l.cfg, set, pipeline.NewID(pipeline.SignalLogs), next, counters)}
		return l, nil
	}
	if err := l.cfg.checkPipelines(router.PipelineIDs()); err != nil {
		return nil, err
	}
	unwaited := l.cfg.letsGo(router.PipelineIDs())
	for _, id := range router.PipelineIDs() {
		behind, err := router.Consumer(id)
		if err != nil {
			return nil, err
		}
		if slices.Contains(l.cfg.Observers, id) {
			l.observers = append(l.observers, newObserver(set, id, behind, counters))
			continue
		}
		lane := newLane(l.cfg, set, id, behind, counters)
		if slices.Contains(unwaited, id) {
			lane.letGo()
		}
		l.lanes = append(l.lanes, lane)
	}
	return l, nil
}

func createMetrics(_ context.Context, _ connector.Settings, _ component.Config, next consumer.Metrics) (connector.Metrics, error) {
	return &metrics{Metrics: next}, nil
}

func createTraces(_ context.Context, _ connector.Settings, _ component.Config, next consumer.Traces) (connector.Traces, error) {
	return &traces{Traces: next}, nil
}
