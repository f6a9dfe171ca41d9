package minareceiver

import (
	"errors"
	"fmt"
	"time"

	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/stanza/operator/helper"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/config/confighttp"
	"go.opentelemetry.io/collector/config/configoptional"

	"github.com/mina-observability/otelcol-mina/internal/minalog"
	"github.com/mina-observability/otelcol-mina/receiver/minareceiver/internal/inflight"
	"github.com/mina-observability/otelcol-mina/receiver/minareceiver/internal/tail"
)

// Config of the receiver. At least one of the inputs file, http and stdin is required.
type Config struct {
	// Config says how lines are read: format, fields, timezone, include_original.
	minalog.Config `mapstructure:",squash"`

	// File tails files.
	File configoptional.Optional[tail.Config] `mapstructure:"file"`
	// HTTP takes records over HTTP.
	HTTP configoptional.Optional[HTTPConfig] `mapstructure:"http"`
	// Stdin reads standard input to its end.
	Stdin configoptional.Optional[StdinConfig] `mapstructure:"stdin"`

	// InFlight bounds what is read and not answered for, and says when it is offered
	// again: max_in_flight, retry.
	InFlight inflight.Config `mapstructure:",squash"`
	_        struct{}
}

// HTTPConfig is the input http.
type HTTPConfig struct {
	// ServerConfig holds endpoint (default: localhost:8319), tls, auth, cors,
	// max_request_body_size (default: 8MiB, after decompression) and the rest of confighttp.
	confighttp.ServerConfig `mapstructure:",squash"`

	// MaxRecordSize is the length in bytes of the longest record. Default: 256KiB.
	MaxRecordSize helper.ByteSize `mapstructure:"max_record_size"`
	// DeliveryTimeout is how long a request waits for the pipeline's answer before
	// it is answered with 503. Default: 10s.
	DeliveryTimeout time.Duration `mapstructure:"delivery_timeout"`
	// MaxInFlight bounds, in bytes of their bodies, the requests at work; more are
	// answered with 429. Default: 16MiB.
	MaxInFlight helper.ByteSize `mapstructure:"max_in_flight"`
	_           struct{}
}

// StdinConfig is the input stdin.
type StdinConfig struct {
	// MaxLogSize is the length in bytes of the longest record. Default: 256KiB.
	MaxLogSize helper.ByteSize `mapstructure:"max_log_size"`
	_          struct{}
}

const (
	defaultEndpoint   = "localhost:8319"
	defaultMaxLogSize = 256 << 10
	minMaxLogSize     = 1 << 10
)

func createDefaultConfig() component.Config {
	server := confighttp.NewDefaultServerConfig()
	server.NetAddr.Endpoint = defaultEndpoint
	server.MaxRequestBodySize = 8 << 20
	return &Config{
		Config: minalog.DefaultConfig(),
		File:   configoptional.Default(tail.DefaultConfig()),
		HTTP: configoptional.Default(HTTPConfig{
			ServerConfig:    server,
			MaxRecordSize:   defaultMaxLogSize,
			DeliveryTimeout: 10 * time.Second,
			MaxInFlight:     16 << 20,
		}),
		Stdin:    configoptional.Default(StdinConfig{MaxLogSize: defaultMaxLogSize}),
		InFlight: inflight.DefaultConfig(),
	}
}

// Validate reports what would keep the receiver from working.
func (c *Config) Validate() error {
	var errs []error
	if !c.File.HasValue() && !c.HTTP.HasValue() && !c.Stdin.HasValue() {
		errs = append(errs, errors.New("at least one of file, http and stdin is required"))
	}
	if err := c.Config.Validate(); err != nil {
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

// Validate reports values out of range.
func (c *HTTPConfig) Validate() error {
	var errs []error
	if c.DeliveryTimeout <= 0 {
		errs = append(errs, fmt.Errorf("delivery_timeout must be positive (got %s)", c.DeliveryTimeout))
	}
	errs = append(errs, validateSize("max_record_size", c.MaxRecordSize), validateSize("max_in_flight", c.MaxInFlight))
	return errors.Join(errs...)
}

// Validate reports values out of range.
func (c *StdinConfig) Validate() error { return validateSize("max_log_size", c.MaxLogSize) }

func validateSize(name string, size helper.ByteSize) error {
	if size < minMaxLogSize {
		return fmt.Errorf("%s must be at least 1KiB (got %d)", name, size)
	}
	return nil
}
