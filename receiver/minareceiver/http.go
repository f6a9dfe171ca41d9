package minareceiver

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componentstatus"
	"go.opentelemetry.io/collector/config/confighttp"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/receiver"
	"go.opentelemetry.io/collector/receiver/receiverhelper"
	"go.uber.org/zap"

	"github.com/mina-observability/otelcol-mina/internal/connections"
	"github.com/mina-observability/otelcol-mina/internal/ending"
	"github.com/mina-observability/otelcol-mina/receiver/minareceiver/internal/inflight"
	"github.com/mina-observability/otelcol-mina/receiver/minareceiver/internal/intake"
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
	bodies   *intake.Room
	records  *intake.Room

	server *http.Server
	serve  sync.WaitGroup
	// working ends when the grace of a stop is over.
	working     context.Context
	stopWorking context.CancelFunc
	offers      sync.WaitGroup
}

const (
	// decodedPerByte is how many bytes of decoded records there may be for each byte of
	// max_in_flight. Mina's records take two to three times the memory of their text.
	decodedPerByte = 3
	// maxHeaderBytes is room for a record in the query of a GET.
	maxHeaderBytes = 64 << 10
	// httpStopGrace is how long a stop waits for the requests at work.
	httpStopGrace = 3 * time.Second
)

// http2Limits bound what a connection may make the server keep without a handler's
// asking for it.
var http2Limits = http.HTTP2Config{MaxConcurrentStreams: 16, MaxReceiveBufferPerConnection: 64 << 10, MaxReceiveBufferPerStream: 64 << 10}

func newHTTPInput(set receiver.Settings, cfg *HTTPConfig, decoders *inflight.Decoders, next consumer.Logs, counters *inflight.Counters) (*httpInput, error) {
	report, err := inflight.NewObsReport(set, inflight.TransportHTTP)
	if err != nil {
		return nil, err
	}
	return &httpInput{
		cfg: cfg, set: set, decoders: decoders, next: next, counters: counters, report: report,
		bodies:  intake.NewRoom(int64(cfg.MaxInFlight), cfg.DeliveryTimeout),
		records: intake.NewRoom(decodedPerByte*int64(cfg.MaxInFlight), cfg.DeliveryTimeout),
	}, nil
}

// Start listens.
func (h *httpInput) Start(ctx context.Context, host component.Host) error {
	mux := http.NewServeMux()
	mux.HandleFunc("/v1/mina", h.handle)
	mux.HandleFunc("/{$}", h.handle)
	var err error
	h.server, err = h.cfg.ToServer(ctx, host.GetExtensions(), h.set.TelemetrySettings, mux,
		confighttp.WithErrorHandler(handleError), confighttp.WithDecoder("zstd", intake.Zstd(h.cfg.DeliveryTimeout)))
	if err != nil {
		return fmt.Errorf("http: %w", err)
	}
	listener, err := h.cfg.ToListener(ctx)
	if err != nil {
		return fmt.Errorf("http.endpoint %q: %w", h.cfg.NetAddr.Endpoint, err)
	}
	h.announce(listener.Addr())
	bounded := connections.Limit(listener, h.cfg.MaxConnections)
	h.working, h.stopWorking = context.WithCancel(context.Background())
	h.server.BaseContext = func(net.Listener) context.Context { return h.working }
	h.server.ConnState = bounded.State
	h.server.MaxHeaderBytes = maxHeaderBytes
	h.server.HTTP2 = &http2Limits
	h.server.Handler = bounded.LetGo(h.admit(listener.Addr(), h.server.Handler))
	h.serve.Go(func() {
		if err := h.server.Serve(bounded); err != nil && !errors.Is(err, http.ErrServerClosed) {
			componentstatus.ReportStatus(host, componentstatus.NewFatalErrorEvent(err))
		}
	})
	return nil
}

// announce logs where records are taken, and warns if anybody may send them.
func (h *httpInput) announce(address net.Addr) {
	h.set.Logger.Info("Taking records over HTTP", zap.Stringer("endpoint", address))
	tcp, ok := address.(*net.TCPAddr)
	if !ok || tcp.IP.IsLoopback() || h.cfg.Auth.HasValue() || h.cfg.TLS.HasValue() && h.cfg.TLS.Get().ClientCAFile != "" {
		return
	}
	h.set.Logger.Warn("http.endpoint is open to everybody who can reach it: set http.auth, or http.tls with client_ca_file, or listen on localhost",
		zap.Stringer("endpoint", address))
}

// admit comes before all that confighttp does with a request.
func (h *httpInput) admit(address net.Addr, next http.Handler) http.Handler {
	senders := intake.NewSenders(address, h.cfg.NetAddr.Endpoint, h.cfg.AllowedHosts, h.cfg.CORS.Get())
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		intake.Pace(w, r, h.cfg.ReadTimeout)
		if reason := senders.Refusal(r); reason != "" {
			(&problem{status: http.StatusForbidden, reason: reason}).write(w)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// handleError answers what confighttp refuses.
func handleError(w http.ResponseWriter, _ *http.Request, reason string, status int) {
	switch {
	case reason == intake.ErrBusy.Error():
		busy.write(w)
		return
	case strings.HasPrefix(reason, "unsupported Content-Encoding"):
		status = http.StatusUnsupportedMediaType
	case strings.Contains(reason, "i/o timeout"):
		status = http.StatusRequestTimeout
	}
	http.Error(w, reason, status)
}

// Shutdown stops listening, answers the requests at work, and ends those that are
// still being sent or that the pipeline does not answer.
func (h *httpInput) Shutdown(ctx context.Context) error {
	if h.stopWorking == nil {
		return nil
	}
	grace, cancel := context.WithTimeout(ctx, httpStopGrace)
	defer cancel()
	err := h.server.Shutdown(grace)
	h.stopWorking()
	if errors.Is(err, context.DeadlineExceeded) {
		err = h.server.Close()
	}
	h.serve.Wait()
	if !ending.Of(&h.offers, 0, h.stopWorking) {
		h.set.Logger.Warn("The pipeline does not let go of its records; their clients were not told that they are delivered")
	}
	return err
}
