package collector

import (
	"net"
	"net/netip"
	"os"
	"strings"

	"github.com/mina-observability/otelcol-mina/internal/setting"
)

// StatusURL is where the extension mina_status of config/base.yaml listens.
const StatusURL = "http://localhost:13134"

// HealthURL returns where the health check of config/base.yaml listens: on loopback, unless
// MINA_LISTEN names the only address that it listens on.
func HealthURL() string {
	listen := strings.Trim(setting.Clean(os.Getenv("MINA_LISTEN")), "[]")
	if _, err := netip.ParseAddr(listen); err != nil {
		listen = "127.0.0.1"
	}
	return Reachable(net.JoinHostPort(listen, "13133"))
}

// Reachable returns the URL of an address that the collector listens on.
func Reachable(address string) string {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return "http://" + address
	}
	ip, err := netip.ParseAddr(host)
	switch {
	case host == "", err == nil && ip.IsUnspecified() && ip.Is4():
		host = "127.0.0.1"
	case err == nil && ip.IsUnspecified():
		host = "::1"
	}
	return "http://" + net.JoinHostPort(host, port)
}
