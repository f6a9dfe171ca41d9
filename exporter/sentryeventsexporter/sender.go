package sentryeventsexporter

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"strings"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/consumer/consumererror"
	"go.opentelemetry.io/collector/exporter"
	"go.opentelemetry.io/collector/exporter/exporterhelper"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.uber.org/zap"

	"github.com/mina-observability/otelcol-mina/exporter/sentryeventsexporter/internal/metadata"
	"github.com/mina-observability/otelcol-mina/internal/destination"
)

// maxAnswer is how much of an answer is read, in bytes.
const maxAnswer = 4 << 10

// errLimited says that an event has to wait.
var errLimited = errors.New("Sentry limits the rate of events") //nolint:staticcheck // a name

// sender stands behind the queue and sends each record as an event of its own.
type sender struct {
	cfg         *Config
	dsn         dsn
	client      string
	set         component.TelemetrySettings
	counters    *metadata.TelemetryBuilder
	deadLetters *destination.DeadLetters
	status      *destination.Status
	limits      rateLimits
	http        *http.Client
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
	return &sender{
		cfg: cfg, dsn: target, client: set.BuildInfo.Command + "/" + set.BuildInfo.Version, set: set.TelemetrySettings, counters: counters,
		deadLetters: destination.NewDeadLetters(cfg.DeadLetter, set.ID), status: destination.NewStatus(set.Logger),
	}, nil
}

func (s *sender) start(ctx context.Context, host component.Host) (err error) {
	s.status.Start(host)
	client := s.cfg.ClientConfig
	client.Compression = "" // envelopes are compressed here, since their length counts
	s.http, err = client.ToClient(ctx, host.GetExtensions(), s.set)
	return err
}

func (s *sender) shutdown(context.Context) error {
	if s.http != nil {
		s.http.CloseIdleConnections()
	}
	s.counters.Shutdown()
	return nil
}

// push sends the events of a batch. What could not be sent is in the error, so that
// the rest is not sent again.
func (s *sender) push(ctx context.Context, logs plog.Logs) error {
	sent, err := s.pushEach(ctx, logs)
	s.status.Report(err)
	if err != nil {
		return consumererror.NewLogs(err, destination.Span(logs, sent, logs.LogRecordCount()))
	}
	return nil
}

// pushEach returns how many records were done with before an error.
func (s *sender) pushEach(ctx context.Context, logs plog.Logs) (done int, err error) {
	for _, rl := range logs.ResourceLogs().All() {
		for _, sl := range rl.ScopeLogs().All() {
			for _, record := range sl.LogRecords().All() {
				final, err := s.pushOne(ctx, rl.Resource(), sl.Scope().Name(), record)
				if err == nil && final/100 != 2 {
					err = s.bury(ctx, destination.Span(logs, done, done+1), final)
				}
				if err != nil {
					return done, err
				}
				done++
			}
		}
	}
	return done, nil
}

// pushOne sends a record's event. It returns the status of an answer that is final
// for the event, and an error where it can be offered again.
func (s *sender) pushOne(ctx context.Context, resource pcommon.Resource, logger string, record plog.LogRecord) (int, error) {
	id := eventID(resource, logger, record)
	if !s.sampled(id) {
		s.counters.ExporterSentryEventsSampledOut.Add(ctx, 1)
		return http.StatusOK, nil
	}
	if wait := s.limits.wait(time.Now()); wait > 0 {
		return 0, exporterhelper.NewThrottleRetry(errLimited, wait)
	}
	envelope, err := s.envelope(s.newEvent(id, resource, logger, record))
	if err != nil {
		return 0, fmt.Errorf("cannot encode an event: %w", err)
	}
	return s.post(ctx, envelope)
}

// bury writes the record of a refused event to the dead-letter file.
func (s *sender) bury(ctx context.Context, letter plog.Logs, status int) error {
	if err := s.deadLetters.Write(letter); err != nil {
		return err
	}
	s.counters.ExporterSentryEventsDeadLetterRecords.Add(ctx, 1)
	s.set.Logger.Error("Sentry refuses an event for what it is; its record is in the dead-letter file",
		zap.Int("status", status), zap.String("file", s.deadLetters.Path()))
	return nil
}

// post sends an envelope. It returns the status of an answer that is final for the
// event, and an error where it can be offered again.
func (s *sender) post(ctx context.Context, envelope []byte) (int, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, s.dsn.endpoint, bytes.NewReader(envelope))
	if err != nil {
		return 0, errors.New("cannot make a request for the host of the dsn")
	}
	request.Header.Set("Content-Type", "application/x-sentry-envelope")
	request.Header.Set("Content-Encoding", "gzip")
	request.Header.Set("User-Agent", s.client)
	request.Header.Set("X-Sentry-Auth", fmt.Sprintf("Sentry sentry_version=7, sentry_key=%s, sentry_client=%s", s.dsn.key, s.client))
	response, err := s.http.Do(request)
	if err != nil {
		return 0, fmt.Errorf("cannot reach Sentry: %w", err)
	}
	answer, _ := io.ReadAll(io.LimitReader(response.Body, maxAnswer))
	_ = response.Body.Close()
	s.limits.learn(response, time.Now())
	status := response.StatusCode
	switch {
	case status/100 == 2, status == http.StatusBadRequest, status == http.StatusRequestEntityTooLarge, status == http.StatusUnprocessableEntity,
		status == http.StatusUnsupportedMediaType:
		return status, nil
	case status == http.StatusTooManyRequests:
		return 0, exporterhelper.NewThrottleRetry(errLimited, s.limits.wait(time.Now()))
	case status/100 == 4 || status/100 == 3:
		text := strings.Join(strings.Fields(strings.ReplaceAll(string(answer), s.dsn.key, "[secret]")), " ")
		err := fmt.Errorf("Sentry answered %d %s: %.300s", status, http.StatusText(status), text) //nolint:staticcheck // a name
		s.set.Logger.Error("Sentry refuses this sender; events wait until that changes: is the DSN right?", zap.Error(err))
		return 0, err
	}
	return 0, fmt.Errorf("Sentry answered %d %s", status, http.StatusText(status)) //nolint:staticcheck // a name
}

// sampled reports whether an event is among those that are sent.
func (s *sender) sampled(id string) bool {
	if s.cfg.SampleRate >= 1 {
		return true
	}
	start, err := hex.DecodeString(id[:16])
	return err == nil && float64(binary.BigEndian.Uint64(start)) < s.cfg.SampleRate*math.MaxUint64
}
