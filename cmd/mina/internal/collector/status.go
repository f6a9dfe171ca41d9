package collector

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"strings"

	"github.com/mina-observability/otelcol-mina/internal/collectorstatus"
)

// StatusURL is where the extension mina_status of config/base.yaml listens.
const StatusURL = "http://localhost:13134"

// Status asks the extension mina_status at base.
func Status(ctx context.Context, base string) (collectorstatus.Status, error) {
	var s collectorstatus.Status
	body, code, err := get(ctx, strings.TrimSuffix(base, "/")+"/status")
	if err != nil {
		return s, err
	}
	if err := json.Unmarshal(body, &s); err != nil || code != http.StatusOK || s.PID == 0 {
		return s, fmt.Errorf("%s does not answer as the extension mina_status does (HTTP %d)", base, code)
	}
	return s, nil
}

// Reachable returns the URL of an address that the collector says it listens on.
func Reachable(address string) string {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return "http://" + address
	}
	return "http://" + net.JoinHostPort(reachable(host), port)
}

// reachable returns by which address of this host one is asked who listens on host.
func reachable(host string) string {
	ip, err := netip.ParseAddr(host)
	switch {
	case host == "", err == nil && ip.IsUnspecified() && ip.Is4():
		return "127.0.0.1"
	case err == nil && ip.IsUnspecified():
		return "::1"
	}
	return host
}
