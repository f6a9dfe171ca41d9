package semconv

import (
	"errors"
	"fmt"

	semconv "go.opentelemetry.io/otel/semconv/v1.43.0"
)

// Config is the section semconv: the choices that the conventions leave.
type Config struct {
	// ServiceName is service.name where the records do not tell it. Default: mina.
	ServiceName string `mapstructure:"service_name"`
	// ServiceNameFrom is the attribute of the resource that is service.name as well, where
	// the records do not tell it and the resource has it, such as k8s.container.name, with
	// several applications beside each other. Default: none.
	ServiceNameFrom string `mapstructure:"service_name_from"`
	// ServiceVersion is service.version. Default: none.
	ServiceVersion string `mapstructure:"service_version"`
	// ServiceNamespace is service.namespace. Default: none.
	ServiceNamespace string `mapstructure:"service_namespace"`
	// DeploymentEnvironment is deployment.environment.name. Default: none.
	DeploymentEnvironment string `mapstructure:"deployment_environment"`
	// Resource are further attributes of the resource, by name, such as k8s.node.name: for
	// resources that do not have them. An empty text is left out. Default: none.
	Resource map[string]string `mapstructure:"resource"`
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

// optionsOf are the attributes of the resource that have an option of their own.
var optionsOf = map[string]string{
	string(semconv.ServiceNameKey):               "service_name",
	string(semconv.ServiceVersionKey):            "service_version",
	string(semconv.ServiceNamespaceKey):          "service_namespace",
	string(semconv.DeploymentEnvironmentNameKey): "deployment_environment",
}

// Validate reports unknown choices, and what is chosen in two places.
func (c *Config) Validate() error {
	var errs []error
	for name, option := range optionsOf {
		if _, twice := c.Resource[name]; twice {
			errs = append(errs, fmt.Errorf("resource: %s has an option of its own: set %s instead", name, option))
		}
	}
	if c.SeverityText != SeverityTextOriginal && c.SeverityText != SeverityTextOTel {
		errs = append(errs, fmt.Errorf("severity_text must be original or otel (got %q)", c.SeverityText))
	}
	if c.RequestID != RequestIDAttribute && c.RequestID != RequestIDHeader {
		errs = append(errs, fmt.Errorf("request_id must be attribute or header (got %q)", c.RequestID))
	}
	return errors.Join(errs...)
}
