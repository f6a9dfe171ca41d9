package statusextension

import (
	"fmt"
	"net"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/confmap"

	"github.com/mina-observability/otelcol-mina/internal/configkeys"
	"github.com/mina-observability/otelcol-mina/internal/servername"
)

// Config of the extension.
type Config struct {
	// Endpoint is the host and port to listen on, of loopback: localhost, or an address such
	// as 127.0.0.1 or [::1]. Default: localhost:13134.
	Endpoint string `mapstructure:"endpoint"`
	_        struct{}
}

const defaultEndpoint = "localhost:13134"

func createDefaultConfig() component.Config { return &Config{Endpoint: defaultEndpoint} }

// Unmarshal says of a key that does not exist which one was meant.
func (c *Config) Unmarshal(conf *confmap.Conf) error { return configkeys.Unmarshal(conf, c) }

// Validate reports an endpoint that is none, or that other hosts could reach.
func (c *Config) Validate() error {
	host, _, err := net.SplitHostPort(c.Endpoint)
	if err != nil {
		return fmt.Errorf("endpoint must be a host and a port, such as %s (got %q)", defaultEndpoint, c.Endpoint)
	}
	if !servername.OfThisHost(host) {
		return fmt.Errorf("endpoint %q would tell everybody who can reach it where the collector's files are: it must be on localhost", c.Endpoint)
	}
	return nil
}
