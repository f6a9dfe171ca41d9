package losslessotlphttpexporter

import (
	"context"
	"fmt"
	"net/http"
	"runtime"
	"strings"

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

	client     *destination.Client
	compressor *compressor
}

func newExporter(cfg *Config, set exporter.Settings) (*losslessExporter, error) {
	counters, err := metadata.NewTelemetryBuilder(set.TelemetrySettings)
	if err != nil {
		return nil, err
	}
	counters.ExporterLosslessRejectedRecords.Add(context.Background(), 0)
	flights := destination.NewFlights()
	status, err := destination.NewStatus(set, flights)
	if err != nil {
		return nil, err
	}
	return &losslessExporter{
		cfg:         cfg,
		url:         cfg.url(),
		set:         set.TelemetrySettings,
		logger:      destination.OncePerMinute(set.Logger),
		userAgent:   fmt.Sprintf("%s/%s (%s/%s)", set.BuildInfo.Command, set.BuildInfo.Version, runtime.GOOS, runtime.GOARCH),
		counters:    counters,
		deadLetters: destination.NewDeadLetters(cfg.DeadLetter, set.ID),
		flights:     flights,
		status:      status,
	}, nil
}

func (e *losslessExporter) start(ctx context.Context, host component.Host) error {
	if err := e.deadLetters.Check(); err != nil {
		return err
	}
	e.status.Start(host)
	client := e.cfg.ClientConfig
	e.compressor = newCompressor(&client)
	var err error
	e.client, err = destination.NewClient(ctx, "the destination", client, host, e.set)
	return err
}

func (e *losslessExporter) shutdown(context.Context) error {
	e.client.Close()
	e.status.Shutdown()
	e.counters.Shutdown()
	return nil
}

// push sends records. It returns no permanent error: what is refused for what it is
// goes to the dead-letter file, and everything else can be offered again.
func (e *losslessExporter) push(ctx context.Context, logs plog.Logs) error {
	ctx, cancel := e.flights.Bound(ctx)
	defer cancel()
	accepted, err := e.accept(ctx, logs)
	if err == nil {
		if accepted.LogRecordCount() == 0 {
			return nil
		}
		err = e.eachRequest(ctx, accepted)
	}
	e.status.Report(err)
	return destination.Holding(err, accepted)
}

// offer sends records of one request.
func (e *losslessExporter) offer(ctx context.Context, logs plog.Logs) error {
	err := e.send(ctx, logs)
	if verdict := destination.OfError(err); verdict.OfContent() {
		divider := destination.Divider{Send: e.send, Bury: e.buryRefused}
		err = divider.Divide(ctx, logs, verdict)
	}
	return err
}

func (e *losslessExporter) buryRefused(ctx context.Context, letters plog.Logs, _ bool) error {
	return e.bury(ctx, letters, destination.Cause{Reason: "refused"})
}

// bury writes records to the dead-letter file.
func (e *losslessExporter) bury(ctx context.Context, letters plog.Logs, cause destination.Cause) error {
	if err := e.deadLetters.Write(letters, cause); err != nil {
		return err
	}
	e.status.Buried(ctx, letters.LogRecordCount(), cause, e.deadLetters.Path())
	return nil
}

// send posts records in one request.
func (e *losslessExporter) send(ctx context.Context, logs plog.Logs) error {
	body, err := plogotlp.NewExportRequestFromLogs(logs).MarshalProto()
	if err != nil {
		return fmt.Errorf("cannot encode records: %w", err)
	}
	header := http.Header{"Content-Type": {destination.Protobuf}, "User-Agent": {e.userAgent}}
	if e.compressor != nil {
		if body, err = e.compressor.compress(body); err != nil {
			return fmt.Errorf("cannot compress records: %w", err)
		}
		header.Set("Content-Encoding", "gzip")
	}
	answer, err := e.client.Post(ctx, e.url, header, body)
	if err != nil {
		return err
	}
	e.leftOut(ctx, answer)
	return nil
}

// leftOut counts the records that the destination says it has not taken, of a
// request that it did take. They must not be sent again (OTLP 1.9, "Partial Success").
func (e *losslessExporter) leftOut(ctx context.Context, answer *destination.Answer) {
	if len(answer.Body) == 0 || !strings.HasPrefix(answer.Header.Get("Content-Type"), destination.Protobuf) {
		return
	}
	taken := plogotlp.NewExportResponse()
	if taken.UnmarshalProto(answer.Body) != nil {
		return
	}
	if rejected := taken.PartialSuccess().RejectedLogRecords(); rejected > 0 {
		e.counters.ExporterLosslessRejectedRecords.Add(ctx, rejected)
		e.logger.Warn("The destination has left out records of requests that it took",
			zap.Int64("records", rejected), zap.String("answer", answer.Printable(taken.PartialSuccess().ErrorMessage())))
	}
}
