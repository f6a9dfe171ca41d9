package goruntimeextension

import (
	"errors"
	"fmt"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/confmap"

	"github.com/mina-observability/otelcol-mina/internal/configkeys"
)

// Config of the extension. The variables GOGC and GOMEMLIMIT, where they are set,
// are stronger.
type Config struct {
	// GCPercent is how much the heap may grow over what was in use after the last
	// collection, in percent. More takes less CPU and more memory; Go's own default
	// is 100. Default: 400.
	GCPercent int `mapstructure:"gc_percent"`
	// LimitMiB is how much memory the collector may use, as for memory_limiter.
	// Default: 0, which sets no limit.
	LimitMiB int64 `mapstructure:"limit_mib"`
	// SoftLimitPercentage is the part of limit_mib from which on the heap is
	// collected as often as it takes to stay below. It counts what Go has taken
	// from the system, without the program itself. Default: 55.
	SoftLimitPercentage int64 `mapstructure:"soft_limit_percentage"`
	// PrivateFiles makes what the collector writes readable for its own user alone, also
	// where a component has no option for it, as contrib's file exporter
	// (docs/decisions/011-private-files.md). Default: true.
	PrivateFiles bool `mapstructure:"private_files"`
	_            struct{}
}

func createDefaultConfig() component.Config {
	return &Config{GCPercent: 400, SoftLimitPercentage: 55, PrivateFiles: true}
}

// Unmarshal says of a key that does not exist which one was meant.
func (c *Config) Unmarshal(conf *confmap.Conf) error { return configkeys.Unmarshal(conf, c) }

// Validate reports values out of range.
func (c *Config) Validate() error {
	var errs []error
	if c.GCPercent < 10 {
		errs = append(errs, fmt.Errorf("gc_percent must be at least 10 (got %d)", c.GCPercent))
	}
	if c.LimitMiB < 0 {
		errs = append(errs, fmt.Errorf("limit_mib must not be negative; 0 sets no limit (got %d)", c.LimitMiB))
	}
	if c.SoftLimitPercentage < 1 || c.SoftLimitPercentage > 100 {
		errs = append(errs, fmt.Errorf("soft_limit_percentage must be from 1 to 100 (got %d)", c.SoftLimitPercentage))
	}
	return errors.Join(errs...)
}

// softLimit returns the soft limit in bytes, or 0 if there is none.
func (c *Config) softLimit() int64 { return c.LimitMiB << 20 / 100 * c.SoftLimitPercentage }
