package minareceiver

import (
	"errors"
	"fmt"

	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/stanza/operator/helper"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/config/configoptional"
	"go.opentelemetry.io/collector/confmap"

	"github.com/mina-observability/otelcol-mina/internal/configkeys"
	"github.com/mina-observability/otelcol-mina/internal/minalog"
	"github.com/mina-observability/otelcol-mina/receiver/minareceiver/internal/inflight"
	"github.com/mina-observability/otelcol-mina/receiver/minareceiver/internal/tail"
)

// Config of the receiver. At least one of the inputs file, http and stdin is required.
type Config struct {
	// Config says how lines are read: format, fields, timezone, include_original.
	minalog.Config `mapstructure:",squash"`

	// IncludeRecordUID gives every record of file and stdin the attribute log.record.uid. One
	// that is read again, after a kill or from a rotated and compressed file, has the same,
	// as long as the checkpoint of its file is kept; no two have the same. A record with one
	// of its own keeps that. Default: false.
	IncludeRecordUID bool `mapstructure:"include_record_uid"`
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

// StdinConfig is the input stdin.
type StdinConfig struct {
	// MaxLogSize is the length in bytes of the longest record. Default: 256KiB.
	MaxLogSize helper.ByteSize `mapstructure:"max_log_size"`
	_          struct{}
}

const (
	defaultMaxLogSize = 256 << 10
	minMaxLogSize     = 1 << 10
)

func createDefaultConfig() component.Config {
	return &Config{
		Config:   minalog.DefaultConfig(),
		File:     configoptional.Default(tail.DefaultConfig()),
		HTTP:     configoptional.Default(defaultHTTPConfig()),
		Stdin:    configoptional.Default(StdinConfig{MaxLogSize: defaultMaxLogSize}),
		InFlight: inflight.DefaultConfig(),
	}
}

// Unmarshal says of a key that does not exist which one was meant.
func (c *Config) Unmarshal(conf *confmap.Conf) error { return configkeys.Unmarshal(conf, c) }

// Validate reports what would keep the receiver from working.
func (c *Config) Validate() error {
	var errs []error
	if !c.File.HasValue() && !c.HTTP.HasValue() && !c.Stdin.HasValue() {
		errs = append(errs, errors.New("at least one of file, http and stdin is required"))
	}
	return errors.Join(append(errs, c.Check(), c.InFlight.Check())...)
}

// Validate reports values out of range.
func (c *StdinConfig) Validate() error { return validateSize("max_log_size", c.MaxLogSize) }

func validateSize(name string, size helper.ByteSize) error {
	if size < minMaxLogSize {
		return fmt.Errorf("%s must be at least 1KiB (got %d)", name, size)
	}
	return nil
}
