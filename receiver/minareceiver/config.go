package minareceiver

import (
	"errors"
	"fmt"
	"time"

	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/stanza/fileconsumer/matcher"
	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/stanza/operator/helper"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/config/confighttp"
	"go.opentelemetry.io/collector/config/configoptional"

	"github.com/mina-observability/otelcol-mina/internal/minalog"
)

// Config of the receiver. At least one of the inputs file, http and stdin is required.
type Config struct {
	// Config says how lines are read: format, fields, timezone, include_original.
	minalog.Config `mapstructure:",squash"`

	// File tails files.
	File configoptional.Optional[FileConfig] `mapstructure:"file"`
	// HTTP takes records over HTTP.
	HTTP configoptional.Optional[HTTPConfig] `mapstructure:"http"`
	// Stdin reads standard input to its end.
	Stdin configoptional.Optional[StdinConfig] `mapstructure:"stdin"`

	// MaxInFlight bounds, in bytes of log text, what file and stdin have read and
	// the pipeline has not answered for yet. Less is in flight where more would not
	// be delivered faster. Default: 12MiB.
	MaxInFlight helper.ByteSize `mapstructure:"max_in_flight"`
	// Retry is the pause before a batch that the pipeline refuses for now is
	// offered again. Default: 1s, growing to 30s, without an end.
	Retry RetryConfig `mapstructure:"retry"`
	_     struct{}
}

// RetryConfig is a pause that grows. There is no last try: the source waits.
type RetryConfig struct {
	// InitialInterval is the first pause. Default: 1s.
	InitialInterval time.Duration `mapstructure:"initial_interval"`
	// MaxInterval is the longest pause. Default: 30s.
	MaxInterval time.Duration `mapstructure:"max_interval"`
	_           struct{}
}

// FileConfig is the input file.
type FileConfig struct {
	// Include lists the glob patterns of the files to read. Required. Let them
	// match rotated files too: that is how a rotated file is found again after a restart.
	Include []string `mapstructure:"include"`
	// Exclude lists the glob patterns of files to leave out. Default: none.
	Exclude []string `mapstructure:"exclude"`
	// StartAt is where a file without a checkpoint is read from when the collector
	// starts: beginning (default) or end. Files that appear later are read whole.
	StartAt string `mapstructure:"start_at"`
	// PollInterval is the pause between two looks at which files are there and which
	// have grown. Default: 500ms.
	PollInterval time.Duration `mapstructure:"poll_interval"`
	// MaxLogSize is the length in bytes of the longest record. What is longer is
	// cut, and its parts are marked. How long a record may become in OTLP is bounded by
	// the processor's max_record_size. Default: 256KiB.
	MaxLogSize helper.ByteSize `mapstructure:"max_log_size"`
	// OnTruncate says what to do with a file that got shorter but starts as
	// before: read_whole_file (default), read_new or ignore.
	OnTruncate string `mapstructure:"on_truncate"`
	// FlushAfter is how long a line without its newline, or a text record that may
	// go on, waits for more. Default: 1s.
	FlushAfter time.Duration `mapstructure:"flush_after"`
	// MaxConcurrentFiles bounds the files that are kept open. One that is open can be
	// read to its end after it was renamed or deleted. Default: 1024.
	MaxConcurrentFiles int `mapstructure:"max_concurrent_files"`
	// IncludeFileName adds the attribute log.file.name. Default: true.
	IncludeFileName bool `mapstructure:"include_file_name"`
	// IncludeFilePath adds the attribute log.file.path. Default: false.
	IncludeFilePath bool `mapstructure:"include_file_path"`
	// Storage is the id of the storage extension that keeps the checkpoints.
	// Default: none; then a restart reads as start_at says.
	Storage *component.ID `mapstructure:"storage"`
	_       struct{}
}

// HTTPConfig is the input http.
type HTTPConfig struct {
	// ServerConfig holds endpoint (default: localhost:8319), tls, auth, cors,
	// max_request_body_size (default: 8MiB, after decompression) and the rest of confighttp.
	confighttp.ServerConfig `mapstructure:",squash"`

	// MaxRecordSize is the length in bytes of the longest record. Default: 256KiB.
	MaxRecordSize helper.ByteSize `mapstructure:"max_record_size"`
	// DeliveryTimeout is how long a request waits for the pipeline's answer before
	// it is answered with 503. Default: 10s.
	DeliveryTimeout time.Duration `mapstructure:"delivery_timeout"`
	// MaxInFlight bounds, in bytes of their bodies, the requests at work; more are
	// answered with 429. Default: 16MiB.
	MaxInFlight helper.ByteSize `mapstructure:"max_in_flight"`
	_           struct{}
}

// StdinConfig is the input stdin.
type StdinConfig struct {
	// MaxLogSize is the length in bytes of the longest record. Default: 256KiB.
	MaxLogSize helper.ByteSize `mapstructure:"max_log_size"`
	_          struct{}
}

