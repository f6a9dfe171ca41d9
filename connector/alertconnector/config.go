package alertconnector

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/confmap"

	"github.com/mina-observability/otelcol-mina/internal/configkeys"
)

// Config of the connector.
type Config struct {
	// Storage is the id of the storage extension that keeps what the rules have counted,
	// so that a kill loses no count and has none counted twice. Without one they begin
	// anew with each start.
	Storage *component.ID `mapstructure:"storage"`
	// ExternalLabels are labels of every alert, as in Prometheus: what tells this
	// collector's alerts from those of others. A pair that sees the same records has the
	// same, so that Alertmanager takes their alerts for one.
	ExternalLabels map[string]string `mapstructure:"external_labels"`
	// AllowedLateness is how much later than others records may come: how long windows
	// wait for them where nothing else comes. Default: 5s.
	AllowedLateness time.Duration `mapstructure:"allowed_lateness"`
	// MaxAge is how old a record may be to be judged. Older ones, as of a backlog that is
	// read at a start, are counted as late. 0 has all of them judged. Default: 1h.
	MaxAge time.Duration `mapstructure:"max_age"`
	// Rules are the rules by their names, which become the names of their alerts.
	Rules map[string]*RuleConfig `mapstructure:"rules"`
	_     struct{}
}

const maxExternalLabels = 32

func createDefaultConfig() component.Config {
	return &Config{AllowedLateness: 5 * time.Second, MaxAge: time.Hour}
}

// Unmarshal says of a key that does not exist which one was meant.
func (c *Config) Unmarshal(conf *confmap.Conf) error { return configkeys.Unmarshal(conf, c) }

// Validate reports what cannot be used, and names each rule and key.
func (c *Config) Validate() error {
	var errs []error
	if c.AllowedLateness < 0 {
		errs = append(errs, fmt.Errorf("allowed_lateness must not be negative (got %s)", c.AllowedLateness))
	}
	if c.MaxAge < 0 {
		errs = append(errs, fmt.Errorf("max_age must not be negative (got %s); 0 has records of any age judged", c.MaxAge))
	}
	if len(c.ExternalLabels) > maxExternalLabels {
		errs = append(errs, fmt.Errorf("external_labels may be %d at most (got %d)", maxExternalLabels, len(c.ExternalLabels)))
	}
	for _, name := range slices.Sorted(maps.Keys(c.Rules)) {
		if err := c.validateRule(name); err != nil {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

func (c *Config) validateRule(name string) error {
	if name == "" || len(name) > 128 || strings.ContainsAny(name, "/\n") {
		return fmt.Errorf("rules::%s: a rule's name must be of 1 to 128 characters, without / and line ends", name)
	}
	if c.Rules[name] == nil {
		return fmt.Errorf("rules::%s is empty; a rule has a kind and a condition", name)
	}
	if _, err := c.Rules[name].definition(name, c, component.TelemetrySettings{}); err != nil {
		return fmt.Errorf("rules::%s::%w", name, err)
	}
	return nil
}
