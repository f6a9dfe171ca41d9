package statestorageextension

import (
	"errors"
	"fmt"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/confmap"

	"github.com/mina-observability/otelcol-mina/internal/configkeys"
)

// Config of the extension. Its keys are those of the stock file_storage.
type Config struct {
	// Directory is where the files are kept. Required.
	Directory string `mapstructure:"directory"`
	// CreateDirectory makes the directory, for its owner alone, if it is missing.
	// Default: true.
	CreateDirectory bool `mapstructure:"create_directory"`
	// Timeout is how long a file that another collector holds is waited for.
	// Default: 1s.
	Timeout time.Duration `mapstructure:"timeout"`
	// FSync has every change on the disk before it is answered for, so that a power
	// cut loses nothing of it. A killed process loses nothing without it. Default:
	// false.
	FSync bool `mapstructure:"fsync"`
	_     struct{}
}

func createDefaultConfig() component.Config {
	return &Config{CreateDirectory: true, Timeout: time.Second}
}

// Unmarshal says of a key that does not exist which one was meant.
func (c *Config) Unmarshal(conf *confmap.Conf) error { return configkeys.Unmarshal(conf, c) }

// Validate reports what is missing or cannot be.
func (c *Config) Validate() error {
	switch {
	case c.Directory == "":
		return errors.New("directory must name the folder of the state files, such as /var/lib/otelcol-mina")
	case c.Timeout <= 0:
		return fmt.Errorf("timeout must be positive (got %s)", c.Timeout)
	}
	return nil
}
