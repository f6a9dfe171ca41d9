package losslesskafkareceiver

import (
	"errors"
	"fmt"
	"net"
	"os"
	"strings"
	"time"

	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/stanza/operator/helper"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/config/configopaque"
	"go.opentelemetry.io/collector/config/configoptional"
	"go.opentelemetry.io/collector/config/configtls"
	"go.opentelemetry.io/collector/confmap"

	"github.com/mina-observability/otelcol-mina/internal/configkeys"
	"github.com/mina-observability/otelcol-mina/internal/destination"
	"github.com/mina-observability/otelcol-mina/internal/setting"
)

// Config of the receiver. Keys that the stock receiver kafka has as well mean the same.
// What it can be told that loses records cannot be told here: a new group begins with the
// oldest message, and nothing is committed before it is answered for.
type Config struct {
	// Brokers are some of the brokers, as host:port. Default: localhost:9092.
	Brokers []string `mapstructure:"brokers"`
	// Topics are read whole. Default: mina.
	Topics []string `mapstructure:"topics"`
	// GroupID is the consumer group, whose members share the partitions. Default:
	// otelcol-mina.
	GroupID string `mapstructure:"group_id"`
	// GroupInstanceID is what this member of the group is called. One that comes back under
	// its name within the session's time gets its partitions back, and the others go on.
	// Two members of a group must not have the same. Default: the name of the host.
	GroupInstanceID string `mapstructure:"group_instance_id"`
	// SessionTimeout is how long a member may be gone before others get its partitions; it
	// must be within the broker's group.min and group.max.session.timeout.ms. Default: 10s.
	SessionTimeout time.Duration `mapstructure:"session_timeout"`
	// ClientID is how brokers name this client in their logs and quotas. Default: otelcol-mina.
	ClientID string `mapstructure:"client_id"`
	// TLS is how the connections are encrypted. Default: not.
	TLS configoptional.Optional[configtls.ClientConfig] `mapstructure:"tls"`
	// Auth is how to log in. Default: not at all.
	Auth AuthConfig `mapstructure:"auth"`
	// MaxBatch bounds a batch in bytes of messages, before they are decoded; a longer
	// message is a batch of its own. What our exporters make one request of, at once, is
	// between 256 KiB and 700 KB. Default: 512KiB.
	MaxBatch helper.ByteSize `mapstructure:"max_batch"`
	// MaxInFlight bounds, in bytes of messages, what is fetched and not answered for yet.
	// A destination that takes half a second to answer gets twice that a second at most.
	// Default: 8MiB.
	MaxInFlight helper.ByteSize `mapstructure:"max_in_flight"`
	// DeadLetter is where messages go that are no OTLP logs.
	DeadLetter destination.DeadLetterConfig `mapstructure:"dead_letter"`
	_          struct{}
}

// AuthConfig says how to log in.
type AuthConfig struct {
	// SASL is a name and a password. Default: none.
	SASL configoptional.Optional[SASLConfig] `mapstructure:"sasl"`
	_    struct{}
}

// SASLConfig is a name and a password.
type SASLConfig struct {
	// Mechanism is PLAIN, which wants TLS, SCRAM-SHA-256 or SCRAM-SHA-512.
	Mechanism string `mapstructure:"mechanism"`
	// Username is the name, and Password the password. Both are required.
	Username string              `mapstructure:"username"`
	Password configopaque.String `mapstructure:"password"`
	_        struct{}
}

const (
	saslPlain       = "PLAIN"
	saslScramSHA256 = "SCRAM-SHA-256"
	saslScramSHA512 = "SCRAM-SHA-512"
)

// minBatch is the least that makes sense for Config.MaxBatch.
const minBatch = 1 << 10

func createDefaultConfig() component.Config {
	return &Config{
		Brokers:        []string{"localhost:9092"},
		Topics:         []string{"mina"},
		GroupID:        "otelcol-mina",
		SessionTimeout: 10 * time.Second,
		ClientID:       "otelcol-mina",
		MaxBatch:       512 << 10,
		MaxInFlight:    8 << 20,
		DeadLetter:     destination.DefaultDeadLetters(),
	}
}

// Unmarshal says of a key that does not exist which one was meant, takes white space from
// around what commas part, and an empty name of the member for none.
func (c *Config) Unmarshal(conf *confmap.Conf) error {
	if err := configkeys.Unmarshal(conf, c); err != nil {
		return err
	}
	if c.GroupInstanceID = setting.Clean(c.GroupInstanceID); c.GroupInstanceID == "" {
		c.GroupInstanceID, _ = os.Hostname()
	}
	for _, list := range [][]string{c.Brokers, c.Topics} {
		for i, element := range list {
			list[i] = setting.Clean(element)
		}
	}
	return nil
}

// Validate reports what cannot be used.
func (c *Config) Validate() error {
	var errs []error
	if len(c.Brokers) == 0 {
		errs = append(errs, errors.New("brokers must name at least one, such as kafka-1:9092"))
	}
	for _, broker := range c.Brokers {
		if host, port, err := net.SplitHostPort(broker); err != nil || host == "" || port == "" {
			errs = append(errs, fmt.Errorf("brokers must be addresses such as kafka-1:9092, with commas between (got %q)", broker))
		}
	}
	if len(c.Topics) == 0 {
		errs = append(errs, errors.New("topics must name at least one"))
	}
	for _, topic := range c.Topics {
		if topic == "" || strings.HasPrefix(topic, "^") {
			errs = append(errs, fmt.Errorf("topics must be names; patterns are not known here (got %q)", topic))
		}
	}
	if c.GroupID == "" {
		errs = append(errs, errors.New("group_id must not be empty"))
	}
	if c.GroupInstanceID == "" {
		errs = append(errs, errors.New("group_instance_id must not be empty: without a name, each restart costs the whole group a pause"))
	}
	if c.SessionTimeout < time.Second {
		errs = append(errs, fmt.Errorf("session_timeout must be at least 1s (got %s)", c.SessionTimeout))
	}
	if c.MaxBatch < minBatch {
		errs = append(errs, fmt.Errorf("max_batch must be at least 1KiB (got %d)", c.MaxBatch))
	}
	if c.MaxInFlight < c.MaxBatch {
		errs = append(errs, fmt.Errorf("max_in_flight must not be less than max_batch, %d (got %d)", c.MaxBatch, c.MaxInFlight))
	}
	return errors.Join(errs...)
}

// Validate reports what brokers would refuse.
func (c *SASLConfig) Validate() error {
	switch c.Mechanism {
	case saslPlain, saslScramSHA256, saslScramSHA512:
	default:
		return fmt.Errorf("mechanism must be %s, %s or %s (got %q)", saslPlain, saslScramSHA256, saslScramSHA512, c.Mechanism)
	}
	if c.Username == "" || c.Password == "" {
		return errors.New("username and password must not be empty")
	}
	return nil
}
