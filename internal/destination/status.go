package destination

import (
	"context"
	"errors"
	"sync"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componentstatus"
	"go.opentelemetry.io/collector/exporter"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
	"go.uber.org/zap"

	"github.com/mina-observability/otelcol-mina/internal/destination/internal/metadata"
)

// sayAgain is how often the log says that a destination still takes nothing.
const sayAgain = time.Minute

// reasons are why records wait, as the metric has them, and what the log says.
var reasons = map[Verdict]struct{ name, said string }{
	Unreachable:   {"unreachable", "The destination takes no records; they wait"},
	Throttled:     {"throttled", "The destination wants fewer records; they wait"},
	SenderRefused: {"sender_refused", "The destination refuses this sender; records wait until that changes"},
}

// Status tells the log, the health check and the metrics how a destination does.
type Status struct {
	logger *zap.Logger
	// often is for what may have to be said of every batch.
	often     *zap.Logger
	waits     func() int64
	host      component.Host
	telemetry *metadata.TelemetryBuilder
	exporter  metric.MeasurementOption

	mu sync.Mutex
	// since is when the destination began to take nothing, if it does not.
	since  time.Time
	reason Verdict
	said   time.Time
}

// NewStatus returns the status of an exporter's destination, which does well. waits tells
// how many records wait for it.
func NewStatus(set exporter.Settings, waits func() int64) (*Status, error) {
	telemetry, err := metadata.NewTelemetryBuilder(set.TelemetrySettings)
	if err != nil {
		return nil, err
	}
	name := attribute.String("exporter", set.ID.String())
	s := &Status{
		logger: set.Logger, often: OncePerMinute(set.Logger), waits: waits, telemetry: telemetry, exporter: metric.WithAttributeSet(attribute.NewSet(name)),
	}
	telemetry.ExporterDeadLetterRecords.Add(context.Background(), 0, s.exporter)
	return s, telemetry.RegisterExporterWaitingSecondsCallback(func(_ context.Context, observer metric.Float64Observer) error {
		for verdict, reason := range reasons {
			observer.Observe(s.waiting(verdict).Seconds(), metric.WithAttributes(name, attribute.String("reason", reason.name)))
		}
		return nil
	})
}

// Start says whose health it is.
func (s *Status) Start(host component.Host) { s.host = host }

// Shutdown ends the metrics.
func (s *Status) Shutdown() { s.telemetry.Shutdown() }

// waiting returns for how long records have waited for a reason.
func (s *Status) waiting(reason Verdict) time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.since.IsZero() || s.reason != reason {
		return 0
	}
	return time.Since(s.since)
}

// Report takes what has come of a try. Only the first failure, another reason and a
// minute are worth a line: every batch that waits fails at each of its tries.
func (s *Status) Report(err error) {
	if errors.Is(err, context.Canceled) {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if err == nil {
		s.takes()
		return
	}
	reason := OfError(err)
	if _, known := reasons[reason]; !known {
		reason = Unreachable
	}
	now := time.Now()
	if s.since.IsZero() {
		s.since = now
		componentstatus.ReportStatus(s.host, componentstatus.NewRecoverableErrorEvent(err))
	} else if reason == s.reason && now.Sub(s.said) < sayAgain {
		return
	}
	s.reason, s.said = reason, now
	s.logger.Warn(reasons[reason].said, zap.Error(err), zap.Time("since", s.since), zap.Int64("records", s.waits()))
}

// takes says that the destination takes records, if it did not before.
func (s *Status) takes() {
	if s.since.IsZero() {
		return
	}
	s.logger.Info("The destination takes records again", zap.Duration("after", time.Since(s.since)))
	s.since, s.reason = time.Time{}, Taken
	componentstatus.ReportStatus(s.host, componentstatus.NewEvent(componentstatus.StatusOK))
}

// buriedFor is what the log says of dead letters, by their reason.
var buriedFor = map[string]string{
	tooOld: "Records are older than the destination takes (accept::past); they are in the dead-letter file",
	tooNew: "Records are further in the future than the destination takes (accept::future); they are in the dead-letter file",
}

// Buried says that records are in the dead-letter file, and why.
func (s *Status) Buried(ctx context.Context, records int, cause Cause, file string) {
	s.telemetry.ExporterDeadLetterRecords.Add(ctx, int64(records), s.exporter)
	message, known := buriedFor[cause.Reason]
	if !known {
		message = "The destination refuses records for what they are; they are in the dead-letter file"
	}
	s.often.Error(message, zap.Int("records", records), zap.String("file", file))
}
