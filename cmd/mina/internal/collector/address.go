package collector

import (
	"net"
	"net/netip"
	"os"
	"strings"
)

// HealthURL returns where the health check of config/base.yaml listens: on loopback, unless
// MINA_LISTEN names the only address that it listens on.
func HealthURL() string {
	host := "127.0.0.1"
	listen := strings.Trim(os.Getenv("MINA_LISTEN"), "[]")
	if _, err := netip.ParseAddr(listen); err == nil {
		host = reachable(listen)
	}
	return "http://" + net.JoinHostPort(host, "13133")
}
