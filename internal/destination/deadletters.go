package destination

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

// DeadLetterConfig says where records go that a destination refuses for good.
type DeadLetterConfig struct {
	// Directory is where the file is; it is made if it is not there. The file is
	// named after the exporter: otlp_http_datadog.jsonl. Default:
	// /var/lib/otelcol-mina/dead-letter.
	Directory string `mapstructure:"directory"`
	// MaxSizeMiB is how long the file may get, in MiB. From then on records wait,
	// as for a destination that is down. Default: 1024.
	MaxSizeMiB int64 `mapstructure:"max_size_mib"`
	_          struct{}
}

// DefaultDeadLetters returns the defaults.
func DefaultDeadLetters() DeadLetterConfig {
	return DeadLetterConfig{Directory: "/var/lib/otelcol-mina/dead-letter", MaxSizeMiB: 1024}
}

// Validate reports what cannot be used.
func (c *DeadLetterConfig) Validate() error {
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

// DeadLetters are the records that a destination refuses for good, in a local file,
// for a person to look at: OTLP JSON, a batch a line, which contrib's otlp_json_file
// receiver reads.
type DeadLetters struct {
	path  string
	limit int64

	mu sync.Mutex
}

// NewDeadLetters returns the file of a component. It is made when there is something to write.
func NewDeadLetters(cfg DeadLetterConfig, id component.ID) *DeadLetters {
	name := strings.ReplaceAll(id.String(), "/", "_") + ".jsonl"
	return &DeadLetters{path: filepath.Join(cfg.Directory, name), limit: cfg.MaxSizeMiB << 20}
}

// Path returns where the file is.
func (f *DeadLetters) Path() string { return f.path }

// Write appends records, and returns when they are on disk. A line that could not
// be written whole is taken back.
func (f *DeadLetters) Write(logs plog.Logs) (err error) {
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
