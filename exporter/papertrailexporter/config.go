package papertrailexporter

import (
	"errors"
	"fmt"
	"maps"
	"net"
	"slices"
	"strings"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/config/configopaque"
	"go.opentelemetry.io/collector/config/configoptional"
	"go.opentelemetry.io/collector/config/configretry"
	"go.opentelemetry.io/collector/config/configtls"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/exporter/exporterhelper"

	"github.com/mina-observability/otelcol-mina/internal/configkeys"
	"github.com/mina-observability/otelcol-mina/internal/destination"
	"github.com/mina-observability/otelcol-mina/internal/setting"
)

// The values of transport, framing, attributes and app_name.
const (
	transportTLS = "tls"
	transportTCP = "tcp"
	transportUDP = "udp"

	framingLF     = "lf"
	framingOctets = "octet_counting"

	attributesStructured = "structured_data"
	attributesJSON       = "json"
	attributesNone       = "none"

	appNameService = "service"
	appNameScope   = "scope"
)

// maxDatagram is the longest message in bytes that fits in a UDP datagram over IPv4.
const maxDatagram = 65507

// facilities are those of RFC 5424, table 1, under the names of syslog(3).
var facilities = map[string]int{
	"kern": 0, "user": 1, "mail": 2, "daemon": 3, "auth": 4, "syslog": 5, "lpr": 6, "news": 7, "uucp": 8, "cron": 9, "authpriv": 10, "ftp": 11,
	"local0": 16, "local1": 17, "local2": 18, "local3": 19, "local4": 20, "local5": 21, "local6": 22, "local7": 23,
}

// Config of the exporter.
type Config struct {
	// Endpoint is the host and port of the syslog server. Required.
	Endpoint string `mapstructure:"endpoint"`
	// Transport is tls (RFC 5425), tcp (RFC 6587) or udp (RFC 5426). Default: tls.
	Transport string `mapstructure:"transport"`
	// TLS holds certificates and the like, for the transport tls.
	TLS configtls.ClientConfig `mapstructure:"tls"`
	// Framing is how messages are told apart in a stream: lf ends each with a line
	// feed and writes those in a message as \n; octet_counting puts the length in
	// front and leaves the message as it is. Default: lf.
	Framing string `mapstructure:"framing"`
	// Token is sent with each message, in the structured data.
	Token configopaque.String `mapstructure:"token"`
	// TokenElement is the structured data element that carries the token, which
	// stands in it as {token}. Default: [{token}@41058].
	TokenElement string `mapstructure:"token_element"`
	// Facility is a name of syslog(3): user, daemon, local0 and so on. Default: user.
	Facility string `mapstructure:"facility"`
	// AppName is what becomes the APP-NAME: service (the resource's service.name) or
	// scope (the logger). Default: service.
	AppName string `mapstructure:"app_name"`
	// Attributes says where a record's attributes go: structured_data, json (the
	// message becomes a JSON object) or none. Default: structured_data.
	Attributes string `mapstructure:"attributes"`
	// AttributesID is the SD-ID of the attributes (RFC 5424, section 6.3.2). Default:
	// mina@32473, with the number that is reserved for examples.
	AttributesID string `mapstructure:"attributes_id"`
	// BOM puts a byte order mark in front of the text, as RFC 5424 asks for UTF-8.
	// Many servers show it. Default: false.
	BOM bool `mapstructure:"bom"`
	// MaxMessageSize is the longest message in bytes, with its header; a longer one
	// is cut, and says so. Default: 65000.
	MaxMessageSize int `mapstructure:"max_message_size"`
	// Confirm ends the sending side of a connection after each batch and waits until
	// the server ends its own, which it does when it has read everything: syslog
	// has no other answer. A server that does not end an empty connection is sent
	// nothing: it hangs, or never does so, and then needs false. Not for udp. Default:
	// true.
	Confirm bool `mapstructure:"confirm"`
	// Timeout bounds connecting, and writing a batch, and waiting for the
	// confirmation, each. Default: 10s.
	Timeout time.Duration `mapstructure:"timeout"`
	// QueueConfig is how batches are made, and where they wait.
	QueueConfig configoptional.Optional[exporterhelper.QueueBatchConfig] `mapstructure:"sending_queue"`
	// RetryConfig is how long the pauses between two tries are. By default there is
	// no last try.
	RetryConfig configretry.BackOffConfig `mapstructure:"retry_on_failure"`
	_           struct{}
}

