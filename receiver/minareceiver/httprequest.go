package minareceiver

import (
	"context"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"os"
	"time"

	"go.opentelemetry.io/collector/exporter/exporterhelper"

	"github.com/mina-observability/otelcol-mina/internal/minalog"
	"github.com/mina-observability/otelcol-mina/receiver/minareceiver/internal/inflight"
	"github.com/mina-observability/otelcol-mina/receiver/minareceiver/internal/intake"
)

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

func (h *httpInput) handle(w http.ResponseWriter, r *http.Request) {
	var p *problem
	switch {
	case r.Method == http.MethodPost:
		p = h.takePost(w, r)
	case r.Method == http.MethodGet && r.URL.RawQuery != "":
		p = h.takeQuery(w, r)
	default:
		p = methodNotAllowed(w)
	}
	intake.Answer(w, h.cfg.WriteTimeout)
	if p != nil {
		p.write(w)
		return
	}
	w.WriteHeader(http.StatusAccepted)
}

func methodNotAllowed(w http.ResponseWriter) *problem {
	w.Header().Set("Allow", http.MethodPost)
	return &problem{status: http.StatusMethodNotAllowed, reason: "records are sent with POST, or as logging.handlers.HTTPHandler does with GET, a record as the query"}
}

// takePost reads a body and delivers its records, all or none.
func (h *httpInput) takePost(w http.ResponseWriter, r *http.Request) *problem {
	read, p := h.formatOf(r)
	if p != nil {
		return p
	}
	share := h.bodies.Share()
	defer share.Release()
	body, err := intake.ReadBody(r.Context(), r.Body, share, h.cfg.MaxRequestBodySize)
	if err != nil {
		return h.unread(w, err)
	}
	intake.WholeBody(w)
	return h.take(r.Context(), body, read, share)
}

// takeQuery delivers the record that is the query of a GET.
func (h *httpInput) takeQuery(w http.ResponseWriter, r *http.Request) *problem {
	if form, err := url.ParseQuery(r.URL.RawQuery); err == nil && !minalog.HoldsRecord(form) {
		return methodNotAllowed(w)
	}
	intake.WholeBody(w)
	return h.take(r.Context(), []byte(r.URL.RawQuery), h.readForm, h.bodies.Share())
}

// unread says why a body could not be read.
func (h *httpInput) unread(w http.ResponseWriter, err error) *problem {
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return &problem{status: http.StatusRequestEntityTooLarge, reason: fmt.Sprintf("the body is larger than max_request_body_size, %d bytes", tooLarge.Limit)}
	case errors.Is(err, intake.ErrTooLarge):
		return &problem{status: http.StatusRequestEntityTooLarge, reason: fmt.Sprintf("the body is larger than max_in_flight, %d bytes", h.cfg.MaxInFlight)}
	case errors.Is(err, intake.ErrBusy):
		return busy
	case errors.Is(err, os.ErrDeadlineExceeded):
		w.Header().Set("Connection", "close")
		return &problem{status: http.StatusRequestTimeout, reason: "the body did not arrive in time"}
	}
	return &problem{status: http.StatusBadRequest, reason: "the body cannot be read: " + err.Error()}
}

var busy = &problem{http.StatusTooManyRequests, "too much is at work", "1"}

// recordsIn is a body whose size is known and which has not been decoded.
type recordsIn struct {
	size   minalog.Size
	decode func(context.Context, *minalog.Decoder, *minalog.Batch) error
}

type readRecords func(body []byte) (recordsIn, error)

// formatOf tells by its Content-Type how to read a request.
func (h *httpInput) formatOf(r *http.Request) (readRecords, *problem) {
	contentType := r.Header.Get("Content-Type")
	mediaType, _, err := mime.ParseMediaType(contentType)
	if err != nil && contentType != "" {
		return nil, &problem{status: http.StatusUnsupportedMediaType, reason: "the Content-Type cannot be read"}
	}
	switch mediaType {
	case "", "application/json", "application/x-ndjson", "application/ndjson", "application/jsonl", "application/x-jsonlines", "text/plain":
		return h.readJSON, nil
	case "application/x-www-form-urlencoded":
		return h.readForm, nil
	}
	return nil, &problem{status: http.StatusUnsupportedMediaType, reason: "the Content-Type must be application/json, application/x-ndjson or application/x-www-form-urlencoded"}
}

