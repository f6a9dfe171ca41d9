package logstoreextension

import (
	"context"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/extension"

	"github.com/mina-observability/otelcol-mina/extension/logstoreextension/internal/metadata"
)

// NewFactory returns the factory of the extension log_store.
func NewFactory() extension.Factory {
	return extension.NewFactory(metadata.Type, createDefaultConfig, create, metadata.ExtensionStability)
}

func create(_ context.Context, set extension.Settings, cfg component.Config) (extension.Extension, error) {
	return newLogStore(cfg.(*Config), set.TelemetrySettings)
}
