package statestorageextension

import (
	"context"
	"errors"
	"fmt"
	"hash/crc32"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/extension/xextension/storage"
	"go.opentelemetry.io/otel/metric"
	"go.uber.org/zap"

	"github.com/mina-observability/otelcol-mina/extension/statestorageextension/internal/metadata"
	"github.com/mina-observability/otelcol-mina/internal/directory"
)

var _ storage.Extension = (*stateStorage)(nil)

// stateStorage keeps one file for each client in its directory.
type stateStorage struct {
	cfg       *Config
	logger    *zap.Logger
	telemetry *metadata.TelemetryBuilder
}

// Start makes the directory, or says why it cannot be used.
func (s *stateStorage) Start(context.Context, component.Host) error {
	if err := s.prepare(); err != nil {
		return fmt.Errorf("directory %q: %w; make it, give it to the user that runs the collector (uid %d), "+
			"or name another directory: in the shipped configuration, with MINA_STATE_DIR", s.cfg.Directory, err, os.Getuid())
	}
	return s.telemetry.RegisterStorageFreeBytesCallback(func(_ context.Context, o metric.Int64Observer) error {
		free, err := directory.Free(s.cfg.Directory)
		if err == nil {
			o.Observe(free)
		}
		return err
	})
}

func (s *stateStorage) prepare() error {
	if s.cfg.CreateDirectory {
		if err := os.MkdirAll(s.cfg.Directory, 0o700); err != nil {
			return reason(err)
		}
	}
	info, err := os.Stat(s.cfg.Directory)
	switch {
	case err != nil:
		return reason(err)
	case !info.IsDir():
		return syscall.ENOTDIR
	}
	return directory.Writable(s.cfg.Directory)
}

// reason leaves out the path and the system call.
func reason(err error) error {
	var path *os.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}

// Shutdown ends the measurement of the disk. The clients are their owners' to close.
func (s *stateStorage) Shutdown(context.Context) error {
	s.telemetry.Shutdown()
	return nil
}

// GetClient returns the client of one component.
func (s *stateStorage) GetClient(_ context.Context, kind component.Kind, owner component.ID, name string) (storage.Client, error) {
	c := &client{
		path:   filepath.Join(s.cfg.Directory, fileName(kind, owner, name)),
		cfg:    s.cfg,
		logger: s.logger, telemetry: s.telemetry,
		follows: "what waited in it and was not saved is lost",
	}
	if kind == component.KindReceiver {
		c.follows = "files whose checkpoint was not saved are read again"
	}
	if err := c.open(nil); err != nil {
		return nil, err
	}
	return c, nil
}

// longestName is within what every file system takes.
const longestName = 200

// fileName is the name that the stock file_storage gives the file of a component.
func fileName(kind component.Kind, owner component.ID, name string) string {
	parts := []string{strings.ToLower(kind.String()), owner.Type().String(), owner.Name()}
	if name != "" {
		parts = append(parts, name)
	}
	var safe strings.Builder
	for _, r := range strings.Join(parts, "_") {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune(".-_", r) {
			safe.WriteRune(r)
		} else {
			fmt.Fprintf(&safe, "~%04X", r)
		}
	}
	return shorten(safe.String())
}

// shorten makes a name fit, and keeps it apart from others that begin alike.
func shorten(name string) string {
	if len(name) <= longestName {
		return name
	}
	return fmt.Sprintf("%s~%x", name[:longestName-9], crc32.ChecksumIEEE([]byte(name)))
}
