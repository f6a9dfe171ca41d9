package logstoreextension

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componentstatus"
	"go.opentelemetry.io/otel/metric"
	"go.uber.org/zap"

	"github.com/mina-observability/otelcol-mina/extension/logstoreextension/internal/engine"
	"github.com/mina-observability/otelcol-mina/extension/logstoreextension/internal/metadata"
	"github.com/mina-observability/otelcol-mina/internal/destination"
	"github.com/mina-observability/otelcol-mina/internal/logstore"
)

// status tells the page, the log, the health check and the metrics how the store does.
type status struct {
	logger    *zap.Logger
	often     *zap.Logger
	host      component.Host
	telemetry *metadata.TelemetryBuilder

	trimmed atomic.Int64

	mu  sync.Mutex
	now logstore.Status
}

func newStatus(cfg *Config, set component.TelemetrySettings) (*status, error) {
	telemetry, err := metadata.NewTelemetryBuilder(set)
	if err != nil {
		return nil, err
	}
	s := &status{logger: set.Logger, often: destination.OncePerMinute(set.Logger), telemetry: telemetry}
	s.now = logstore.Status{State: logstore.StateRemote, Since: time.Now()}
	if cfg.ClientConfig.Endpoint == "" {
		s.now.State, s.now.LimitBytes, s.now.RetentionDays = logstore.StateStarting, cfg.Retention.Bytes, cfg.Retention.Days
	}
	return s, s.register()
}

// register has the metrics tell what the status does.
func (s *status) register() error {
	var errs []error
	tell := func(register func(metric.Int64Callback) error, value func(*logstore.Status) int64) {
		errs = append(errs, register(func(_ context.Context, observer metric.Int64Observer) error {
			now := s.get()
			observer.Observe(value(&now))
			return nil
		}))
	}
	tell(s.telemetry.RegisterLogStoreRunningCallback, running)
	if s.now.State == logstore.StateRemote { // what it has, and what happens to it, is known elsewhere
		return errors.Join(errs...)
	}
	tell(s.telemetry.RegisterLogStoreBytesCallback, func(now *logstore.Status) int64 { return now.Bytes })
	tell(s.telemetry.RegisterLogStoreFreeBytesCallback, func(now *logstore.Status) int64 { return now.FreeBytes })
	tell(s.telemetry.RegisterLogStoreResentBatchesCallback, func(now *logstore.Status) int64 { return now.Resent })
	tell(s.telemetry.RegisterLogStoreRestartsCallback, func(now *logstore.Status) int64 { return now.Restarts })
	tell(s.telemetry.RegisterLogStoreTooOldRecordsCallback, func(now *logstore.Status) int64 { return now.TooOld })
	tell(s.telemetry.RegisterLogStoreTrimmedRecordsCallback, func(*logstore.Status) int64 { return s.trimmed.Load() })
	tell(s.telemetry.RegisterLogStoreUnkeptBatchesCallback, func(now *logstore.Status) int64 { return now.Unkept })
	return errors.Join(errs...)
}

func running(now *logstore.Status) int64 {
	if now.State == logstore.StateRunning || now.State == logstore.StateRemote {
		return 1
	}
	return 0
}

func (s *status) start(host component.Host) { s.host = host }

func (s *status) shutdown() { s.telemetry.Shutdown() }

func (s *status) get() logstore.Status {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now
}

// update changes what is known of the store's records.
func (s *status) update(change func(*logstore.Status)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change(&s.now)
}

// runs says that the store answers.
func (s *status) runs() {
	before := s.enter(logstore.StateRunning, engine.Problem{})
	if before.State == logstore.StateRunning && before.Reason == "" {
		return
	}
	s.logger.Info("The store of the logs runs", zap.Duration("after", time.Since(before.Since)))
	componentstatus.ReportStatus(s.host, componentstatus.NewEvent(componentstatus.StatusOK))
}

// hangs says that the store runs and does not answer.
func (s *status) hangs(why engine.Problem) {
	s.enter(logstore.StateRunning, why)
	s.often.Warn("The store of the logs does not answer", zap.String("reason", why.Reason), zap.String("action", why.Action))
	componentstatus.ReportStatus(s.host, componentstatus.NewRecoverableErrorEvent(&why))
}

// stopped says that the store has ended or does not start, and is started again.
func (s *status) stopped(why engine.Problem) {
	s.enter(logstore.StateStopped, why)
	s.often.Warn("The store of the logs does not run, and is started again", zap.String("reason", why.Reason), zap.String("action", why.Action))
	componentstatus.ReportStatus(s.host, componentstatus.NewRecoverableErrorEvent(&why))
}

// failed says that the store is not started any more.
func (s *status) failed(why engine.Problem) {
	s.enter(logstore.StateFailed, why)
	s.logger.Error("The store of the logs does not run, and is not started again; everything else goes on without it",
		zap.String("reason", why.Reason), zap.String("action", why.Action))
	componentstatus.ReportStatus(s.host, componentstatus.NewPermanentErrorEvent(&why))
}

// enter changes the state, and returns what was before.
func (s *status) enter(state logstore.State, why engine.Problem) logstore.Status {
	s.mu.Lock()
	defer s.mu.Unlock()
	before := s.now
	if state != before.State {
		s.now.Since = time.Now()
	}
	s.now.State, s.now.Reason, s.now.Action = state, why.Reason, why.Action
	return before
}
