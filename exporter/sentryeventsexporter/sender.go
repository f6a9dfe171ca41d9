package sentryeventsexporter

import (
	"context"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math"
	"net/http"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/consumer/consumererror"
	"go.opentelemetry.io/collector/exporter"
	"go.opentelemetry.io/collector/exporter/exporterhelper"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/mina-observability/otelcol-mina/exporter/sentryeventsexporter/internal/metadata"
	"github.com/mina-observability/otelcol-mina/internal/destination"
)

// sender stands behind the queue and sends each record as an event of its own.
type sender struct {
	cfg         *Config
	dsn         dsn
	client      string
	set         component.TelemetrySettings
	counters    *metadata.TelemetryBuilder
	deadLetters *destination.DeadLetters
	flights     *destination.Flights
	status      *destination.Status
	judge       *destination.Judge
	limits      rateLimits
	http        *destination.Client
}

func newSender(cfg *Config, set exporter.Settings) (*sender, error) {
	target, err := parseDSN(string(cfg.DSN))
	if err != nil {
		return nil, err
	}
	counters, err := metadata.NewTelemetryBuilder(set.TelemetrySettings)
	if err != nil {
		return nil, err
	}
	counters.ExporterSentryEventsSampledOut.Add(context.Background(), 0)
	flights := destination.NewFlights()
	status, err := destination.NewStatus(set, flights.Waiting)
	if err != nil {
		return nil, err
	}
	s := &sender{
		cfg: cfg, dsn: target, client: set.BuildInfo.Command + "/" + set.BuildInfo.Version, set: set.TelemetrySettings, counters: counters,
		deadLetters: destination.NewDeadLetters(cfg.DeadLetter, set.ID), flights: flights, status: status,
	}
	s.judge = destination.NewJudge(destination.Judge{
		Send: s.send, Bury: s.bury, Waits: status.Report,
		Pauses: destination.Pauses{First: cfg.RetryConfig.InitialInterval, Last: cfg.RetryConfig.MaxInterval},
	})
	return s, nil
}

func (s *sender) start(ctx context.Context, host component.Host) error {
	if err := s.deadLetters.Start(s.set); err != nil {
		return err
	}
	s.status.Start(host)
	client := s.cfg.ClientConfig
	client.Compression = "" // envelopes are compressed here, since their length counts
	var err error
	s.http, err = destination.NewClient(ctx, "Sentry", client, host, s.set)
	return err
}

func (s *sender) shutdown(context.Context) error {
	s.http.Close()
	s.status.Shutdown()
	s.deadLetters.Shutdown()
	s.counters.Shutdown()
	return nil
}

// push sends the events of a batch. What could not be sent is in the error, so that
// the rest is not sent again.
func (s *sender) push(ctx context.Context, logs plog.Logs) error {
	ctx, cancel := s.flights.Bound(ctx)
	defer cancel()
	err := s.judge.Deliver(ctx, logs)
	s.status.Report(err)
	return err
}

// send sends the event of each record, up to the first that cannot be sent.
func (s *sender) send(ctx context.Context, logs plog.Logs) error {
	sent := 0
	for _, rl := range logs.ResourceLogs().All() {
		for _, sl := range rl.ScopeLogs().All() {
			for _, record := range sl.LogRecords().All() {
				if err := s.pushOne(ctx, rl.Resource(), sl.Scope().Name(), record); err != nil {
					return consumererror.NewLogs(err, destination.Span(logs, sent, logs.LogRecordCount()))
				}
				sent++
			}
		}
	}
	return nil
}

// pushOne sends a record's event.
func (s *sender) pushOne(ctx context.Context, resource pcommon.Resource, logger string, record plog.LogRecord) error {
	id := eventID(resource, logger, record)
	if !s.sampled(id) {
		s.counters.ExporterSentryEventsSampledOut.Add(ctx, 1)
		return nil
	}
	if wait := s.limits.wait(time.Now()); wait > 0 {
		return limited(wait)
	}
	envelope, err := s.envelope(s.newEvent(id, resource, logger, record))
	if err != nil {
		return fmt.Errorf("cannot encode an event: %w", err)
	}
	return s.post(ctx, envelope)
}

// limited says that an event has to wait.
func limited(pause time.Duration) error {
	return exporterhelper.NewThrottleRetry(destination.NewRefusal(destination.Throttled, "Sentry limits the rate of events"), pause)
}

// bury writes the records of refused events to the dead-letter file.
func (s *sender) bury(ctx context.Context, letters plog.Logs, cause destination.Cause) error {
	if err := s.deadLetters.Write(letters, cause); err != nil {
		return err
	}
	s.status.Buried(ctx, letters.LogRecordCount(), cause, s.deadLetters.Path())
	return nil
}

// post sends an envelope.
func (s *sender) post(ctx context.Context, envelope []byte) error {
	answer, err := s.http.Post(ctx, s.dsn.endpoint, http.Header{
		"Content-Type":     {"application/x-sentry-envelope"},
		"Content-Encoding": {"gzip"},
		"User-Agent":       {s.client},
		"X-Sentry-Auth":    {fmt.Sprintf("Sentry sentry_version=7, sentry_key=%s, sentry_client=%s", s.dsn.key, s.client)},
	}, envelope)
	if answer != nil {
		s.limits.learn(answer.Status, answer.Header, time.Now())
	}
	if destination.OfError(err) == destination.Throttled {
		return limited(s.limits.wait(time.Now()))
	}
	return err
}

// sampled reports whether an event is among those that are sent.
func (s *sender) sampled(id string) bool {
	if s.cfg.SampleRate >= 1 {
		return true
	}
	start, err := hex.DecodeString(id[:16])
	return err == nil && float64(binary.BigEndian.Uint64(start)) < s.cfg.SampleRate*math.MaxUint64
}
