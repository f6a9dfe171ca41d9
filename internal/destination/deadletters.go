package destination

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/mina-observability/otelcol-mina/internal/exitcode"
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

// Cause is why records are dead letters.
type Cause struct {
	// Reason says it in a word, such as refused.
	Reason string
	// Status is the HTTP status of the answer, if there was one, and Answer its text,
	// without secrets.
	Status int
	Answer string
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
func (d *DeadLetters) Path() string { return d.path }

// Check makes the directory, and returns an error if records could not be kept in it.
// A full disk is none: it may have room when there is something to write.
func (d *DeadLetters) Check() error {
	err := d.usable()
	if err == nil || errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
		return nil
	}
	return fmt.Errorf("dead_letter::directory %q cannot be used: %w; let the collector's user write there, or choose another (MINA_STATE_DIR, in the shipped configuration)",
		filepath.Dir(d.path), err)
}

func (d *DeadLetters) usable() error {
	directory := filepath.Dir(d.path)
	if err := os.MkdirAll(directory, 0o700); err != nil {
		return err
	}
	const writeAndEnter = 3 // W_OK and X_OK of access(2)
	if err := syscall.Access(directory, writeAndEnter); err != nil {
		return err
	}
	file, err := d.open(0)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err == nil {
		err = file.Close()
	}
	return err
}

// open opens the file for appending, and only a file: what another user has put in its
// place, a link or a pipe, is refused. Only its owner may read it.
func (d *DeadLetters) open(create int) (*os.File, error) {
	if info, err := os.Lstat(filepath.Dir(d.path)); err == nil && info.Mode()&os.ModeSymlink != 0 && !trusted(info) {
		return nil, fmt.Errorf("%s is a link that another user has made", filepath.Dir(d.path))
	}
	file, err := os.OpenFile(d.path, create|os.O_WRONLY|os.O_APPEND|syscall.O_NOFOLLOW|syscall.O_NONBLOCK, 0o600)
	if errors.Is(err, syscall.ELOOP) {
		return nil, fmt.Errorf("%s is a link; dead letters are only written to a file", d.path)
	}
	if err != nil {
		return nil, err
	}
	info, err := file.Stat()
	switch {
	case err != nil:
	case !info.Mode().IsRegular():
		err = fmt.Errorf("%s is no file", d.path)
	case links(info) > 1:
		err = fmt.Errorf("%s has other names too: dead letters are only written to a file of their own", d.path)
	case info.Mode().Perm() != 0o600:
		err = file.Chmod(0o600)
	}
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return file, nil
}

// trusted reports whether a file is of the collector's own user, or root's.
func trusted(info os.FileInfo) bool {
	stat, ok := info.Sys().(*syscall.Stat_t)
	return ok && (stat.Uid == 0 || int(stat.Uid) == os.Geteuid())
}

// links returns under how many names a file is known.
func links(info os.FileInfo) uint64 {
	if stat, ok := info.Sys().(*syscall.Stat_t); ok {
		return uint64(stat.Nlink) //nolint:unconvert // not as wide everywhere
	}
	return 1
}

// Write appends records, and returns when they are on disk. A line that could not
// be written whole is taken back.
func (d *DeadLetters) Write(logs plog.Logs, _ Cause) error {
	line, err := (&plog.JSONMarshaler{}).MarshalLogs(logs)
	if err != nil {
		return fmt.Errorf("cannot encode dead letters: %w", err)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.append(append(line, '\n')); err != nil {
		return fmt.Errorf("cannot keep dead letters: %w", err)
	}
	buried.Add(int64(logs.LogRecordCount()))
	return nil
}

func (d *DeadLetters) append(line []byte) (err error) {
	if err := os.MkdirAll(filepath.Dir(d.path), 0o700); err != nil {
		return err
	}
	file, err := d.open(os.O_CREATE)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	info, err := file.Stat()
	if err != nil {
		return err
	}
	if info.Size()+int64(len(line)) > d.limit {
		return fmt.Errorf("%w (%s)", errFull, d.path)
	}
	_, err = file.Write(line)
	if err == nil {
		err = file.Sync()
	}
	if err != nil {
		return errors.Join(err, file.Truncate(info.Size()))
	}
	exitcode.Bury()
	return nil
}

// buried counts the dead letters of this process.
var buried atomic.Int64

// Buried returns how many records all destinations of this process have refused for
// what they are, and that are in dead-letter files: whoever reports that everything was
// delivered has to ask.
func Buried() int64 { return buried.Load() }
