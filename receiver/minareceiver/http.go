package minareceiver

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componentstatus"
	"go.opentelemetry.io/collector/config/confighttp"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/exporter/exporterhelper"
	"go.opentelemetry.io/collector/receiver"
	"go.opentelemetry.io/collector/receiver/receiverhelper"
	"go.uber.org/zap"
	"golang.org/x/sync/semaphore"

	"github.com/mina-observability/otelcol-mina/internal/minalog"
	"github.com/mina-observability/otelcol-mina/receiver/minareceiver/internal/inflight"
)

// httpInput takes records over HTTP. A request is answered when the pipeline has
// answered; there is no retry here, since the client is the one that has the records.
type httpInput struct {
	cfg      *HTTPConfig
	set      receiver.Settings
	decoders *inflight.Decoders
	next     consumer.Logs
	counters *inflight.Counters
	report   *receiverhelper.ObsReport
	slots    *semaphore.Weighted

	server *http.Server
	serve  sync.WaitGroup
}

func newHTTPInput(set receiver.Settings, cfg *HTTPConfig, decoders *inflight.Decoders, next consumer.Logs, counters *inflight.Counters) (*httpInput, error) {
	report, err := inflight.NewObsReport(set, inflight.TransportHTTP)
	if err != nil {
		return nil, err
	}
	return &httpInput{
		cfg: cfg, set: set, decoders: decoders, next: next, counters: counters, report: report,
		slots: semaphore.NewWeighted(int64(cfg.MaxInFlight)),
	}, nil
}

// Start listens.
func (h *httpInput) Start(ctx context.Context, host component.Host) error {
	mux := http.NewServeMux()
	mux.HandleFunc("/v1/mina", h.handle)
	mux.HandleFunc("/{$}", h.handle)
	var err error
	h.server, err = h.cfg.ToServer(ctx, host.GetExtensions(), h.set.TelemetrySettings, mux, confighttp.WithErrorHandler(handleError))
	if err != nil {
		return fmt.Errorf("http: %w", err)
	}
	var listener net.Listener
	if listener, err = h.cfg.ToListener(ctx); err != nil {
		return fmt.Errorf("http.endpoint %q: %w", h.cfg.NetAddr.Endpoint, err)
	}
	h.set.Logger.Info("Taking records over HTTP", zap.String("endpoint", listener.Addr().String()))
	h.serve.Go(func() {
		if err := h.server.Serve(listener); err != nil && !errors.Is(err, http.ErrServerClosed) {
			componentstatus.ReportStatus(host, componentstatus.NewFatalErrorEvent(err))
		}
	})
	return nil
}

// Shutdown answers the requests at work and stops listening.
func (h *httpInput) Shutdown(ctx context.Context) error {
	if h.server == nil {
		return nil
	}
	err := h.server.Shutdown(ctx)
	h.serve.Wait()
	return err
}

// problem is a request that is not taken.
type problem struct {
	status int
	reason string
	// retryAfter is the value of Retry-After in seconds, if there is one.
	retryAfter string
}

func (p *problem) write(w http.ResponseWriter) {
	if p.retryAfter != "" {
		w.Header().Set("Retry-After", p.retryAfter)
	}
	http.Error(w, p.reason, p.status)
}

// handleError answers what confighttp refuses.
func handleError(w http.ResponseWriter, _ *http.Request, reason string, status int) {
	if strings.HasPrefix(reason, "unsupported Content-Encoding") {
		status = http.StatusUnsupportedMediaType
	}
	http.Error(w, reason, status)
}

