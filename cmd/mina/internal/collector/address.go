package collector

import (
	"net"
	"net/netip"
	"os"
	"strings"
)

// Ports of config/base.yaml.
const (
	HealthPort  = "13133"
	MetricsPort = "8888"
)

// URL returns the address of a port of the collector on this host: on loopback, unless
// MINA_LISTEN names the only address that it listens on.
func URL(port string) string {
	host := "127.0.0.1"
	listen := strings.Trim(os.Getenv("MINA_LISTEN"), "[]")
	if address, err := netip.ParseAddr(listen); err == nil {
		switch {
		case !address.IsUnspecified():
			host = listen
		case address.Is6():
			host = "::1"
		}
	}
	return "http://" + net.JoinHostPort(host, port)
}
