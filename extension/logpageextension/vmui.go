package logpageextension

import (
	"net/http"
	"net/http/httputil"
	"net/url"
	"path"
	"strings"

	"github.com/mina-observability/otelcol-mina/extension/logpageextension/internal/api"
	"github.com/mina-observability/otelcol-mina/internal/logstore"
)

const (
	// maxQuery bounds the queries of the store's page, in bytes.
	maxQuery = 64 << 10
	// storePolicy is what the store's page needs more than ours: styles in its elements.
	storePolicy = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
)

// storePage hands on the store's own page, below /vmui/, and what it asks the store, below
// /select/logsql/. Nothing is written there.
func storePage(transport http.RoundTripper) http.Handler {
	proxy := &httputil.ReverseProxy{
		Transport: transport,
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(&url.URL{Scheme: "http", Host: logstore.Host})
			r.Out.URL.Path = "/select" + strings.TrimPrefix(r.In.URL.Path, "/select")
			r.Out.URL.RawPath = ""
			for _, name := range []string{"Authorization", "Cookie", "Origin", "Referer"} {
				r.Out.Header.Del(name) // they are for us
			}
		},
		ModifyResponse: func(response *http.Response) error {
			for name := range response.Header {
				if strings.HasPrefix(name, "Access-Control-") {
					response.Header.Del(name)
				}
			}
			return nil
		},
		ErrorHandler: func(w http.ResponseWriter, _ *http.Request, _ error) {
			(&api.Failure{Status: http.StatusBadGateway, Message: "The store of the records does not answer.", Do: "Look at the page's status."}).Write(w)
		},
		FlushInterval: -1, // its live view
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !isOfStorePage(r.URL.Path) {
			(&api.Failure{Status: http.StatusNotFound, Message: "There is no such address.", Do: "Open /vmui/."}).Write(w)
			return
		}
		if strings.HasPrefix(r.URL.Path, "/vmui/") {
			w.Header().Set("Content-Security-Policy", storePolicy)
		}
		r.Body = http.MaxBytesReader(w, r.Body, maxQuery)
		proxy.ServeHTTP(w, r)
	})
}

// isOfStorePage reports whether a path is of the store's page, or of a query.
func isOfStorePage(where string) bool {
	if path.Clean(where) != strings.TrimSuffix(where, "/") {
		return false
	}
	return where == "/select/buildinfo" || strings.HasPrefix(where, "/vmui/") || strings.HasPrefix(where, "/select/logsql/")
}
