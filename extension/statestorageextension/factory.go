package statestorageextension

import (
	"context"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/extension"

	"github.com/mina-observability/otelcol-mina/extension/statestorageextension/internal/metadata"
)

// NewFactory returns the factory of the extension state_storage.
func NewFactory() extension.Factory {
	return extension.NewFactory(metadata.Type, createDefaultConfig, create, metadata.ExtensionStability)
}

func create(ctx context.Context, set extension.Settings, cfg component.Config) (extension.Extension, error) {
	telemetry, err := metadata.NewTelemetryBuilder(set.TelemetrySettings)
	if err != nil {
		return nil, err
	}
	telemetry.StorageDamagedFiles.Add(ctx, 0)
	telemetry.StorageDamagedItems.Add(ctx, 0)
	return &stateStorage{cfg: cfg.(*Config), logger: set.Logger, telemetry: telemetry}, nil
}
