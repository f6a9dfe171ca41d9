package alertmanagerexporter

import (
	"context"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/exporter"

	"github.com/mina-observability/otelcol-mina/exporter/alertmanagerexporter/internal/metadata"
)

// NewFactory returns the factory of the exporter alertmanager.
func NewFactory() exporter.Factory {
	return exporter.NewFactory(metadata.Type, createDefaultConfig, exporter.WithLogs(createLogs, metadata.LogsStability))
}

func createLogs(_ context.Context, set exporter.Settings, cfg component.Config) (exporter.Logs, error) {
	return newExporter(cfg.(*Config), set)
}