func (h *httpInput) handle(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		http.Error(w, "records are sent with POST", http.StatusMethodNotAllowed)
		return
	}
	// Until the body is read, it may be as large as any.
	reserved := min(h.cfg.MaxRequestBodySize, int64(h.cfg.MaxInFlight))
	if r.ContentLength >= 0 {
		reserved = min(reserved, r.ContentLength)
	}
	if !h.slots.TryAcquire(reserved) {
		(&problem{http.StatusTooManyRequests, "too much is at work", "1"}).write(w)
		return
	}
	batch, size, p := h.decode(r)
	surplus := max(reserved-size, 0)
	h.slots.Release(surplus)
	if p == nil {
		p = h.deliver(r.Context(), batch, size)
	}
	h.slots.Release(reserved - surplus)
	if p != nil {
		p.write(w)
		return
	}
	w.WriteHeader(http.StatusAccepted)
}

// decode reads a request's records, all or none.
func (h *httpInput) decode(r *http.Request) (*minalog.Batch, int64, *problem) {
	decode, p := h.decoderFor(r)
	if p != nil {
		return nil, 0, p
	}
	body, err := io.ReadAll(r.Body)
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return nil, 0, &problem{http.StatusRequestEntityTooLarge, fmt.Sprintf("the body is larger than max_request_body_size, %d bytes", tooLarge.Limit), ""}
	case err != nil:
		return nil, 0, &problem{http.StatusBadRequest, "the body cannot be read: " + err.Error(), ""}
	}
	decoder := h.decoders.Get()
	defer h.decoders.Put(decoder)
	batch := minalog.NewBatch(time.Now())
	if err := decode(decoder, batch, body); err != nil {
		return nil, 0, &problem{http.StatusBadRequest, err.Error(), ""}
	}
	return batch, int64(len(body)), nil
}

type decodeBody func(*minalog.Decoder, *minalog.Batch, []byte) error

// decoderFor tells by its Content-Type how to read a request.
func (h *httpInput) decoderFor(r *http.Request) (decodeBody, *problem) {
	contentType := r.Header.Get("Content-Type")
	mediaType, _, err := mime.ParseMediaType(contentType)
	if err != nil && contentType != "" {
		return nil, &problem{http.StatusUnsupportedMediaType, "the Content-Type cannot be read", ""}
	}
	switch mediaType {
	case "", "application/json", "application/x-ndjson", "application/ndjson", "application/jsonl", "application/x-jsonlines", "text/plain":
		return func(d *minalog.Decoder, b *minalog.Batch, body []byte) error {
			return d.DecodeJSON(b, body, int(h.cfg.MaxRecordSize))
		}, nil
	case "application/x-www-form-urlencoded":
		return h.decodeForm, nil
	}
	return nil, &problem{http.StatusUnsupportedMediaType, "the Content-Type must be application/json, application/x-ndjson or application/x-www-form-urlencoded", ""}
}

func (h *httpInput) decodeForm(d *minalog.Decoder, b *minalog.Batch, body []byte) error {
	if len(body) > int(h.cfg.MaxRecordSize) {
		return &minalog.RecordError{Reason: fmt.Sprintf("it is %d bytes long, and max_record_size is %d", len(body), h.cfg.MaxRecordSize)}
	}
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return &minalog.RecordError{Reason: "it is not a valid form"} // the error would quote the text
	}
	return d.DecodeForm(b, form)
}

// deliver waits for the pipeline's answer.
func (h *httpInput) deliver(ctx context.Context, batch *minalog.Batch, size int64) *problem {
	ctx, cancel := context.WithTimeout(ctx, h.cfg.DeliveryTimeout)
	defer cancel()
	ctx = h.report.StartLogsOp(ctx)
	records := batch.Len()
	err := h.next.ConsumeLogs(ctx, batch.Logs())
	h.report.EndLogsOp(ctx, "mina", records, err)
	h.counters.Count(context.WithoutCancel(ctx), inflight.TransportHTTP, batch, size)
	switch {
	case err == nil:
		return nil
	case inflight.RefusedForGood(err):
		return &problem{http.StatusBadRequest, "the pipeline refuses these records for good", ""}
	case errors.Is(err, exporterhelper.ErrQueueIsFull):
		return &problem{http.StatusTooManyRequests, "the queue is full", "1"}
	}
	return &problem{http.StatusServiceUnavailable, "the pipeline does not take records now", "5"}
}
