package destination

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componentstatus"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
)

// OncePerMinute returns a logger that says the same thing once a minute. Every batch
// that waits would say so at each of its tries.
func OncePerMinute(logger *zap.Logger) *zap.Logger {
	return logger.WithOptions(zap.WrapCore(func(core zapcore.Core) zapcore.Core {
		return zapcore.NewSamplerWithOptions(core, time.Minute, 1, 0)
	}))
}

// Status tells the log and the health check how a destination does.
type Status struct {
	logger  *zap.Logger
	host    component.Host
	failing atomic.Bool
}

// NewStatus returns the status of a destination that does well.
func NewStatus(logger *zap.Logger) *Status { return &Status{logger: logger} }

// Start says whose health it is.
func (s *Status) Start(host component.Host) { s.host = host }

// Report takes what has come of a try.
func (s *Status) Report(err error) {
	switch {
	case errors.Is(err, context.Canceled):
	case err != nil:
		if !s.failing.Swap(true) {
			componentstatus.ReportStatus(s.host, componentstatus.NewRecoverableErrorEvent(err))
		}
	case s.failing.Swap(false):
		s.logger.Info("The destination takes records again")
		componentstatus.ReportStatus(s.host, componentstatus.NewEvent(componentstatus.StatusOK))
	}
}