const tokenPlace = "{token}"

func createDefaultConfig() component.Config {
	return &Config{
		Transport:      transportTLS,
		TLS:            configtls.NewDefaultClientConfig(),
		Framing:        framingLF,
		TokenElement:   "[" + tokenPlace + "@41058]",
		Facility:       "user",
		AppName:        appNameService,
		Attributes:     attributesStructured,
		AttributesID:   "mina@32473",
		MaxMessageSize: 65000,
		Confirm:        true,
		Timeout:        10 * time.Second,
		QueueConfig:    destination.DefaultQueue(),
		RetryConfig:    destination.DefaultRetry(),
	}
}

// unprintable reports whether a character is none of those of RFC 5424's PRINTUSASCII.
func unprintable(r rune) bool { return r <= ' ' || r > '~' }

// isPort reports whether a text is a number or a name of a port.
func isPort(text string) bool {
	_, err := net.LookupPort("tcp", text)
	return err == nil
}

// Unmarshal says of a key that does not exist which one was meant, and takes line ends
// and the like from around what comes from variables and files.
func (c *Config) Unmarshal(conf *confmap.Conf) error {
	if err := configkeys.Unmarshal(conf, c); err != nil {
		return err
	}
	c.Endpoint = strings.TrimSuffix(setting.Clean(c.Endpoint), "/")
	c.Token = configopaque.String(setting.Clean(string(c.Token)))
	return nil
}

// Validate reports values that are missing, unknown or out of range.
func (c *Config) Validate() error {
	var errs []error
	if c.Endpoint == "" {
		errs = append(errs, errors.New("endpoint must be set to the host:port of the syslog server"))
	} else if host, port, err := net.SplitHostPort(c.Endpoint); err != nil || host == "" || !isPort(port) || strings.ContainsAny(host, "/@?#") {
		errs = append(errs, fmt.Errorf("endpoint must be host:port (got %q)", destination.ShownAddress(c.Endpoint)))
	}
	oneOf := func(key, value string, values ...string) {
		if !slices.Contains(values, value) {
			errs = append(errs, fmt.Errorf("%s must be one of %s (got %q)", key, strings.Join(values, ", "), value))
		}
	}
	oneOf("transport", c.Transport, transportTLS, transportTCP, transportUDP)
	oneOf("framing", c.Framing, framingLF, framingOctets)
	oneOf("attributes", c.Attributes, attributesStructured, attributesJSON, attributesNone)
	oneOf("app_name", c.AppName, appNameService, appNameScope)
	oneOf("facility", c.Facility, slices.Sorted(maps.Keys(facilities))...)
	if c.Token != "" && (!strings.HasPrefix(c.TokenElement, "[") || !strings.HasSuffix(c.TokenElement, "]") || !strings.Contains(c.TokenElement, tokenPlace)) {
		errs = append(errs, fmt.Errorf("token_element must be in brackets and hold %s (got %q)", tokenPlace, c.TokenElement))
	}
	if strings.ContainsAny(string(c.Token), "]\"\\") || strings.ContainsFunc(string(c.Token), unprintable) {
		errs = append(errs, errors.New("token must not hold brackets, quotes, backslashes, blanks or control characters"))
	}
	if c.AttributesID == "" || len(c.AttributesID) > maxName || string(appendName(nil, c.AttributesID, maxName)) != c.AttributesID {
		errs = append(errs, fmt.Errorf("attributes_id must be an SD-ID such as mina@32473, of at most %d characters (got %q)", maxName, c.AttributesID))
	}
	switch {
	case c.MaxMessageSize < 480: // RFC 5424, section 6.1: what every receiver takes
		errs = append(errs, fmt.Errorf("max_message_size must be at least 480 (got %d)", c.MaxMessageSize))
	case c.Transport == transportUDP && c.MaxMessageSize > maxDatagram:
		errs = append(errs, fmt.Errorf("max_message_size must be at most %d with transport udp (got %d)", maxDatagram, c.MaxMessageSize))
	}
	if c.Timeout <= 0 {
		errs = append(errs, fmt.Errorf("timeout must be positive (got %s)", c.Timeout))
	}
	return errors.Join(append(errs, destination.ValidateRetry(&c.RetryConfig))...)
}
