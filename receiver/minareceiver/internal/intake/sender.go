package intake

import (
	"net"
	"net/http"
	"strings"

	"github.com/rs/cors"
	"go.opentelemetry.io/collector/config/confighttp"

	"github.com/mina-observability/otelcol-mina/internal/servername"
)

// Senders tells the programs that may send from the web pages that may not. A page
// makes its reader's browser send a request wherever it likes, also to localhost.
type Senders struct {
	names    servername.Names
	origins  *cors.Cors
	sameSite *http.CrossOriginProtection
}

// NewSenders returns the senders of a server that was configured to listen on
// endpoint, and does so on the address.
func NewSenders(address net.Addr, endpoint string, allowedHosts []string, allowed *confighttp.CORSConfig) *Senders {
	s := &Senders{names: servername.Of(address, endpoint, allowedHosts), sameSite: http.NewCrossOriginProtection()}
	if allowed != nil && len(allowed.AllowedOrigins) > 0 {
		s.origins = cors.New(cors.Options{AllowedOrigins: allowed.AllowedOrigins})
	}
	return s
}

// Refusal returns why a request is not taken, or "".
func (s *Senders) Refusal(r *http.Request) string {
	if !s.names.Include(r.Host) {
		return "the Host of the request is not a name of this server; allowed_hosts lists such names"
	}
	if s.origins != nil && s.origins.OriginAllowed(r) {
		return ""
	}
	if r.Method == http.MethodGet && fromBrowser(r.Header) {
		return "a browser cannot send records with GET"
	}
	// The standard library's check leaves out the methods that should change nothing.
	posted := *r
	posted.Method = http.MethodPost
	if s.sameSite.Check(&posted) != nil {
		return "a web page of another origin cannot send records; cors.allowed_origins lists those that can"
	}
	return ""
}

// fromBrowser reports whether a request is a browser's. Where a page only embeds an
// address, as with <img>, and that is not localhost, nothing else tells it apart.
func fromBrowser(header http.Header) bool {
	for _, name := range []string{"Sec-Fetch-Site", "Referer", "Accept-Language", "Upgrade-Insecure-Requests"} {
		if header.Get(name) != "" {
			return true
		}
	}
	return strings.HasPrefix(header.Get("User-Agent"), "Mozilla/")
}
