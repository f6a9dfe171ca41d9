package logpageextension

import (
	"net"
	"net/http"
	"strings"

	"go.opentelemetry.io/collector/config/confighttp"

	"github.com/mina-observability/otelcol-mina/extension/logpageextension/internal/api"
	"github.com/mina-observability/otelcol-mina/internal/servername"
)

// guard keeps web pages of others away from the logs. Their readers' browsers can reach
// what listens on localhost.
type guard struct {
	names servername.Names
	vmui  bool
}

func newGuard(cfg *Config, address net.Addr) *guard {
	return &guard{names: servername.Of(address, cfg.NetAddr.Endpoint, cfg.AllowedHosts), vmui: cfg.VMUI}
}

// policy has the browser run and load nothing but what comes from here.
const policy = "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"

// admit comes before all that confighttp does with a request.
func (g *guard) admit(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		header := w.Header()
		header.Set("Content-Security-Policy", policy)
		header.Set("X-Content-Type-Options", "nosniff")
		header.Set("Referrer-Policy", "no-referrer")
		header.Set("Cross-Origin-Resource-Policy", "same-origin")
		header.Set("Cross-Origin-Opener-Policy", "same-origin")
		header.Set("Cache-Control", "no-cache")
		if isAPI(r) {
			header.Set("Cache-Control", "no-store")
		}
		if failure := g.refusal(r); failure != nil {
			failure.Write(w)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// refusal returns why a request is not answered, or nil.
func (g *guard) refusal(r *http.Request) *api.Failure {
	switch {
	case !g.names.Include(r.Host):
		return &api.Failure{Status: http.StatusForbidden, Message: "This server is not called by the name in the address.", Do: "Call it localhost, or list the name in allowed_hosts of log_page."}
	case g.vmui && r.Method == http.MethodPost && strings.HasPrefix(r.URL.Path, "/select/") && fromHere(r):
		return nil // the store's own page asks so
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		return &api.Failure{Status: http.StatusMethodNotAllowed, Message: "The logs can only be read.", Do: "Send GET."}
	case r.ContentLength != 0:
		return &api.Failure{Status: http.StatusRequestEntityTooLarge, Message: "A question has no body.", Do: "Put the parameters into the address."}
	case !fromHere(r):
		return &api.Failure{Status: http.StatusForbidden, Message: "A web page of another site cannot read the logs.", Do: "Open the address itself."}
	}
	return nil
}

// fromHere reports whether a request is a program's, the page's own, or one of a reader who
// opens the page, also from a link of another site. A browser says which it is.
func fromHere(r *http.Request) bool {
	if !servername.FromAnotherSite(r) {
		return true
	}
	return !isAPI(r) && r.Header.Get("Sec-Fetch-Mode") == "navigate" && r.Header.Get("Sec-Fetch-Dest") == "document"
}

func isAPI(r *http.Request) bool {
	return strings.HasPrefix(r.URL.Path, "/api/") || strings.HasPrefix(r.URL.Path, "/select/")
}

// refuse answers what confighttp refuses. A browser asks its reader for a password when it
// is told which kind.
func refuse() confighttp.ToServerOption {
	return confighttp.WithErrorHandler(func(w http.ResponseWriter, _ *http.Request, _ string, status int) {
		if status == http.StatusUnauthorized {
			w.Header().Set("WWW-Authenticate", `Basic realm="logs", charset="UTF-8"`)
			(&api.Failure{Status: status, Message: "Who you are is not known.", Do: "Send the user and password, or the token, that auth of log_page asks for."}).Write(w)
			return
		}
		(&api.Failure{Status: status, Message: "The request cannot be read.", Do: "Send a plain GET."}).Write(w)
	})
}
