package statusextension

import (
	"encoding/json"
	"net/http"

	"github.com/mina-observability/otelcol-mina/internal/servername"
)

// path is the only one that is answered.
const path = "/status"

func (s *status) answer(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	_ = encoder.Encode(s.status()) // who has gone away needs no answer
}

// guard keeps web pages away from a server with these names: their readers' browsers can
// reach what listens on localhost.
func guard(names servername.Names, next http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		header := w.Header()
		header.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
		header.Set("X-Content-Type-Options", "nosniff")
		header.Set("Cross-Origin-Resource-Policy", "same-origin")
		header.Set("Cache-Control", "no-store")
		switch {
		case !names.Include(r.Host):
			http.Error(w, "this server is not called by the name in the address: call it localhost", http.StatusForbidden)
		case servername.FromAnotherSite(r):
			http.Error(w, "a web page of another site cannot read the status", http.StatusForbidden)
		case r.URL.Path != path:
			http.Error(w, "there is only "+path, http.StatusNotFound)
		case r.Method != http.MethodGet:
			header.Set("Allow", http.MethodGet)
			http.Error(w, "the status can only be read: send GET", http.StatusMethodNotAllowed)
		case r.ContentLength != 0:
			http.Error(w, "a question has no body", http.StatusRequestEntityTooLarge)
		default:
			next(w, r)
		}
	})
}
