package logpageextension

import (
	"context"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/extension"

	"github.com/mina-observability/otelcol-mina/extension/logpageextension/internal/metadata"
)

// NewFactory returns the factory of the extension log_page.
func NewFactory() extension.Factory {
	return extension.NewFactory(metadata.Type, createDefaultConfig, create, metadata.ExtensionStability)
}

func create(_ context.Context, set extension.Settings, cfg component.Config) (extension.Extension, error) {
	return &logPage{cfg: cfg.(*Config), set: set}, nil
}
