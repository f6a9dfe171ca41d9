package logpageextension

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componentstatus"
	"go.opentelemetry.io/collector/extension"
	"go.opentelemetry.io/collector/extension/extensioncapabilities"
	"go.uber.org/zap"

	"github.com/mina-observability/otelcol-mina/extension/logpageextension/internal/api"
	"github.com/mina-observability/otelcol-mina/extension/logpageextension/internal/engine"
	"github.com/mina-observability/otelcol-mina/internal/connections"
	"github.com/mina-observability/otelcol-mina/internal/logstore"
)

var _ extensioncapabilities.Dependent = (*logPage)(nil)

const (
	// maxConnections bounds the connections that are open; more wait.
	maxConnections = 256
	// maxHeaderBytes is room for a long search.
	maxHeaderBytes = 64 << 10
	// stopGrace is how long a stop waits for answers on their way.
	stopGrace = 2 * time.Second
)

// logPage serves the page.
type logPage struct {
	cfg *Config
	set extension.Settings

	transport *http.Transport
	server    *http.Server
	serve     sync.WaitGroup
	// stopWorking ends what is being answered.
	stopWorking context.CancelFunc
}

// Dependencies has the store start before, and end after.
func (l *logPage) Dependencies() []component.ID { return []component.ID{l.cfg.Store} }

// Start listens.
func (l *logPage) Start(ctx context.Context, host component.Host) error {
	store, ok := host.GetExtensions()[l.cfg.Store].(logstore.Store)
	if !ok {
		return fmt.Errorf("store: %q is not an extension log_store that is started; name one below extensions and in service::extensions", l.cfg.Store)
	}
	handler, err := l.handler(store)
	if err != nil {
		return err
	}
	if l.server, err = l.cfg.ToServer(ctx, host.GetExtensions(), l.set.TelemetrySettings, handler, refuse()); err != nil {
		return err
	}
	listener, err := l.cfg.ToListener(ctx)
	if err != nil {
		return fmt.Errorf("endpoint %q: %w", l.cfg.NetAddr.Endpoint, err)
	}
	var working context.Context
	working, l.stopWorking = context.WithCancel(context.Background())
	l.server.BaseContext = func(net.Listener) context.Context { return working }
	bounded := connections.Limit(listener, maxConnections)
	l.server.ConnState = bounded.State
	l.server.MaxHeaderBytes = maxHeaderBytes
	l.server.Handler = bounded.LetGo(newGuard(l.cfg, listener.Addr()).admit(l.server.Handler))
	l.set.Logger.Info("Showing the logs", zap.String("url", l.url(listener.Addr())))
	l.serve.Go(func() {
		if err := l.server.Serve(bounded); err != nil && !errors.Is(err, http.ErrServerClosed) {
			componentstatus.ReportStatus(host, componentstatus.NewFatalErrorEvent(err))
		}
	})
	return nil
}

// handler returns what answers: the page, its API, and the store's own page if it is open.
func (l *logPage) handler(store logstore.Store) (http.Handler, error) {
	l.transport = http.DefaultTransport.(*http.Transport).Clone()
	transport, err := store.RoundTripper(l.transport)
	if err != nil {
		return nil, fmt.Errorf("store %q: %w", l.cfg.Store, err)
	}
	mux := http.NewServeMux()
	mux.Handle("/", page())
	mux.Handle("/api/", api.New(engine.New(transport, store.Status), api.Options{
		Version: l.set.BuildInfo.Version, AllowLogsQL: l.cfg.AllowLogsQL, VMUI: l.cfg.VMUI, MaxLive: l.cfg.MaxLive, Now: time.Now, Logger: l.set.Logger,
	}))
	if l.cfg.VMUI {
		mux.Handle("/vmui/", storePage(transport))
		mux.Handle("/select/", storePage(transport))
	}
	return mux, nil
}

// url returns what to type into a browser.
func (l *logPage) url(address net.Addr) string {
	scheme := "http"
	if l.cfg.TLS.HasValue() {
		scheme = "https"
	}
	name := address.String()
	if tcp, ok := address.(*net.TCPAddr); ok && tcp.IP.IsLoopback() {
		name = fmt.Sprintf("localhost:%d", tcp.Port)
	}
	return scheme + "://" + name
}

// Shutdown stops listening, and ends what is still being answered.
func (l *logPage) Shutdown(ctx context.Context) error {
	if l.stopWorking == nil {
		return nil
	}
	l.stopWorking() // nobody ends live views and exports otherwise
	grace, cancel := context.WithTimeout(ctx, stopGrace)
	defer cancel()
	err := l.server.Shutdown(grace)
	if errors.Is(err, context.DeadlineExceeded) {
		err = l.server.Close()
	}
	l.serve.Wait()
	l.transport.CloseIdleConnections()
	return err
}
