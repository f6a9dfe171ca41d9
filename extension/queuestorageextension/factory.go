package queuestorageextension

import (
	"context"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/extension"

	"github.com/mina-observability/otelcol-mina/extension/queuestorageextension/internal/metadata"
)

// NewFactory returns the factory of the extension queue_storage.
func NewFactory() extension.Factory {
	return extension.NewFactory(metadata.Type, createDefaultConfig, create, metadata.ExtensionStability)
}

func create(_ context.Context, _ extension.Settings, cfg component.Config) (extension.Extension, error) {
	return &queueStorage{storage: cfg.(*Config).Storage}, nil
}
