package minareceiver

import (
	"errors"
	"fmt"
	"net"
	"time"

	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/stanza/operator/helper"
	"go.opentelemetry.io/collector/config/confighttp"
	"go.opentelemetry.io/collector/config/confignet"

	"github.com/mina-observability/otelcol-mina/internal/servername"
)

// HTTPConfig is the input http.
type HTTPConfig struct {
	// ServerConfig holds endpoint (default: localhost:8319), tls, auth, cors,
	// max_request_body_size (default: 8MiB, after decompression), read_timeout (default:
	// 30s, for a whole request), read_header_timeout (default: 10s), compression_algorithms
	// (default: gzip, zstd, zlib, deflate) and the rest of confighttp.
	confighttp.ServerConfig `mapstructure:",squash"`

	// AllowedHosts lists the names by which clients call this server, beside the
	// endpoint's own, localhost and IP addresses; "*" stands for any characters. A
	// request for another name is answered with 403. Default: none.
	AllowedHosts []string `mapstructure:"allowed_hosts"`
	// MaxConnections bounds the connections that are open; more wait. Default: 512.
	MaxConnections int `mapstructure:"max_connections"`
	// MaxRequestRecords bounds the records of a request; more are answered with 413.
	// Default: 100000.
	MaxRequestRecords int `mapstructure:"max_request_records"`
	// MaxRecordSize is the length in bytes of the longest record. Default: 256KiB.
	MaxRecordSize helper.ByteSize `mapstructure:"max_record_size"`
	// DeliveryTimeout is how long a request waits, once it has been read, for the
	// pipeline's answer before it is answered with 503. Default: 10s.
	DeliveryTimeout time.Duration `mapstructure:"delivery_timeout"`
	// MaxInFlight bounds, in bytes, what has been read of the bodies of requests; the
	// records that they are decoded to may take three times as much memory. A
	// request for which there is no room within delivery_timeout is answered with
	// 429. Default: 16MiB.
	MaxInFlight helper.ByteSize `mapstructure:"max_in_flight"`
	_           struct{}
}

const defaultEndpoint = "localhost:8319"

func defaultHTTPConfig() HTTPConfig {
	server := confighttp.NewDefaultServerConfig()
	server.NetAddr.Endpoint = defaultEndpoint
	server.MaxRequestBodySize = 8 << 20
	server.ReadTimeout = 30 * time.Second
	server.ReadHeaderTimeout = 10 * time.Second
	// Those that are left out, snappy and lz4, take memory before it can be bounded.
	server.CompressionAlgorithms = []string{"", "gzip", "zstd", "zlib", "deflate"}
	return HTTPConfig{
		ServerConfig:      server,
		MaxConnections:    512,
		MaxRequestRecords: 100000,
		MaxRecordSize:     defaultMaxLogSize,
		DeliveryTimeout:   10 * time.Second,
		MaxInFlight:       16 << 20,
	}
}

// Validate reports values out of range.
func (c *HTTPConfig) Validate() error {
	errs := []error{servername.Check(c.AllowedHosts)}
	if c.NetAddr.Transport != confignet.TransportTypeUnix && !isListenable(c.NetAddr.Endpoint) {
		errs = append(errs, fmt.Errorf("endpoint must be an address and a port, such as %s or [::]:8319 (got %q)", defaultEndpoint, c.NetAddr.Endpoint))
	}
	if c.MaxConnections < 1 {
		errs = append(errs, fmt.Errorf("max_connections must be positive (got %d)", c.MaxConnections))
	}
	if c.MaxRequestBodySize < 1 {
		errs = append(errs, fmt.Errorf("max_request_body_size must be positive (got %d)", c.MaxRequestBodySize))
	}
	if c.MaxRequestRecords < 1 {
		errs = append(errs, fmt.Errorf("max_request_records must be positive (got %d)", c.MaxRequestRecords))
	}
	if c.DeliveryTimeout <= 0 {
		errs = append(errs, fmt.Errorf("delivery_timeout must be positive (got %s)", c.DeliveryTimeout))
	}
	errs = append(errs, validateSize("max_record_size", c.MaxRecordSize), validateSize("max_in_flight", c.MaxInFlight))
	return errors.Join(errs...)
}

// isListenable reports whether an endpoint has the form of one to listen on. That it can be
// listened on is seen at start.
func isListenable(endpoint string) bool {
	_, port, err := net.SplitHostPort(endpoint)
	if err != nil {
		return false
	}
	_, err = net.LookupPort("tcp", port)
	return err == nil
}
