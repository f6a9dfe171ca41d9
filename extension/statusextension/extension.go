package statusextension

import (
	"context"
	"errors"
	"net"
	"net/http"
	"os"
	"runtime"
	"sync"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componentstatus"
	"go.opentelemetry.io/collector/extension/extensioncapabilities"
	"go.uber.org/zap"

	"github.com/mina-observability/otelcol-mina/internal/collectorstatus"
	"github.com/mina-observability/otelcol-mina/internal/connections"
	"github.com/mina-observability/otelcol-mina/internal/servername"
)

var (
	_ componentstatus.Watcher                     = (*status)(nil)
	_ extensioncapabilities.ConfigSnapshotWatcher = (*status)(nil)
)

const (
	// maxConnections bounds the connections that are open; more wait.
	maxConnections = 16
	// patience bounds how long a request and its answer may take.
	patience = 5 * time.Second
)

// status listens, and keeps what it is told.
type status struct {
	cfg     *Config
	logger  *zap.Logger
	version string
	started time.Time

	components components
	mu         sync.Mutex
	// layout is what of its answer is configured.
	layout collectorstatus.Status

	server *http.Server
	serve  sync.WaitGroup
}

// Start listens. A collector whose status nobody can ask for reads logs all the same: where
// two run on a host, the port is the first one's.
func (s *status) Start(ctx context.Context, _ component.Host) error {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", s.cfg.Endpoint)
	if err != nil {
		s.logger.Warn("mina status cannot ask this collector: its endpoint is taken, or cannot be listened on", zap.String("endpoint", s.cfg.Endpoint), zap.Error(err))
		return nil
	}
	bounded := connections.Limit(listener, maxConnections)
	s.server = &http.Server{
		Handler: guard(servername.Of(listener.Addr(), s.cfg.Endpoint, nil), s.answer), ConnState: bounded.State,
		ReadTimeout: patience, WriteTimeout: patience, MaxHeaderBytes: 16 << 10,
	}
	s.server.SetKeepAlivesEnabled(false)
	s.serve.Go(func() {
		if err := s.server.Serve(bounded); !errors.Is(err, http.ErrServerClosed) {
			s.logger.Warn("mina status can no longer ask this collector", zap.Error(err))
		}
	})
	return nil
}

// Shutdown stops listening.
func (s *status) Shutdown(context.Context) error {
	if s.server == nil {
		return nil
	}
	err := s.server.Close()
	s.serve.Wait()
	return err
}

// ComponentStatusChanged keeps what a component reports.
func (s *status) ComponentStatusChanged(source *componentstatus.InstanceID, event *componentstatus.Event) {
	s.components.changed(source, event)
}

// NotifyConfigSnapshot keeps what the collector consists of.
func (s *status) NotifyConfigSnapshot(_ context.Context, config extensioncapabilities.ConfigSnapshot) error {
	l := layoutOf(config.Effective())
	s.mu.Lock()
	defer s.mu.Unlock()
	s.layout = l
	return nil
}

func (s *status) status() collectorstatus.Status {
	s.mu.Lock()
	told := s.layout
	s.mu.Unlock()
	told.Version, told.PID, told.Started = s.version, os.Getpid(), s.started
	told.Goroutines, told.Components = runtime.NumGoroutine(), s.components.list()
	return told
}