func (h *httpInput) readJSON(body []byte) (recordsIn, error) {
	return recordsIn{minalog.SizeOfJSON(body), func(ctx context.Context, d *minalog.Decoder, b *minalog.Batch) error {
		return d.DecodeJSON(ctx, b, body, int(h.cfg.MaxRecordSize))
	}}, nil
}

func (h *httpInput) readForm(body []byte) (recordsIn, error) {
	if len(body) > int(h.cfg.MaxRecordSize) {
		return recordsIn{}, &minalog.RecordError{Reason: fmt.Sprintf("it is %d bytes long, and max_record_size is %d", len(body), h.cfg.MaxRecordSize)}
	}
	text := string(body)
	form, err := url.ParseQuery(text)
	if err != nil {
		return recordsIn{}, &minalog.RecordError{Reason: "it is not a valid form"} // the error would quote the text
	}
	return recordsIn{minalog.SizeOfForm(text, len(form)), func(_ context.Context, d *minalog.Decoder, b *minalog.Batch) error {
		return d.DecodeForm(b, form)
	}}, nil
}

// take decodes a body, gives back what it took, and delivers its records.
func (h *httpInput) take(ctx context.Context, body []byte, read readRecords, taken *intake.Share) *problem {
	ctx, cancel := context.WithTimeout(ctx, h.cfg.DeliveryTimeout)
	defer cancel()
	share := h.records.Share()
	batch, p := h.decode(ctx, body, read, share)
	if p != nil {
		share.Release()
		return p
	}
	taken.Release()
	return h.deliver(ctx, batch, int64(len(body)), share)
}

// decode reads a body's records, all or none.
func (h *httpInput) decode(ctx context.Context, body []byte, read readRecords, share *intake.Share) (*minalog.Batch, *problem) {
	in, err := read(body)
	if err != nil {
		return nil, &problem{status: http.StatusBadRequest, reason: err.Error()}
	}
	if in.size.Records > h.cfg.MaxRequestRecords {
		return nil, &problem{status: http.StatusRequestEntityTooLarge, reason: fmt.Sprintf("there are %d records, more than max_request_records, %d", in.size.Records, h.cfg.MaxRequestRecords)}
	}
	if err := share.Grow(ctx, in.size.Memory()); errors.Is(err, intake.ErrTooLarge) {
		return nil, &problem{status: http.StatusRequestEntityTooLarge, reason: fmt.Sprintf("the records take more memory than %d times max_in_flight: send fewer at once", decodedPerByte)}
	} else if err != nil {
		return nil, busy
	}
	decoder := h.decoders.Get()
	defer h.decoders.Put(decoder)
	batch := minalog.NewBatch(time.Now())
	err = in.decode(ctx, decoder, batch)
	switch {
	case err == nil:
		return batch, nil
	case ctx.Err() != nil:
		return nil, unavailable
	}
	return nil, &problem{status: http.StatusBadRequest, reason: err.Error()}
}

var unavailable = &problem{http.StatusServiceUnavailable, "the pipeline does not take records now", "5"}

// deliver waits for the pipeline's answer. A pipeline that goes on without looking at
// its context keeps its records' share, but not the client.
func (h *httpInput) deliver(ctx context.Context, batch *minalog.Batch, size int64, share *intake.Share) *problem {
	answer := make(chan error, 1)
	h.offers.Go(func() {
		defer share.Release()
		answer <- h.offer(ctx, batch, size)
	})
	var err error
	select {
	case err = <-answer:
	case <-ctx.Done():
		return unavailable
	}
	switch {
	case err == nil:
		return nil
	case inflight.RefusedForGood(err):
		return &problem{status: http.StatusBadRequest, reason: "the pipeline refuses these records for good"}
	case errors.Is(err, exporterhelper.ErrQueueIsFull):
		return &problem{http.StatusTooManyRequests, "the queue is full", "1"}
	}
	return unavailable
}

func (h *httpInput) offer(ctx context.Context, batch *minalog.Batch, size int64) error {
	ctx = h.report.StartLogsOp(ctx)
	records, begin := batch.Len(), time.Now()
	err := h.next.ConsumeLogs(ctx, batch.Logs())
	h.report.EndLogsOp(ctx, "mina", records, err)
	h.counters.Count(context.WithoutCancel(ctx), inflight.TransportHTTP, batch, size)
	if err == nil {
		h.counters.Delivered(inflight.TransportHTTP, begin)
	}
	return err
}
