package api

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"go.uber.org/zap"

	"github.com/mina-observability/otelcol-mina/extension/logpageextension/internal/engine"
)

// Options say what of the API there is.
type Options struct {
	// Version is the collector's.
	Version string
	// AllowLogsQL takes filters in the store's language, and VMUI says that its page is open.
	AllowLogsQL, VMUI bool
	// MaxLive bounds how many look at the newest records at once.
	MaxLive int
	// Now returns the time.
	Now func() time.Time
	// Logger takes what keeps the API from answering.
	Logger *zap.Logger
}

// API answers the page.
type API struct {
	Options
	store *engine.Client
	mux   http.ServeMux
	// lives and exports have room for as many as there may be at once.
	lives, exports chan struct{}
}

// New returns the API about the records of a store.
func New(store *engine.Client, options Options) *API {
	a := &API{Options: options, store: store, lives: make(chan struct{}, options.MaxLive), exports: make(chan struct{}, maxExports)}
	a.answer("/api/status", a.status)
	a.answer("/api/records", a.records)
	a.answer("/api/record", a.record)
	a.answer("/api/volume", a.volume)
	a.answer("/api/facets", a.facets)
	a.answer("/api/exceptions", a.exceptions)
	a.answer("/api/slow", a.slow)
	a.answer("/api/requests/{id}", a.request)
	a.mux.HandleFunc("GET /api/live", a.live)
	a.mux.HandleFunc("GET /api/export", a.export)
	a.answer("/", func(context.Context, *parameters) (any, error) { return nil, errNoSuch })
	return a
}

// ServeHTTP answers a question. One whose parameters cannot be read is not one without them.
func (a *API) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if _, err := url.ParseQuery(r.URL.RawQuery); err != nil {
		a.fail(w, r, bad("The parameters in the address cannot be read.", "Write a percent sign as %25, and a semicolon as %3B."))
		return
	}
	a.mux.ServeHTTP(w, r)
}

// answer has a question answered as JSON.
func (a *API) answer(path string, find func(context.Context, *parameters) (any, error)) {
	a.mux.HandleFunc("GET "+path, func(w http.ResponseWriter, r *http.Request) {
		answer, err := find(r.Context(), a.read(r))
		if err != nil {
			a.fail(w, r, err)
			return
		}
		writeJSON(w, http.StatusOK, answer)
	})
}