// The values of FileConfig.StartAt and FileConfig.OnTruncate.
const (
	startAtBeginning        = "beginning"
	startAtEnd              = "end"
	onTruncateReadWholeFile = "read_whole_file"
	onTruncateReadNew       = "read_new"
	onTruncateIgnore        = "ignore"
)

const (
	defaultEndpoint   = "localhost:8319"
	defaultMaxLogSize = 256 << 10
	minMaxLogSize     = 1 << 10
)

func createDefaultConfig() component.Config {
	server := confighttp.NewDefaultServerConfig()
	server.NetAddr.Endpoint = defaultEndpoint
	server.MaxRequestBodySize = 8 << 20
	return &Config{
		Config: minalog.DefaultConfig(),
		File: configoptional.Default(FileConfig{
			StartAt:            startAtBeginning,
			PollInterval:       500 * time.Millisecond,
			MaxLogSize:         defaultMaxLogSize,
			OnTruncate:         onTruncateReadWholeFile,
			FlushAfter:         time.Second,
			MaxConcurrentFiles: 1024,
			IncludeFileName:    true,
		}),
		HTTP: configoptional.Default(HTTPConfig{
			ServerConfig:    server,
			MaxRecordSize:   defaultMaxLogSize,
			DeliveryTimeout: 10 * time.Second,
			MaxInFlight:     16 << 20,
		}),
		Stdin:       configoptional.Default(StdinConfig{MaxLogSize: defaultMaxLogSize}),
		MaxInFlight: 12 << 20,
		Retry:       RetryConfig{InitialInterval: time.Second, MaxInterval: 30 * time.Second},
	}
}

// Validate reports what would keep the receiver from working.
func (c *Config) Validate() error {
	var errs []error
	if !c.File.HasValue() && !c.HTTP.HasValue() && !c.Stdin.HasValue() {
		errs = append(errs, errors.New("at least one of file, http and stdin is required"))
	}
	if err := c.Config.Validate(); err != nil {
		errs = append(errs, err)
	}
	if c.MaxInFlight < minMaxLogSize {
		errs = append(errs, fmt.Errorf("max_in_flight must be at least 1KiB (got %d)", c.MaxInFlight))
	}
	return errors.Join(errs...)
}

// Validate reports intervals that are not positive or contradict each other.
func (c *RetryConfig) Validate() error {
	if c.InitialInterval <= 0 {
		return fmt.Errorf("initial_interval must be positive (got %s)", c.InitialInterval)
	}
	if c.MaxInterval < c.InitialInterval {
		return fmt.Errorf("max_interval must not be less than initial_interval, %s (got %s)", c.InitialInterval, c.MaxInterval)
	}
	return nil
}

// Validate reports missing patterns and values out of range.
func (c *FileConfig) Validate() error {
	var errs []error
	if len(c.Include) == 0 {
		errs = append(errs, errors.New("include must name at least one file or glob pattern"))
	} else if _, err := matcher.New(matcher.Criteria{Include: c.Include, Exclude: c.Exclude}); err != nil {
		errs = append(errs, err)
	}
	if c.StartAt != startAtBeginning && c.StartAt != startAtEnd {
		errs = append(errs, fmt.Errorf("start_at must be beginning or end (got %q)", c.StartAt))
	}
	switch c.OnTruncate {
	case onTruncateReadWholeFile, onTruncateReadNew, onTruncateIgnore:
	default:
		errs = append(errs, fmt.Errorf("on_truncate must be read_whole_file, read_new or ignore (got %q)", c.OnTruncate))
	}
	if c.PollInterval <= 0 {
		errs = append(errs, fmt.Errorf("poll_interval must be positive (got %s)", c.PollInterval))
	}
	if c.FlushAfter <= 0 {
		errs = append(errs, fmt.Errorf("flush_after must be positive (got %s)", c.FlushAfter))
	}
	if c.MaxConcurrentFiles < 1 {
		errs = append(errs, fmt.Errorf("max_concurrent_files must be positive (got %d)", c.MaxConcurrentFiles))
	}
	errs = append(errs, validateSize("max_log_size", c.MaxLogSize))
	return errors.Join(errs...)
}

// Validate reports values out of range.
func (c *HTTPConfig) Validate() error {
	var errs []error
	if c.DeliveryTimeout <= 0 {
		errs = append(errs, fmt.Errorf("delivery_timeout must be positive (got %s)", c.DeliveryTimeout))
	}
	errs = append(errs, validateSize("max_record_size", c.MaxRecordSize), validateSize("max_in_flight", c.MaxInFlight))
	return errors.Join(errs...)
}

// Validate reports values out of range.
func (c *StdinConfig) Validate() error { return validateSize("max_log_size", c.MaxLogSize) }

func validateSize(name string, size helper.ByteSize) error {
	if size < minMaxLogSize {
		return fmt.Errorf("%s must be at least 1KiB (got %d)", name, size)
	}
	return nil
}
