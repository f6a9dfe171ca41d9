package logstoreextension

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"strconv"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/config/confighttp"
	"go.opentelemetry.io/collector/confmap"

	"github.com/mina-observability/otelcol-mina/internal/configkeys"
	"github.com/mina-observability/otelcol-mina/internal/destination"
	"github.com/mina-observability/otelcol-mina/internal/setting"
)

// Config of the extension.
type Config struct {
	// ClientConfig is how a VictoriaLogs that runs already is reached: endpoint, tls,
	// headers, auth and so on. Without an endpoint, which is the default, the extension
	// runs one of its own, and the keys below are for that.
	ClientConfig confighttp.ClientConfig `mapstructure:",squash"`
	// InsertEndpoint is where records are written to, such as the vlinsert of a cluster
	// whose vlselect is the endpoint. Default: the endpoint.
	InsertEndpoint string `mapstructure:"insert_endpoint"`
	// Path is the program victoria-logs. Default: the one beside the collector's own, or
	// else of PATH.
	Path string `mapstructure:"path"`
	// Directory is where the records are kept, for the owner alone. Required without an
	// endpoint.
	Directory string `mapstructure:"directory"`
	// Listen is the address of the own store, on loopback. Default: localhost:9428.
	Listen string `mapstructure:"listen"`
	// Retention is how much is kept.
	Retention RetentionConfig `mapstructure:"retention"`
	// MemoryMiB is how much memory the own store may use, in MiB. Default: 160.
	MemoryMiB int `mapstructure:"memory_mib"`
	_         struct{}
}

// RetentionConfig is how much the own store keeps.
type RetentionConfig struct {
	// Days is for how many days records are kept, whole days of UTC. Default: 30.
	Days int `mapstructure:"days"`
	// Bytes is what records may take on the disk. Above it the oldest hours go. Default:
	// 1073741824 (1 GiB).
	Bytes int64 `mapstructure:"bytes"`
	// FreeDiskBytes is how much of the disk is left to others. With less, new records
	// wait. Default: 536870912 (512 MiB).
	FreeDiskBytes int64 `mapstructure:"free_disk_bytes"`
	_             struct{}
}

func createDefaultConfig() component.Config {
	client := confighttp.NewDefaultClientConfig()
	client.MaxIdleConnsPerHost = client.MaxIdleConns // Go's default of 2 closes the others after each request
	return &Config{
		ClientConfig: client,
		Listen:       "localhost:9428",
		Retention:    RetentionConfig{Days: 30, Bytes: 1 << 30, FreeDiskBytes: 512 << 20},
		MemoryMiB:    160,
	}
}

// Unmarshal says of a key that does not exist which one was meant, and takes line ends
// and the like from around what comes from variables and files.
func (c *Config) Unmarshal(conf *confmap.Conf) error {
	if err := configkeys.Unmarshal(conf, c); err != nil {
		return err
	}
	destination.CleanClient(&c.ClientConfig)
	c.InsertEndpoint = setting.Clean(c.InsertEndpoint)
	return nil
}

// Validate reports what is missing or cannot be.
func (c *Config) Validate() error {
	if c.ClientConfig.Endpoint != "" {
		return errors.Join(validateURL("endpoint", c.ClientConfig.Endpoint), validateURL("insert_endpoint", c.InsertEndpoint),
			destination.ValidateClient(&c.ClientConfig))
	}
	if c.InsertEndpoint != "" {
		return errors.New("insert_endpoint needs an endpoint, where the records that are written there are read")
	}
	return c.validateOwn()
}

// The least that a store can be run with.
const (
	leastBytes     = 1 << 20
	leastMemoryMiB = 32
	mostDays       = 36500
)

func (c *Config) validateOwn() error {
	_, err := address(c.Listen)
	switch {
	case c.Directory == "":
		return errors.New("directory must name the folder of the records, such as /var/lib/otelcol-mina/logs, " +
			"or endpoint a VictoriaLogs that runs already, such as http://localhost:9428")
	case err != nil:
		return err
	case c.Retention.Days < 1 || c.Retention.Days > mostDays:
		return fmt.Errorf("retention::days must be from 1 to %d (got %d)", mostDays, c.Retention.Days)
	case c.Retention.Bytes < leastBytes:
		return fmt.Errorf("retention::bytes must be at least %d (got %d)", leastBytes, c.Retention.Bytes)
	case c.Retention.FreeDiskBytes < 0:
		return fmt.Errorf("retention::free_disk_bytes must not be negative (got %d)", c.Retention.FreeDiskBytes)
	case c.MemoryMiB < leastMemoryMiB:
		return fmt.Errorf("memory_mib must be at least %d (got %d)", leastMemoryMiB, c.MemoryMiB)
	}
	return nil
}

// address returns the IPv4 address that the own store listens on. Records are for nobody
// who is not on this machine, whatever their password.
func address(listen string) (string, error) {
	host, port, err := net.SplitHostPort(listen)
	if number, bad := strconv.ParseUint(port, 10, 16); err != nil || bad != nil || number == 0 {
		return "", fmt.Errorf("listen must be an address of this machine with a port, such as localhost:9428 (got %q)", listen)
	}
	if host == "localhost" {
		host = "127.0.0.1"
	}
	if ip := net.ParseIP(host); ip == nil || ip.To4() == nil || !ip.IsLoopback() {
		return "", fmt.Errorf("listen must be on loopback, such as localhost:9428 (got %q)", listen)
	}
	return net.JoinHostPort(host, port), nil
}

// validateURL reports an address that is none. It may hold a password.
func validateURL(key, text string) error {
	if text == "" {
		return nil
	}
	parsed, err := url.Parse(text)
	if err != nil || parsed.Host == "" || parsed.Scheme != "http" && parsed.Scheme != "https" || parsed.RawQuery != "" {
		return fmt.Errorf("%s must be the base URL of a VictoriaLogs, such as http://localhost:9428 (got %q)", key, destination.ShownAddress(text))
	}
	return nil
}
