package losslessotlphttpexporter

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/config/configcompression"
	"go.opentelemetry.io/collector/config/confighttp"
	"go.opentelemetry.io/collector/config/configoptional"
	"go.opentelemetry.io/collector/config/configretry"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/exporter/exporterhelper"

	"github.com/mina-observability/otelcol-mina/internal/configkeys"
	"github.com/mina-observability/otelcol-mina/internal/destination"
	"github.com/mina-observability/otelcol-mina/internal/setting"
	"github.com/mina-observability/otelcol-mina/internal/truncate"
)

// Config of the exporter. The keys are those of the stock exporter otlp_http.
type Config struct {
	// ClientConfig is the HTTP client: endpoint, headers, auth, tls, compression and
	// so on. Timeout is 30s and compression gzip by default.
	ClientConfig confighttp.ClientConfig `mapstructure:",squash"`
	// LogsEndpoint is the whole URL that records are posted to. Default: endpoint
	// with logs_path.
	LogsEndpoint string `mapstructure:"logs_endpoint"`
	// LogsPath is what is put behind the endpoint's own path, in front of its query;
	// what of it is there already is not put there again. Default: /v1/logs (OTLP 1.9,
	// "OTLP/HTTP Request").
	LogsPath string `mapstructure:"logs_path"`
	// QueueConfig is how batches are made, and where they wait.
	QueueConfig configoptional.Optional[exporterhelper.QueueBatchConfig] `mapstructure:"sending_queue"`
	// RetryConfig is how long the pauses between two tries are. By default there is
	// no last try.
	RetryConfig configretry.BackOffConfig `mapstructure:"retry_on_failure"`
	// DeadLetter is where records go that the destination refuses for what they are.
	DeadLetter destination.DeadLetterConfig `mapstructure:"dead_letter"`
	// Accept is which times the destination is known to take. Default: all.
	Accept destination.AcceptConfig `mapstructure:"accept"`
	// Limits is what the destination can hold of a record. Default: anything.
	Limits truncate.Limits `mapstructure:"limits"`
	_      struct{}
}

func createDefaultConfig() component.Config {
	client := confighttp.NewDefaultClientConfig()
	client.Timeout = 30 * time.Second
	client.Compression = configcompression.TypeGzip
	client.WriteBufferSize = 512 << 10
	client.MaxIdleConnsPerHost = client.MaxIdleConns // Go's default of 2 closes the others after each request
	return &Config{
		ClientConfig: client,
		LogsPath:     otlpPath,
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
	c.LogsEndpoint, c.LogsPath = setting.Clean(c.LogsEndpoint), setting.Clean(c.LogsPath)
	return nil
}

// Validate reports a missing or unusable address.
func (c *Config) Validate() error {
	key, address := "endpoint", c.ClientConfig.Endpoint
	if c.LogsEndpoint != "" {
		key, address = "logs_endpoint", c.LogsEndpoint
	}
	if address == "" {
		return errors.New("endpoint or logs_endpoint must be set")
	}
	parsed, err := url.Parse(address)
	if err != nil || parsed.Host == "" || parsed.Scheme != "http" && parsed.Scheme != "https" {
		return fmt.Errorf("%s must be a URL such as https://otlp.example.com (got %q)", key, destination.ShownAddress(address))
	}
	if strings.HasSuffix(parsed.Host, ":") {
		return fmt.Errorf("%s must be a URL such as https://otlp.example.com: what stands in it for a host or a region is without https:// (got %q)", key, destination.ShownAddress(address))
	}
	if !strings.HasPrefix(c.LogsPath, "/") || strings.ContainsAny(c.LogsPath, "?#") {
		return fmt.Errorf("logs_path must be a path such as %s; a query belongs to the endpoint", otlpPath)
	}
	return errors.Join(destination.ValidateClient(&c.ClientConfig), destination.ValidateRetry(&c.RetryConfig))
}

// otlpPath is where servers of OTLP take logs, behind a base of their own.
const otlpPath = "/v1/logs"

// url returns what records are posted to. The endpoint may be a base, with or without
// the part of the path in front of /v1/logs, or the whole.
func (c *Config) url() string {
	address, err := url.Parse(c.ClientConfig.Endpoint)
	if c.LogsEndpoint != "" || err != nil {
		return c.LogsEndpoint
	}
	base := strings.TrimRight(address.EscapedPath(), "/")
	base = strings.TrimSuffix(base, otlpPath)
	base = strings.TrimSuffix(base, strings.TrimSuffix(strings.TrimRight(c.LogsPath, "/"), otlpPath))
	address.Path, address.RawPath = "", ""
	return address.JoinPath(base, c.LogsPath).String()
}
