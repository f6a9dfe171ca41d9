package losslessotlphttpexporter

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"strings"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/exporter"
	"go.opentelemetry.io/collector/exporter/exporterhelper"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/plog/plogotlp"
	"go.uber.org/zap"

	"github.com/mina-observability/otelcol-mina/exporter/losslessotlphttpexporter/internal/metadata"
	"github.com/mina-observability/otelcol-mina/internal/destination"
)

const (
	protobuf = "application/x-protobuf"
	// maxAnswer is how much of an answer is read, in bytes.
	maxAnswer = 64 << 10
	// maxPause bounds the pause that a destination asks for.
	maxPause = 5 * time.Minute
)

type losslessExporter struct {
	cfg         *Config
	set         component.TelemetrySettings
	userAgent   string
	counters    *metadata.TelemetryBuilder
	deadLetters *destination.DeadLetters

	status *destination.Status

	client     *http.Client
	compressor *compressor
}

func newExporter(cfg *Config, set exporter.Settings) (*losslessExporter, error) {
	counters, err := metadata.NewTelemetryBuilder(set.TelemetrySettings)
	if err != nil {
		return nil, err
	}
	return &losslessExporter{
		cfg:         cfg,
		set:         set.TelemetrySettings,
		userAgent:   fmt.Sprintf("%s/%s (%s/%s)", set.BuildInfo.Command, set.BuildInfo.Version, runtime.GOOS, runtime.GOARCH),
		counters:    counters,
		deadLetters: destination.NewDeadLetters(cfg.DeadLetter, set.ID),
		status:      destination.NewStatus(set.Logger),
	}, nil
}

func (e *losslessExporter) start(ctx context.Context, host component.Host) (err error) {
	e.status.Start(host)
	client := e.cfg.ClientConfig
	e.compressor = newCompressor(&client)
	e.client, err = client.ToClient(ctx, host.GetExtensions(), e.set)
	return err
}

func (e *losslessExporter) shutdown(context.Context) error {
	if e.client != nil {
		e.client.CloseIdleConnections()
	}
	e.counters.Shutdown()
	return nil
}

// push sends records. It returns no permanent error: what is refused for what it is
// goes to the dead-letter file, and everything else can be offered again.
func (e *losslessExporter) push(ctx context.Context, logs plog.Logs) error {
	err := e.send(ctx, logs)
	if verdict := destination.OfError(err); verdict.OfContent() {
		divider := destination.Divider{Send: e.send, Bury: e.bury}
		err = divider.Divide(ctx, logs, verdict)
	}
	e.report(err)
	return err
}

// bury writes refused records to the dead-letter file.
func (e *losslessExporter) bury(ctx context.Context, letters plog.Logs, _ bool) error {
	if err := e.deadLetters.Write(letters); err != nil {
		return err
	}
	records := letters.LogRecordCount()
	e.counters.ExporterLosslessDeadLetterRecords.Add(ctx, int64(records))
	e.set.Logger.Error("The destination refuses records for what they are; they are in the dead-letter file",
		zap.Int("records", records), zap.String("file", e.deadLetters.Path()))
	return nil
}

// send posts records in one request.
func (e *losslessExporter) send(ctx context.Context, logs plog.Logs) error {
	body, err := plogotlp.NewExportRequestFromLogs(logs).MarshalProto()
	if err != nil {
		return fmt.Errorf("cannot encode records: %w", err)
	}
	if e.compressor != nil {
		if body, err = e.compressor.compress(body); err != nil {
			return fmt.Errorf("cannot compress records: %w", err)
		}
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, e.cfg.url(), bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("cannot make a request: %w", err)
	}
	request.Header.Set("Content-Type", protobuf)
	if e.compressor != nil {
		request.Header.Set("Content-Encoding", "gzip")
	}
	request.Header.Set("User-Agent", e.userAgent)
	response, err := e.client.Do(request)
	if err != nil {
		return fmt.Errorf("cannot reach the destination: %w", err)
	}
	answer, readErr := io.ReadAll(io.LimitReader(response.Body, maxAnswer))
	if closeErr := response.Body.Close(); readErr == nil {
		readErr = closeErr
	}
	if response.StatusCode/100 == 2 {
		e.leftOut(ctx, response, answer)
		return nil // also if the answer could not be read: the records have been taken
	}
	err = e.refusal(response, answer)
	if pause, _ := destination.RetryAfter(response.Header, time.Now(), maxPause); pause > 0 {
		return exporterhelper.NewThrottleRetry(err, pause)
	}
	return errors.Join(err, readErr)
}

// leftOut counts the records that the destination says it has not taken, of a
// request that it did take. They must not be sent again (OTLP 1.9, "Partial Success").
func (e *losslessExporter) leftOut(ctx context.Context, response *http.Response, answer []byte) {
	if len(answer) == 0 || !strings.HasPrefix(response.Header.Get("Content-Type"), protobuf) {
		return
	}
	taken := plogotlp.NewExportResponse()
	if taken.UnmarshalProto(answer) != nil {
		return
	}
	if rejected := taken.PartialSuccess().RejectedLogRecords(); rejected > 0 {
		e.counters.ExporterLosslessRejectedRecords.Add(ctx, rejected)
		e.set.Logger.Warn("The destination has left out records of requests that it took",
			zap.Int64("records", rejected), zap.String("answer", e.printable(taken.PartialSuccess().ErrorMessage())))
	}
}

// report tells the log and the health check how the destination does.
func (e *losslessExporter) report(err error) {
	e.status.Report(err)
	if refused := (*refusal)(nil); errors.As(err, &refused) && refused.Verdict() == destination.SenderRefused {
		e.set.Logger.Error("The destination refuses this sender; records wait until that changes", zap.Error(refused))
	}
}
