package tail

import (
	"errors"
	"fmt"
	"time"

	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/stanza/fileconsumer/matcher"
	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/stanza/operator/helper"
	"go.opentelemetry.io/collector/component"
)

// Config is the input file.
type Config struct {
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
	// FlushAfter is how long a text record that may go on waits for more lines. A line
	// without its newline waits thirty times as long, unless it is a whole JSON object.
	// Default: 1s.
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

// The values of Config.StartAt and Config.OnTruncate.
const (
	startAtBeginning        = "beginning"
	startAtEnd              = "end"
	onTruncateReadWholeFile = "read_whole_file"
	onTruncateReadNew       = "read_new"
	onTruncateIgnore        = "ignore"
)

const (
	defaultMaxLogSize = 256 << 10
	minMaxLogSize     = 1 << 10
)

// DefaultConfig returns the defaults that Config names.
func DefaultConfig() Config {
	return Config{
		StartAt:            startAtBeginning,
		PollInterval:       500 * time.Millisecond,
		MaxLogSize:         defaultMaxLogSize,
		OnTruncate:         onTruncateReadWholeFile,
		FlushAfter:         time.Second,
		MaxConcurrentFiles: 1024,
		IncludeFileName:    true,
	}
}

// Validate reports missing patterns and values out of range.
func (c *Config) Validate() error {
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
	if c.MaxLogSize < minMaxLogSize {
		errs = append(errs, fmt.Errorf("max_log_size must be at least 1KiB (got %d)", c.MaxLogSize))
	}
	return errors.Join(errs...)
}
