package minaprocessor

import (
	"errors"
	"fmt"

	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/stanza/operator/helper"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/config/configoptional"
	"go.opentelemetry.io/collector/confmap"

	"github.com/mina-observability/otelcol-mina/internal/configkeys"
	"github.com/mina-observability/otelcol-mina/internal/semconv"
	"github.com/mina-observability/otelcol-mina/processor/minaprocessor/internal/redaction"
)

// Config of the processor. At least one section is required.
type Config struct {
	// Semconv gives attributes the names of the semantic conventions.
	Semconv configoptional.Optional[semconv.Config] `mapstructure:"semconv"`
	// Redaction removes secrets, after Semconv.
	Redaction configoptional.Optional[redaction.Config] `mapstructure:"redaction"`
	// MaxRecordSize is the length in bytes of the longest record, as it is in OTLP. Of a
	// longer one the longest texts are cut, after Redaction. Its resource and its scope
	// may have an eighth of it each, or 32KiB, on top. Default: 512KiB.
	MaxRecordSize helper.ByteSize `mapstructure:"max_record_size"`
	_             struct{}
}

const (
	defaultMaxRecordSize = 512 << 10
	minMaxRecordSize     = 16 << 10
)

func createDefaultConfig() component.Config {
	return &Config{
		Semconv:       configoptional.Default(semconv.DefaultConfig()),
		Redaction:     configoptional.Default(redaction.DefaultConfig()),
		MaxRecordSize: defaultMaxRecordSize,
	}
}

// Unmarshal says of a key that does not exist which one was meant.
func (c *Config) Unmarshal(conf *confmap.Conf) error { return configkeys.Unmarshal(conf, c) }

// Validate reports a processor without a task, and a bound that no record could keep.
func (c *Config) Validate() error {
	var errs []error
	if !c.Semconv.HasValue() && !c.Redaction.HasValue() {
		errs = append(errs, errors.New("at least one of semconv and redaction is required"))
	}
	if c.MaxRecordSize < minMaxRecordSize {
		errs = append(errs, fmt.Errorf("max_record_size must be at least 16KiB (got %d)", c.MaxRecordSize))
	}
	return errors.Join(errs...)
}
