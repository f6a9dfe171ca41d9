package semconv

import (
	"errors"
	"fmt"
)

// Config is the section semconv: the choices that the conventions leave.
type Config struct {
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

// The choices for SeverityText and RequestID.
const (
	SeverityTextOriginal = "original"
	SeverityTextOTel     = "otel"
	RequestIDAttribute   = "attribute"
	RequestIDHeader      = "header"
)

// DefaultConfig returns the choices where nothing is chosen.
func DefaultConfig() Config {
	return Config{ServiceName: "mina", SeverityText: SeverityTextOriginal, RequestID: RequestIDAttribute}
}

// Validate reports unknown choices.
func (c *Config) Validate() error {
	var errs []error
	if c.SeverityText != SeverityTextOriginal && c.SeverityText != SeverityTextOTel {
		errs = append(errs, fmt.Errorf("severity_text must be original or otel (got %q)", c.SeverityText))
	}
	if c.RequestID != RequestIDAttribute && c.RequestID != RequestIDHeader {
		errs = append(errs, fmt.Errorf("request_id must be attribute or header (got %q)", c.RequestID))
	}
	return errors.Join(errs...)
}
