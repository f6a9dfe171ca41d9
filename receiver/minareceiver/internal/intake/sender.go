package intake

import (
	"net"
	"net/http"
	"net/netip"
	"path"
	"strings"

	"github.com/rs/cors"
	"go.opentelemetry.io/collector/config/confighttp"
)

// Senders tells the programs that may send from the web pages that may not. A page
// makes its reader's browser send a request wherever it likes, also to localhost;
// and, with a name of its own that it lets point here (DNS rebinding), the browser
// takes it for the page's own server.
type Senders struct {
	// names are the patterns of the host names that the server is called by, or
	// nil where no browser can come.
	names []string
	// addressed says that the server may be called by any IP address: it has several.
	addressed bool
	origins   *cors.Cors
	sameSite  *http.CrossOriginProtection
}

// NewSenders returns the senders of a server that was configured to listen on
// endpoint, and does so on the address.
func NewSenders(address net.Addr, endpoint string, allowedHosts []string, allowed *confighttp.CORSConfig) *Senders {
	s := &Senders{sameSite: http.NewCrossOriginProtection()}
	if allowed != nil && len(allowed.AllowedOrigins) > 0 {
		s.origins = cors.New(cors.Options{AllowedOrigins: allowed.AllowedOrigins})
	}
	if tcp, ok := address.(*net.TCPAddr); ok {
		s.names = append([]string{"localhost", hostname(endpoint)}, allowedHosts...)
		s.addressed = !tcp.IP.IsLoopback()
	}
	return s
}

// Refusal returns why a request is not taken, or "".
func (s *Senders) Refusal(r *http.Request) string {
	if !s.called(r.Host) {
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

// called reports whether the server may be called by a Host. An address is no name
// that somebody else can let point here.
func (s *Senders) called(host string) bool {
	name := hostname(host)
	if name == "" || s.names == nil {
		return true
	}
	if ip, err := netip.ParseAddr(name); err == nil && (s.addressed || ip.IsLoopback()) {
		return true
	}
	for _, pattern := range s.names {
		if matched, _ := path.Match(strings.ToLower(pattern), name); matched {
			return true
		}
	}
	return false
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

// hostname returns a host without its port, its brackets and the dot at its end.
func hostname(host string) string {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	host = strings.TrimSuffix(strings.TrimPrefix(host, "["), "]")
	return strings.ToLower(strings.TrimSuffix(host, "."))
}
