package main

import (
	"context"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/processor"

	"github.com/mina-observability/otelcol-mina/internal/evaluation"
)

// newProcess returns what a processor does to logs.
func newProcess(factory processor.Factory, section map[string]any) (evaluation.Process, error) {
	config := factory.CreateDefaultConfig()
	if err := confmap.NewFromStringMap(section).Unmarshal(config); err != nil {
		return nil, err
	}
	if err := confmap.Validate(config); err != nil {
		return nil, err
	}
	var delivered plog.Logs
	next, err := consumer.NewLogs(func(_ context.Context, logs plog.Logs) error { delivered = logs; return nil })
	if err != nil {
		return nil, err
	}
	settings := processor.Settings{ID: component.NewID(factory.Type()), TelemetrySettings: componenttest.NewNopTelemetrySettings()}
	logs, err := factory.CreateLogs(context.Background(), settings, config, next)
	if err != nil {
		return nil, err
	}
	if err = logs.Start(context.Background(), componenttest.NewNopHost()); err != nil {
		return nil, err
	}
	return func(in plog.Logs) (plog.Logs, error) {
		err := logs.ConsumeLogs(context.Background(), in)
		return delivered, err
	}, nil
}
