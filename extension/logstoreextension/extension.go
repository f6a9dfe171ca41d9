package logstoreextension

import (
	"context"
	"net/http"

	"go.opentelemetry.io/collector/component"

	"github.com/mina-observability/otelcol-mina/internal/logstore"
)

var _ logstore.Store = (*logStore)(nil)

// store is one that is run here, or one that runs elsewhere.
type store interface {
	start(context.Context, component.Host) error
	shutdown()
	http.RoundTripper
}

// logStore is the extension.
type logStore struct {
	store
	status *status
}

func newLogStore(cfg *Config, set component.TelemetrySettings) (*logStore, error) {
	status, err := newStatus(cfg, set)
	if err != nil {
		return nil, err
	}
	if cfg.ClientConfig.Endpoint != "" {
		remote, err := newRemote(cfg, set)
		return &logStore{remote, status}, err
	}
	return &logStore{newOwn(cfg, status), status}, nil
}

// Start begins to run the store, and does not wait until it does: the records go to their
// other destinations without it, too.
func (s *logStore) Start(ctx context.Context, host component.Host) error {
	s.status.start(host)
	return s.start(ctx, host)
}

// Shutdown ends the store. The pipelines have ended before.
func (s *logStore) Shutdown(context.Context) error {
	s.shutdown()
	s.status.shutdown()
	return nil
}

// RoundTripper sends requests for logstore.Host to the store. It needs no base: how the
// store is reached is configured here.
func (s *logStore) RoundTripper(http.RoundTripper) (http.RoundTripper, error) {
	return resolver{s.store}, nil
}

// Status returns how the store does.
func (s *logStore) Status() logstore.Status { return s.status.get() }
