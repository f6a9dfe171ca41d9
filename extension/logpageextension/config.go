package logpageextension

import (
	"errors"
	"fmt"
	"net"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/config/confighttp"
	"go.opentelemetry.io/collector/config/confignet"
	"go.opentelemetry.io/collector/confmap"

	"github.com/mina-observability/otelcol-mina/internal/configkeys"
	"github.com/mina-observability/otelcol-mina/internal/servername"
)

// Config of the extension.
type Config struct {
	// ServerConfig holds endpoint (default: localhost:8320), tls, auth, read_header_timeout
	// (default: 10s) and the rest of confighttp. Another endpoint than one of loopback needs
	// auth.
	confighttp.ServerConfig `mapstructure:",squash"`

	// Store is the extension log_store that has the records. Default: log_store.
	Store component.ID `mapstructure:"store"`
	// AllowedHosts lists the names by which browsers call this server, beside the endpoint's
	// own, localhost and addresses of loopback; "*" stands for any characters. A request for
	// another name is answered with 403. Default: none.
	AllowedHosts []string `mapstructure:"allowed_hosts"`
	// AllowLogsQL has the API take filters in the store's own language, LogsQL, as the
	// parameter logsql. Default: false.
	AllowLogsQL bool `mapstructure:"allow_logsql"`
	// VMUI opens the store's own page, for queries in LogsQL, at /vmui/. Default: false.
	VMUI bool `mapstructure:"vmui"`
	// MaxLive bounds the views of the newest records that are open. Default: 16.
	MaxLive int `mapstructure:"max_live"`
	_       struct{}
}

const (
	defaultEndpoint = "localhost:8320"
	defaultMaxLive  = 16
)

func createDefaultConfig() component.Config {
	server := confighttp.NewDefaultServerConfig()
	server.NetAddr.Endpoint = defaultEndpoint
	server.ReadTimeout = 10 * time.Second
	server.ReadHeaderTimeout = 10 * time.Second
	server.WriteTimeout = 0 // an export takes its time; each write has a deadline of its own
	return &Config{ServerConfig: server, Store: component.MustNewID("log_store"), MaxLive: defaultMaxLive}
}

// Unmarshal says of a key that does not exist which one was meant.
func (c *Config) Unmarshal(conf *confmap.Conf) error { return configkeys.Unmarshal(conf, c) }

// Validate reports what would keep the page from working, or open it to others.
func (c *Config) Validate() error {
	errs := []error{servername.Check(c.AllowedHosts)}
	if !c.Auth.HasValue() && !c.isLocal() {
		errs = append(errs, fmt.Errorf("endpoint %q would show the logs to everybody who can reach it: set auth, such as {authenticator: basicauth}, or listen on localhost", c.NetAddr.Endpoint))
	}
	if c.CORS.HasValue() {
		errs = append(errs, errors.New("cors must not be set: no page but its own may read the logs"))
	}
	if c.MaxLive < 1 {
		errs = append(errs, fmt.Errorf("max_live must be positive (got %d)", c.MaxLive))
	}
	return errors.Join(errs...)
}

// isLocal reports whether only programs of this host can reach the page.
func (c *Config) isLocal() bool {
	if c.NetAddr.Transport == confignet.TransportTypeUnix {
		return true
	}
	host, _, err := net.SplitHostPort(c.NetAddr.Endpoint)
	if err != nil {
		return true // a listener says what is wrong with it
	}
	return servername.OfThisHost(host)
}
