package sentryeventsexporter

import (
	"errors"
	"fmt"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/config/confighttp"
	"go.opentelemetry.io/collector/config/configopaque"
	"go.opentelemetry.io/collector/config/configoptional"
	"go.opentelemetry.io/collector/config/configretry"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/exporter/exporterhelper"

	"github.com/mina-observability/otelcol-mina/internal/configkeys"
	"github.com/mina-observability/otelcol-mina/internal/destination"
	"github.com/mina-observability/otelcol-mina/internal/setting"
)

// Config of the exporter.
type Config struct {
	// ClientConfig is the HTTP client: tls, proxy_url, timeout and so on. The address
	// comes from the DSN.
	ClientConfig confighttp.ClientConfig `mapstructure:",squash"`
	// DSN is the project's client key, https://KEY@HOST/PROJECT. Required.
	DSN configopaque.String `mapstructure:"dsn"`
	// Environment and Release are set where the resource has no
	// deployment.environment.name and no service.version.
	Environment string `mapstructure:"environment"`
	Release     string `mapstructure:"release"`
	// ProjectRoots are directories of the application. What is below one of them is
	// in_app, and named from there. Without any, everything is in_app that is neither
	// installed nor Python's own, and named without the directories of its deployment.
	ProjectRoots []string `mapstructure:"project_roots"`
	// SampleRate is the part of the events that are sent, from 0 to 1. Which ones is
	// told by their id, so that it is the same at every try. Default: 1.
	SampleRate float64 `mapstructure:"sample_rate"`
	// Before is a condition in OTTL, with the context log. Only records for which it
	// is true become events; all become breadcrumbs. Default: all.
	Before string `mapstructure:"before"`
	// Breadcrumbs bounds what is remembered.
	Breadcrumbs BreadcrumbsConfig `mapstructure:"breadcrumbs"`
	// QueueConfig is where events wait. They are sent one by one.
	QueueConfig configoptional.Optional[exporterhelper.QueueBatchConfig] `mapstructure:"sending_queue"`
	// RetryConfig is how long the pauses between two tries are. By default there is
	// no last try.
	RetryConfig configretry.BackOffConfig `mapstructure:"retry_on_failure"`
	// DeadLetter is where records go whose event is refused for what it is.
	DeadLetter destination.DeadLetterConfig `mapstructure:"dead_letter"`
	_          struct{}
}

// BreadcrumbsConfig bounds the breadcrumbs that are remembered for events to come.
type BreadcrumbsConfig struct {
	// MaxPerEvent is how many an event has at most, from 0 to 100. Default: 100.
	MaxPerEvent int `mapstructure:"max_per_event"`
	// MaxTrails is of how many traces, requests or threads they are remembered; the
	// one that was quiet longest is forgotten first. Default: 1000.
	MaxTrails int `mapstructure:"max_trails"`
	// MaxAge is how long before an event they may be. Default: 10m.
	MaxAge time.Duration `mapstructure:"max_age"`
	_      struct{}
}

// maxBreadcrumbs is what Sentry keeps.
const maxBreadcrumbs = 100

func createDefaultConfig() component.Config {
	client := confighttp.NewDefaultClientConfig()
	client.Timeout = 30 * time.Second
	client.Compression = "gzip"
	client.MaxIdleConnsPerHost = client.MaxIdleConns
	return &Config{
		ClientConfig: client,
		SampleRate:   1,
		Breadcrumbs:  BreadcrumbsConfig{MaxPerEvent: maxBreadcrumbs, MaxTrails: 1000, MaxAge: 10 * time.Minute},
		QueueConfig:  destination.DefaultQueue(),
		RetryConfig:  destination.DefaultRetry(),
		DeadLetter:   destination.DefaultDeadLetters(),
	}
}

// Unmarshal says of a key that does not exist which one was meant, and takes line ends
// and the like from around what comes from variables and files.
func (c *Config) Unmarshal(conf *confmap.Conf) error {
	if err := configkeys.Unmarshal(conf, c); err != nil {
		return err
	}
	destination.CleanClient(&c.ClientConfig)
	c.DSN = configopaque.String(setting.Clean(string(c.DSN)))
	return nil
}

// Validate reports values that are missing or out of range.
func (c *Config) Validate() error {
	var errs []error
	if _, err := parseDSN(string(c.DSN)); err != nil {
		errs = append(errs, err)
	}
	if c.ClientConfig.Endpoint != "" {
		errs = append(errs, errors.New("endpoint must not be set: the address is in the dsn"))
	}
	errs = append(errs, destination.ValidateClient(&c.ClientConfig), destination.ValidateRetry(&c.RetryConfig))
	if !(c.SampleRate >= 0 && c.SampleRate <= 1) {
		errs = append(errs, fmt.Errorf("sample_rate must be from 0 to 1 (got %v)", c.SampleRate))
	}
	if _, err := newCondition(c.Before, component.TelemetrySettings{}); err != nil {
		errs = append(errs, fmt.Errorf("before is no condition: %w", err))
	}
	return errors.Join(errs...)
}

// Validate reports bounds out of range.
func (c *BreadcrumbsConfig) Validate() error {
	var errs []error
	if c.MaxPerEvent < 0 || c.MaxPerEvent > maxBreadcrumbs {
		errs = append(errs, fmt.Errorf("max_per_event must be from 0 to %d (got %d)", maxBreadcrumbs, c.MaxPerEvent))
	}
	if c.MaxTrails < 1 {
		errs = append(errs, fmt.Errorf("max_trails must be at least 1 (got %d)", c.MaxTrails))
	}
	if c.MaxAge <= 0 {
		errs = append(errs, fmt.Errorf("max_age must be positive (got %s)", c.MaxAge))
	}
	return errors.Join(errs...)
}
