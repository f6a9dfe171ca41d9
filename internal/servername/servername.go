// Package servername knows by which names a server may be called. A web page can let a
// name of its own point to the server (DNS rebinding), and its reader's browser takes the
// server for the page's own then; by the name that it was called by, the server can tell.
package servername

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"path"
	"strings"
)

// Names are the names of a server.
type Names struct {
	// patterns are those of the host names, or nil where no browser can come.
	patterns []string
	// addressed says that the server may be called by any IP address: it has several.
	addressed bool
}

// Of returns the names of a server that was configured to listen on endpoint, and does so
// on the address. It may be called by the allowed names too, which may be patterns.
func Of(address net.Addr, endpoint string, allowed []string) Names {
	tcp, ok := address.(*net.TCPAddr)
	if !ok {
		return Names{}
	}
	return Names{patterns: append([]string{"localhost", hostname(endpoint)}, allowed...), addressed: !tcp.IP.IsLoopback()}
}

// Include reports whether a Host of a request is one of the names. An address is no name
// that somebody else can let point here.
func (n Names) Include(host string) bool {
	name := hostname(host)
	if name == "" || n.patterns == nil {
		return true
	}
	if ip, err := netip.ParseAddr(name); err == nil && (n.addressed || ip.IsLoopback()) {
		return true
	}
	for _, pattern := range n.patterns {
		if matched, _ := path.Match(strings.ToLower(pattern), name); matched {
			return true
		}
	}
	return false
}

// OfThisHost reports whether what listens on a host, by its name or address, is there for
// programs of this host alone.
func OfThisHost(host string) bool {
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && ip.IsLoopback()
}

// FromAnotherSite reports whether a page of another site has a browser send the request: a
// browser says so.
func FromAnotherSite(r *http.Request) bool {
	switch r.Header.Get("Sec-Fetch-Site") {
	case "", "none", "same-origin":
		return false
	}
	return true
}

// Check says which of the names that an option allowed_hosts lists can be none.
func Check(allowed []string) error {
	var errs []error
	for _, name := range allowed {
		if _, err := path.Match(name, ""); err != nil || name == "" || strings.ContainsAny(name, "/:") {
			errs = append(errs, fmt.Errorf(`allowed_hosts must list names without scheme and port, such as mina.example.com or *.svc.cluster.local (got %q)`, name))
		}
	}
	return errors.Join(errs...)
}

// hostname returns a host without its port, its brackets and the dot at its end.
func hostname(host string) string {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	host = strings.TrimSuffix(strings.TrimPrefix(host, "["), "]")
	return strings.ToLower(strings.TrimSuffix(host, "."))
}
