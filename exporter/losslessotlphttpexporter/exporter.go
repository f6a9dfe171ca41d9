package losslessotlphttpexporter

import (
	"context"
	"fmt"
	"net/http"
	"runtime"
	"sync/atomic"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/exporter"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/plog/plogotlp"
	"go.uber.org/zap"

	"github.com/mina-observability/otelcol-mina/exporter/losslessotlphttpexporter/internal/metadata"
	"github.com/mina-observability/otelcol-mina/internal/destination"
)

type losslessExporter struct {
	cfg         *Config
	url         string
	set         component.TelemetrySettings
	logger      *zap.Logger
	userAgent   string
	counters    *metadata.TelemetryBuilder
	deadLetters *destination.DeadLetters
	flights     *destination.Flights
	status      *destination.Status
	// unkept says that records which are not accepted could not be buried.
	unkept atomic.Bool
	judge  *destination.Judge

	client *destination.Client
}

func newExporter(cfg *Config, set exporter.Settings) (*losslessExporter, error) {
	counters, err := metadata.NewTelemetryBuilder(set.TelemetrySettings)
	if err != nil {
		return nil, err
	}
	counters.ExporterLosslessRejectedRecords.Add(context.Background(), 0)
	counters.ExporterLosslessShortenedRecords.Add(context.Background(), 0)
	flights := destination.NewFlights()
	status, err := destination.NewStatus(set, flights.Waiting)
	if err != nil {
		return nil, err
	}
	e := &losslessExporter{
		cfg:         cfg,
		url:         cfg.url(),
		set:         set.TelemetrySettings,
		logger:      destination.OncePerMinute(set.Logger),
		userAgent:   fmt.Sprintf("%s/%s (%s/%s)", set.BuildInfo.Command, set.BuildInfo.Version, runtime.GOOS, runtime.GOARCH),
		counters:    counters,
		deadLetters: destination.NewDeadLetters(cfg.DeadLetter, set.ID),
		flights:     flights,
		status:      status,
	}
	e.judge = destination.NewJudge(destination.Judge{
		Send: e.send, Bury: e.bury, Waits: status.Report,
		Pauses: destination.Pauses{First: cfg.RetryConfig.InitialInterval, Last: cfg.RetryConfig.MaxInterval},
	})
	return e, nil
}

func (e *losslessExporter) start(ctx context.Context, host component.Host) error {
	if err := e.deadLetters.Start(e.set); err != nil {
		return err
	}
	e.status.Start(host)
	var err error
	e.client, err = destination.NewClient(ctx, "the destination", e.cfg.ClientConfig, host, e.set)
	return err
}

func (e *losslessExporter) shutdown(context.Context) error {
	e.client.Close()
	e.status.Shutdown()
	e.deadLetters.Shutdown()
	e.counters.Shutdown()
	return nil
}

// push sends records. It returns no permanent error: what is refused for what it is
// goes to the dead-letter file, and everything else can be offered again.
func (e *losslessExporter) push(ctx context.Context, logs plog.Logs) error {
	ctx, cancel := e.flights.Bound(ctx)
	defer cancel()
	accepted, err := e.accept(ctx, logs)
	switch {
	case err != nil:
	case accepted.LogRecordCount() > 0:
		err = e.eachRequest(ctx, accepted)
	case !e.unkept.Swap(false):
		return nil // which says nothing of the destination
	}
	e.status.Report(err)
	return destination.Holding(err, accepted)
}

// bury writes records to the dead-letter file.
func (e *losslessExporter) bury(ctx context.Context, letters plog.Logs, cause destination.Cause) error {
	if err := e.deadLetters.Write(letters, cause); err != nil {
		return err
	}
	e.status.Buried(ctx, letters.LogRecordCount(), cause, e.deadLetters.Path())
	return nil
}

// send posts records in one request, shortened to what the destination can hold.
func (e *losslessExporter) send(ctx context.Context, logs plog.Logs) error {
	if e.aged(logs) {
		return errAged
	}
	short, shortened := e.cfg.Limits.Apply(logs)
	body, err := plogotlp.NewExportRequestFromLogs(short).MarshalProto()
	if err != nil {
		return fmt.Errorf("cannot encode records: %w", err)
	}
	answer, err := e.client.Post(ctx, e.url, http.Header{"Content-Type": {destination.Protobuf}, "User-Agent": {e.userAgent}}, body)
	switch {
	case err == nil:
		e.counters.ExporterLosslessShortenedRecords.Add(ctx, int64(shortened))
		return e.leftOut(ctx, logs, answer)
	case destination.OfError(err).OfContent():
		if partial, told := answer.Told(logs); told {
			return partial
		}
	}
	return err
}

// leftOut looks for records that the destination says it has not taken, of a request
// that it did take. They must not be sent again (OTLP 1.9, "Partial Success").
func (e *losslessExporter) leftOut(ctx context.Context, logs plog.Logs, answer *destination.Answer) error {
	rejected, message := answer.PartialSuccess()
	switch {
	case rejected == 0 && message != "":
		e.logger.Warn("The destination warns of records that it took", zap.String("answer", answer.Printable(message)))
	case rejected <= 0:
	case rejected >= int64(logs.LogRecordCount()):
		return answer.RejectedAll(message)
	default:
		if partial, told := answer.LeftOut(logs, rejected, message); told {
			return partial
		}
		e.counters.ExporterLosslessRejectedRecords.Add(ctx, rejected)
		e.logger.Warn("The destination has left out records of requests that it took, and does not tell which",
			zap.Int64("records", rejected), zap.String("answer", answer.Printable(message)))
	}
	return nil
}
