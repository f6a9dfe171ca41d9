package alertmanagerexporter

import (
	"errors"
	"fmt"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/config/confighttp"
	"go.opentelemetry.io/collector/confmap"

	"github.com/mina-observability/otelcol-mina/internal/configkeys"
	"github.com/mina-observability/otelcol-mina/internal/destination"
	"github.com/mina-observability/otelcol-mina/internal/setting"
)

// Config of the exporter.
type Config struct {
	// ClientConfig is the HTTP client: headers, auth, tls, proxy_url and so on. Timeout
	// is 10s by default. The addresses are in endpoints.
	ClientConfig confighttp.ClientConfig `mapstructure:",squash"`
	// Endpoints are the Alertmanagers of a cluster, as URLs: a list, or a text with
	// commas. Each gets every alert. Default: http://localhost:9093.
	Endpoints []string `mapstructure:"endpoints"`
	// Storage is the extension that keeps the alerts over a restart. Default: none;
	// alerts that fire are then forgotten by a restart.
	Storage *component.ID `mapstructure:"storage"`
	// GeneratorURL is a template (text/template) of the link from an alert to its
	// records, over Name, Search, Labels, Fingerprint, Starts, Ends, From and To.
	// Default: a search on the page of logs at http://localhost:8320; "" is none.
	GeneratorURL string `mapstructure:"generator_url"`
	// ResendInterval is how often an alert is repeated while it fires. Alertmanager
	// takes one that is not repeated for four of these for resolved. Default: 1m.
	ResendInterval time.Duration `mapstructure:"resend_interval"`
	// ResolveExpiry is for how long a resolution is tried, and known, after it came.
	// Default: 15m.
	ResolveExpiry time.Duration `mapstructure:"resolve_expiry"`
	// MaxAlerts bounds how many alerts are kept. Default: 10000.
	MaxAlerts int `mapstructure:"max_alerts"`
	// RetryConfig is how long the pauses between two tries are.
	RetryConfig RetryConfig `mapstructure:"retry_on_failure"`
	_           struct{}
}

// RetryConfig says how long the pauses are after an Alertmanager has not taken alerts.
// There is no last try: what is new is tried until it is through or there is something
// newer, and a resolution until it expires.
type RetryConfig struct {
	// InitialInterval is the first pause. Default: 1s.
	InitialInterval time.Duration `mapstructure:"initial_interval"`
	// MaxInterval is what the pauses grow to. Default: 10s.
	MaxInterval time.Duration `mapstructure:"max_interval"`
	_           struct{}
}

func createDefaultConfig() component.Config {
	client := confighttp.NewDefaultClientConfig()
	client.Timeout = 10 * time.Second
	return &Config{
		ClientConfig:   client,
		Endpoints:      []string{"http://localhost:9093"},
		GeneratorURL:   defaultLink,
		ResendInterval: time.Minute,
		ResolveExpiry:  15 * time.Minute,
		MaxAlerts:      10_000,
		RetryConfig:    RetryConfig{InitialInterval: time.Second, MaxInterval: 10 * time.Second},
	}
}

// Unmarshal says of a key that does not exist which one was meant, and takes line ends
// and the like from around what comes from variables and files.
func (c *Config) Unmarshal(conf *confmap.Conf) error {
	if err := configkeys.Unmarshal(conf, c); err != nil {
		return err
	}
	destination.CleanClient(&c.ClientConfig)
	c.Endpoints, c.GeneratorURL = addresses(c.Endpoints), setting.Clean(c.GeneratorURL)
	return nil
}

// Validate reports values that cannot be used.
func (c *Config) Validate() error {
	errs := []error{checkEndpoints(c.Endpoints), destination.ValidateClient(&c.ClientConfig)}
	if c.ClientConfig.Endpoint != "" {
		errs = append(errs, errors.New("endpoint must not be set: the addresses are in endpoints"))
	}
	if c.ClientConfig.Compression.IsCompressed() {
		errs = append(errs, fmt.Errorf("compression must not be set: Alertmanager takes no compressed requests (got %q)", c.ClientConfig.Compression))
	}
	for _, duration := range []struct {
		key   string
		value time.Duration
	}{{"timeout", c.ClientConfig.Timeout}, {"resend_interval", c.ResendInterval}, {"resolve_expiry", c.ResolveExpiry}} {
		if duration.value <= 0 {
			errs = append(errs, fmt.Errorf("%s must be positive (got %s)", duration.key, duration.value))
		}
	}
	if c.MaxAlerts < 1 {
		errs = append(errs, fmt.Errorf("max_alerts must be at least 1 (got %d)", c.MaxAlerts))
	}
	if _, err := newLink(c.GeneratorURL); err != nil {
		errs = append(errs, fmt.Errorf("generator_url cannot be used: %w", err))
	}
	return errors.Join(errs...)
}

// Validate reports pauses that cannot be used.
func (c *RetryConfig) Validate() error {
	if c.InitialInterval <= 0 {
		return fmt.Errorf("initial_interval must be positive (got %s)", c.InitialInterval)
	}
	if c.MaxInterval < c.InitialInterval {
		return fmt.Errorf("max_interval must not be below initial_interval (got %s, below %s)", c.MaxInterval, c.InitialInterval)
	}
	return nil
}
