package tail

import (
	"errors"
	"fmt"
	"runtime"
	"time"

	"github.com/bmatcuk/doublestar/v4"
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
	// MaxConcurrentFiles bounds the files that are open; more take turns. One that is open
	// can be read to its end after it was renamed or deleted. Default: 1024, or what the
	// process may have open, less a reserve.
	MaxConcurrentFiles int `mapstructure:"max_concurrent_files"`
	// FollowSymlinks says which symbolic links are followed, also those in the place of
	// a folder: same_owner (default), whose target belongs to the owner of the link, or
	// of the link's folder if nobody else may write there, and those of the superuser;
	// always; or never.
	FollowSymlinks string `mapstructure:"follow_symlinks"`
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
	minInterval       = 10 * time.Millisecond
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
		FollowSymlinks:     followSameOwner,
		IncludeFileName:    true,
	}
}

// Validate reports missing patterns and values out of range.
func (c *Config) Validate() error {
	var errs []error
	if runtime.GOOS == "windows" {
		errs = append(errs, errors.New("no files are read on Windows: use http or stdin, or read them with the receiver file_log"))
	}
	if len(c.Include) == 0 {
		errs = append(errs, errors.New("include must name at least one file or glob pattern"))
	}
	errs = append(errs, validatePatterns("include", c.Include), validatePatterns("exclude", c.Exclude))
	if c.StartAt != startAtBeginning && c.StartAt != startAtEnd {
		errs = append(errs, fmt.Errorf("start_at must be beginning or end (got %q)", c.StartAt))
	}
	switch c.OnTruncate {
	case onTruncateReadWholeFile, onTruncateReadNew, onTruncateIgnore:
	default:
		errs = append(errs, fmt.Errorf("on_truncate must be read_whole_file, read_new or ignore (got %q)", c.OnTruncate))
	}
	switch c.FollowSymlinks {
	case followSameOwner, followAlways, followNever:
	default:
		errs = append(errs, fmt.Errorf("follow_symlinks must be same_owner, always or never (got %q)", c.FollowSymlinks))
	}
	errs = append(errs, validateInterval("poll_interval", c.PollInterval), validateInterval("flush_after", c.FlushAfter))
	if c.MaxConcurrentFiles < 1 {
		errs = append(errs, fmt.Errorf("max_concurrent_files must be positive (got %d)", c.MaxConcurrentFiles))
	}
	if c.MaxLogSize < minMaxLogSize {
		errs = append(errs, fmt.Errorf("max_log_size must be at least 1KiB (got %d)", c.MaxLogSize))
	}
	return errors.Join(errs...)
}

// validateInterval refuses what can only be a number without its unit.
func validateInterval(name string, interval time.Duration) error {
	if interval < minInterval {
		return fmt.Errorf("%s must be at least %s (got %s)", name, minInterval, interval)
	}
	return nil
}

// validatePatterns names the pattern that is wrong.
func validatePatterns(name string, patterns []string) error {
	for _, pattern := range patterns {
		if !doublestar.ValidatePattern(pattern) {
			return fmt.Errorf("%s: %q is no glob pattern: a [ or { without its end, or a \\ as the last character", name, pattern)
		}
	}
	return nil
}
