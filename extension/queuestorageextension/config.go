package queuestorageextension

import (
	"errors"

	"go.opentelemetry.io/collector/component"
)

// Config of the extension.
type Config struct {
	// Storage is the id of the storage extension that keeps the queues. Required.
	Storage component.ID `mapstructure:"storage"`
	_       struct{}
}

func createDefaultConfig() component.Config { return &Config{} }

// Validate reports a missing storage.
func (c *Config) Validate() error {
	if c.Storage == (component.ID{}) {
		return errors.New("storage must name a storage extension, such as file_storage")
	}
	return nil
}
