package minaprocessor

import (
	"errors"
	"fmt"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/config/configopaque"
	"go.opentelemetry.io/collector/config/configoptional"

	"github.com/mina-observability/otelcol-mina/processor/minaprocessor/internal/redaction"
	"github.com/mina-observability/otelcol-mina/processor/minaprocessor/internal/semconv"
)

// Config of the processor. At least one section is required.
type Config struct {
	// Semconv gives attributes the names of the semantic conventions.
	Semconv configoptional.Optional[SemconvConfig] `mapstructure:"semconv"`
	// Redaction removes secrets, after Semconv.
	Redaction configoptional.Optional[RedactionConfig] `mapstructure:"redaction"`
	_         struct{}
}

// SemconvConfig is the section semconv.
type SemconvConfig struct {
	// ServiceName is service.name where the records do not tell it. Default: mina.
	ServiceName string `mapstructure:"service_name"`
	// ServiceVersion is service.version. Default: none.
	ServiceVersion string `mapstructure:"service_version"`
	// ServiceNamespace is service.namespace. Default: none.
	ServiceNamespace string `mapstructure:"service_namespace"`
	// DeploymentEnvironment is deployment.environment.name. Default: none.
	DeploymentEnvironment string `mapstructure:"deployment_environment"`
	// SeverityText is original (default: as it came, WARNING) or otel (WARN).
	SeverityText string `mapstructure:"severity_text"`
	// RequestID says what request_id is: attribute (default: mina.request.id) or
	// header (http.request.header.x-request-id).
	RequestID string `mapstructure:"request_id"`
	// CustomPrefix goes in front of attributes that the conventions do not know and
	// that have no dot in their name, such as "mina.". Default: none.
	CustomPrefix string `mapstructure:"custom_prefix"`
	_            struct{}
}

// RedactionConfig is the section redaction.
type RedactionConfig struct {
	// Action is mask (default), hash or drop.
	Action redaction.Action `mapstructure:"action"`
	// HashKey is the key for action hash, of at least 32 bytes. Default: none.
	HashKey configopaque.String `mapstructure:"hash_key"`
	// Rules names the rules to apply. Default: all.
	Rules []string `mapstructure:"rules"`
	// SensitiveKeys are words or phrases that make a key sensitive, besides the
	// built-in ones: "badge number" matches badgeNumber, badge_number and so on.
	SensitiveKeys []string `mapstructure:"sensitive_keys"`
	// AllowedKeys are keys that are not sensitive, written as they come.
	AllowedKeys []string `mapstructure:"allowed_keys"`
	_           struct{}
}

func createDefaultConfig() component.Config {
	return &Config{
		Semconv:   configoptional.Default(SemconvConfig{ServiceName: "mina", SeverityText: "original", RequestID: "attribute"}),
		Redaction: configoptional.Default(RedactionConfig{Action: redaction.Mask}),
	}
}

// Validate reports a processor without a task.
func (c *Config) Validate() error {
	if !c.Semconv.HasValue() && !c.Redaction.HasValue() {
		return errors.New("at least one of semconv and redaction is required")
	}
	return nil
}

// Validate reports unknown choices.
func (c *SemconvConfig) Validate() error {
	var errs []error
	if c.SeverityText != "original" && c.SeverityText != "otel" {
		errs = append(errs, fmt.Errorf("severity_text must be original or otel (got %q)", c.SeverityText))
	}
	if c.RequestID != "attribute" && c.RequestID != "header" {
		errs = append(errs, fmt.Errorf("request_id must be attribute or header (got %q)", c.RequestID))
	}
	return errors.Join(errs...)
}

func (c *SemconvConfig) options() semconv.Options {
	return semconv.Options{
		ServiceName:           c.ServiceName,
		ServiceVersion:        c.ServiceVersion,
		ServiceNamespace:      c.ServiceNamespace,
		DeploymentEnvironment: c.DeploymentEnvironment,
		OTelSeverityText:      c.SeverityText == "otel",
		RequestIDHeader:       c.RequestID == "header",
		CustomPrefix:          c.CustomPrefix,
	}
}

// Validate reports unknown rules and actions, and a hash without a proper key.
func (c *RedactionConfig) Validate() error {
	options := c.options()
	return options.Validate()
}

func (c *RedactionConfig) options() redaction.Options {
	return redaction.Options{
		Action:        c.Action,
		HashKey:       []byte(c.HashKey),
		Rules:         c.Rules,
		SensitiveKeys: c.SensitiveKeys,
		AllowedKeys:   c.AllowedKeys,
	}
}
