package logstoreextension

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"go.opentelemetry.io/collector/component"
)

// remote is a store that somebody else runs: a VictoriaLogs, or a cluster's vlselect and
// vlinsert.
type remote struct {
	cfg           *Config
	set           component.TelemetrySettings
	read, written *url.URL
	client        *http.Client
}

func newRemote(cfg *Config, set component.TelemetrySettings) (*remote, error) {
	read, err := url.Parse(cfg.ClientConfig.Endpoint)
	if err != nil {
		return nil, err
	}
	written := read
	if cfg.InsertEndpoint != "" {
		written, err = url.Parse(cfg.InsertEndpoint)
	}
	return &remote{cfg: cfg, set: set, read: read, written: written}, err
}

func (r *remote) start(ctx context.Context, host component.Host) (err error) {
	r.client, err = r.cfg.ClientConfig.ToClient(ctx, host.GetExtensions(), r.set)
	return err
}

func (r *remote) shutdown() {
	if r.client != nil {
		r.client.CloseIdleConnections()
	}
}

// RoundTrip sends a request to where records are read or written.
func (r *remote) RoundTrip(request *http.Request) (*http.Response, error) {
	base := r.read
	if strings.HasPrefix(request.URL.Path, insertPath) {
		base = r.written
	}
	sent := request.Clone(request.Context())
	sent.URL = base.JoinPath(request.URL.Path)
	sent.URL.Path = "/" + strings.TrimPrefix(sent.URL.Path, "/") // JoinPath keeps a base without a path relative
	sent.URL.RawQuery = request.URL.RawQuery
	sent.Host = ""
	if user := base.User; user != nil {
		password, _ := user.Password()
		sent.SetBasicAuth(user.Username(), password)
	}
	return r.client.Transport.RoundTrip(sent)
}
