// Package deadletter keeps the records that a destination refuses for good, in a
// local file, for a person to look at.
package deadletter

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/pdata/plog"
)

// Config says where the records go.
type Config struct {
	// Directory is where the file is; it is made if it is not there. The file is
	// named after the exporter: otlp_http_datadog.jsonl. Default:
	// /var/lib/otelcol-mina/dead-letter.
	Directory string `mapstructure:"directory"`
	// MaxSizeMiB is how long the file may get, in MiB. From then on records wait,
	// as for a destination that is down. Default: 1024.
	MaxSizeMiB int64 `mapstructure:"max_size_mib"`
	_          struct{}
}

// DefaultConfig returns the defaults.
func DefaultConfig() Config {
	return Config{Directory: "/var/lib/otelcol-mina/dead-letter", MaxSizeMiB: 1024}
}

// Validate reports what cannot be used.
func (c *Config) Validate() error {
	var errs []error
	if c.Directory == "" {
		errs = append(errs, errors.New("directory must not be empty"))
	}
	if c.MaxSizeMiB <= 0 {
		errs = append(errs, fmt.Errorf("max_size_mib must be positive (got %d)", c.MaxSizeMiB))
	}
	return errors.Join(errs...)
}

// errFull says that the file is as long as it may be.
var errFull = errors.New("the dead-letter file is full: look at its records, and move it away")

// File holds records as OTLP JSON, a batch a line, which contrib's otlp_json_file
// receiver reads.
type File struct {
	path  string
	limit int64

	mu sync.Mutex
}

// New returns the file of an exporter. It is made when there is something to write.
func New(cfg Config, exporter component.ID) *File {
	name := strings.ReplaceAll(exporter.String(), "/", "_") + ".jsonl"
	return &File{path: filepath.Join(cfg.Directory, name), limit: cfg.MaxSizeMiB << 20}
}

// Path returns where the file is.
func (f *File) Path() string { return f.path }

// Write appends records, and returns when they are on disk. A line that could not
// be written whole is taken back.
func (f *File) Write(logs plog.Logs) (err error) {
	line, err := (&plog.JSONMarshaler{}).MarshalLogs(logs)
	if err != nil {
		return fmt.Errorf("cannot encode dead letters: %w", err)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := os.MkdirAll(filepath.Dir(f.path), 0o700); err != nil {
		return fmt.Errorf("cannot keep dead letters: %w", err)
	}
	file, err := os.OpenFile(f.path, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return fmt.Errorf("cannot keep dead letters: %w", err)
	}
	defer func() {
		if closeErr := file.Close(); err == nil && closeErr != nil {
			err = fmt.Errorf("cannot keep dead letters: %w", closeErr)
		}
	}()
	info, err := file.Stat()
	if err != nil {
		return fmt.Errorf("cannot keep dead letters: %w", err)
	}
	if info.Size()+int64(len(line)) >= f.limit {
		return fmt.Errorf("%w (%s)", errFull, f.path)
	}
	_, err = file.Write(append(line, '\n'))
	if err == nil {
		err = file.Sync()
	}
	if err != nil {
		return errors.Join(fmt.Errorf("cannot keep dead letters: %w", err), file.Truncate(info.Size()))
	}
	return nil
}
