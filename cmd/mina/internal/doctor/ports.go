package doctor

import (
	"errors"
	"fmt"
	"maps"
	"net"
	"slices"
	"strings"
	"syscall"

	"github.com/mina-observability/otelcol-mina/internal/rawconfig"
)

// ports looks whether the collector could listen where it is to.
func (e *examination) ports() (checks []Check) {
	addresses := e.addresses()
	var free []string
	for _, key := range slices.Sorted(maps.Keys(addresses)) {
		address := addresses[key]
		listener, err := net.Listen("tcp", address)
		if err == nil {
			_ = listener.Close()
			free = append(free, address)
			continue
		}
		switch who, pid := holder(address); {
		case !errors.Is(err, syscall.EADDRINUSE):
			checks = append(checks, fail("ports", "set "+key, "cannot listen on %s: %v", address, err))
		case e.running != nil && (pid == e.running.PID || pid == 0):
			checks = append(checks, ok("ports", "%s is the collector's", address))
		default:
			checks = append(checks, fail("ports", "end that, or set "+key, "%s is taken%s", address, who))
		}
	}
	if len(free) > 0 {
		checks = append(checks, ok("ports", "free: %s", strings.Join(free, ", ")))
	}
	return checks
}

// addresses returns where the collector is to listen, by the keys that say so.
func (e *examination) addresses() map[string]string {
	all := map[string]string{}
	take := func(config rawconfig.Config, key string) {
		if endpoint := config.Text("endpoint"); endpoint != "" {
			all[key+"::endpoint"] = endpoint
		}
	}
	receivers, extensions, exporters := e.used("receivers"), e.used("extensions"), e.used("exporters")
	for id := range receivers {
		switch rawconfig.Kind(id) {
		case "mina":
			take(receivers.Section(id, "http"), "receivers::"+id+"::http")
		case "otlp":
			for _, protocol := range []string{"grpc", "http"} {
				take(receivers.Section(id, "protocols", protocol), "receivers::"+id+"::protocols::"+protocol)
			}
		}
	}
	for id := range extensions {
		switch rawconfig.Kind(id) {
		case "health_check":
			take(extensions.Section(id, "http"), "extensions::"+id)
		case "mina_status", "log_page", "zpages":
			take(extensions.Section(id), "extensions::"+id)
		}
	}
	for id := range exporters {
		if rawconfig.Kind(id) == "prometheus" {
			take(exporters.Section(id), "exporters::"+id)
		}
	}
	metrics := e.config.Section("service", "telemetry", "metrics")
	for _, reader := range metrics.List("readers") {
		prometheus := reader.Section("pull", "exporter", "prometheus")
		if host := prometheus.Text("host"); host != "" && !strings.EqualFold(metrics.Text("level"), "none") {
			all["service::telemetry::metrics::readers"] = net.JoinHostPort(strings.Trim(host, "[]"), fmt.Sprint(prometheus["port"]))
		}
	}
	return all
}
