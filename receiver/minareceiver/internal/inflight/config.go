package inflight

import (
	"fmt"
	"time"

	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/stanza/operator/helper"
)

// minMaxInFlight is the least that makes sense for Config.MaxInFlight.
const minMaxInFlight = 1 << 10

// Config says how much is in flight, and how it is offered again.
type Config struct {
	// MaxInFlight bounds, in bytes of log text, what file and stdin have read and
	// the pipeline has not answered for yet. Less is in flight where more would not
	// be delivered faster. Default: 12MiB.
	MaxInFlight helper.ByteSize `mapstructure:"max_in_flight"`
	// Retry is the pause before a batch that the pipeline refuses is offered again.
	// Default: 1s, growing to 30s, without an end.
	Retry RetryConfig `mapstructure:"retry"`
	_     struct{}
}

// RetryConfig is a pause that grows. There is no last try: the source waits.
type RetryConfig struct {
	// InitialInterval is the first pause. Default: 1s.
	InitialInterval time.Duration `mapstructure:"initial_interval"`
	// MaxInterval is the longest pause. Default: 30s.
	MaxInterval time.Duration `mapstructure:"max_interval"`
	_           struct{}
}

// DefaultConfig returns the defaults that Config names.
func DefaultConfig() Config {
	return Config{MaxInFlight: 12 << 20, Retry: RetryConfig{InitialInterval: time.Second, MaxInterval: 30 * time.Second}}
}

// Check reports values out of range, by the receiver's keys, which these are.
func (c *Config) Check() error {
	switch pause := c.Retry; {
	case c.MaxInFlight < minMaxInFlight:
		return fmt.Errorf("max_in_flight must be at least 1KiB (got %d)", c.MaxInFlight)
	case pause.InitialInterval <= 0:
		return fmt.Errorf("retry::initial_interval must be positive (got %s)", pause.InitialInterval)
	case pause.MaxInterval < pause.InitialInterval:
		return fmt.Errorf("retry::max_interval must not be less than retry::initial_interval, %s (got %s)", pause.InitialInterval, pause.MaxInterval)
	}
	return nil
}
