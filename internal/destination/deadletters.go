package destination

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"

	"github.com/mina-observability/otelcol-mina/internal/destination/internal/metadata"
	"github.com/mina-observability/otelcol-mina/internal/directory"
	"github.com/mina-observability/otelcol-mina/internal/exitcode"
)

// DeadLetterConfig says where records go that a destination refuses for good.
type DeadLetterConfig struct {
	// Directory is where the file is; it is made if it is not there. The file is
	// named after the exporter: otlp_http_datadog.jsonl. Default:
	// /var/lib/otelcol-mina/dead-letter.
	Directory string `mapstructure:"directory"`
	// MaxSizeMiB is how long all the files of an exporter may get, in MiB; each is a
	// sixteenth of it. From then on records wait, as for a destination that is down.
	// Default: 1024.
	MaxSizeMiB int64 `mapstructure:"max_size_mib"`
	_          struct{}
}

// files is of how many files an exporter's dead letters are at most, when they are full.
const files = 16

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

// errFull says that the files are as long as they may be.
var errFull = errors.New("the dead-letter files are full: look at their records, and send them again or move them away")

// DeadLetters are the records that a destination refuses for good, in local files, for a
// person to look at and to send again: OTLP JSON, a record a line, with why it is there.
type DeadLetters struct {
	exporter string
	file     letterFile
	// limit is how long all files together may get.
	limit     int64
	telemetry *metadata.TelemetryBuilder

	mu sync.Mutex
}

// NewDeadLetters returns the files of a component. They are made when there is something to write.
func NewDeadLetters(cfg DeadLetterConfig, id component.ID) *DeadLetters {
	name := strings.ReplaceAll(id.String(), "/", "_")
	return &DeadLetters{exporter: id.String(), file: letterFile{directory: cfg.Directory, name: name}, limit: cfg.MaxSizeMiB << 20}
}

// Path returns where the file is that is written to.
func (d *DeadLetters) Path() string { return d.file.path() }

// Start makes the directory, shows how long the files are, and returns an error if records
// could not be kept there. A full disk is none: it may have room when there is something
// to write.
func (d *DeadLetters) Start(set component.TelemetrySettings) error {
	if err := d.check(); err != nil {
		return err
	}
	var err error
	if d.telemetry, err = metadata.NewTelemetryBuilder(set); err != nil {
		return err
	}
	file := metric.WithAttributeSet(attribute.NewSet(attribute.String("file", filepath.Base(d.Path()))))
	return errors.Join(
		d.telemetry.RegisterDeadLetterBytesCallback(func(_ context.Context, observer metric.Int64Observer) error {
			used, err := d.file.used()
			if err == nil || errors.Is(err, os.ErrNotExist) {
				observer.Observe(used, file)
				return nil
			}
			return err
		}),
		d.telemetry.RegisterDeadLetterCapacityBytesCallback(func(_ context.Context, observer metric.Int64Observer) error {
			observer.Observe(d.limit, file)
			return nil
		}),
	)
}

// Shutdown ends the metrics.
func (d *DeadLetters) Shutdown() {
	if d.telemetry != nil {
		d.telemetry.Shutdown()
	}
}

func (d *DeadLetters) check() error {
	err := d.usable()
	if err == nil || errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
		return nil
	}
	return fmt.Errorf("dead_letter::directory %q cannot be used: %w; let the collector's user write there, or choose another (MINA_STATE_DIR, in the shipped configuration)",
		filepath.Dir(d.Path()), err)
}

func (d *DeadLetters) usable() error {
	if err := os.MkdirAll(d.file.directory, 0o700); err != nil {
		return err
	}
	if err := directory.Writable(d.file.directory); err != nil {
		return err
	}
	file, err := d.file.open(0)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err == nil {
		err = file.Close()
	}
	return err
}

// Write appends records, with their cause, and returns when they are on disk. What could
// not be written whole is taken back.
func (d *DeadLetters) Write(letters plog.Logs, cause Cause) error {
	lines, err := inscription{cause, time.Now(), d.exporter}.encode(letters)
	if err != nil {
		return fmt.Errorf("cannot encode dead letters: %w", err)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.append(lines); err != nil {
		return fmt.Errorf("cannot keep dead letters: %w", err)
	}
	buried.Add(int64(letters.LogRecordCount()))
	exitcode.Bury()
	return nil
}

func (d *DeadLetters) append(lines []byte) error {
	if err := os.MkdirAll(d.file.directory, 0o700); err != nil {
		return err
	}
	for {
		used, err := d.file.used()
		switch {
		case err != nil:
			return err
		case used+int64(len(lines)) > d.limit:
			return fmt.Errorf("%w (%s)", errFull, d.Path())
		}
		if err := d.file.append(lines, d.limit/files); !errors.Is(err, errMoved) {
			return err
		}
	}
}

// sendingAgain says that what this process sends were dead letters before.
var sendingAgain atomic.Bool

// SendAgain says that all that this process sends were dead letters before: what is
// refused goes back to its file, whether or not anything else is taken.
func SendAgain() { sendingAgain.Store(true) }

// buried counts the dead letters of this process.
var buried atomic.Int64

// Buried returns how many records all destinations of this process have refused for
// what they are, and that are in dead-letter files: whoever reports that everything was
// delivered has to ask.
func Buried() int64 { return buried.Load() }
