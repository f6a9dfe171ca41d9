package statusextension

import (
	"context"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/extension"

	"github.com/mina-observability/otelcol-mina/extension/statusextension/internal/metadata"
)

// NewFactory returns the factory of the extension mina_status.
func NewFactory() extension.Factory {
	return extension.NewFactory(metadata.Type, createDefaultConfig, create, metadata.ExtensionStability)
}

func create(_ context.Context, set extension.Settings, cfg component.Config) (extension.Extension, error) {
	return &status{cfg: cfg.(*Config), logger: set.Logger, version: set.BuildInfo.Version, started: time.Now()}, nil
}
