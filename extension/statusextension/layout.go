package statusextension

import (
	"fmt"
	"net"
	"slices"
	"strings"

	"go.opentelemetry.io/collector/confmap"

	"github.com/mina-observability/otelcol-mina/internal/collectorstatus"
	"github.com/mina-observability/otelcol-mina/internal/rawconfig"
)

// layoutOf returns what may be told of a configuration: names, and where files and ports
// are. No other setting is looked at, so that none can be told.
func layoutOf(conf *confmap.Conf) collectorstatus.Status {
	all := rawconfig.Config(conf.ToStringMap())
	l := collectorstatus.Status{Pipelines: map[string]collectorstatus.Pipeline{}}
	pipelines := all.Section("service", "pipelines")
	for id := range pipelines {
		components := pipelines.Section(id)
		l.Pipelines[id] = collectorstatus.Pipeline{
			Receivers: components.Texts("receivers"), Processors: components.Texts("processors"), Exporters: components.Texts("exporters"),
		}
	}
	receivers := all.Section("receivers")
	for _, id := range receivers.Keys() {
		if rawconfig.Kind(id) == "mina" {
			l.Files = append(l.Files, receivers.Section(id, "file").Texts("include")...)
		}
	}
	for _, class := range []string{"connectors", "exporters"} {
		components := all.Section(class)
		for _, id := range components.Keys() {
			l.DeadLetterDirectories = appendNew(l.DeadLetterDirectories, components.Section(id, "dead_letter").Text("directory"))
		}
	}
	extensions := all.Section("extensions")
	for _, id := range extensions.Keys() {
		switch rawconfig.Kind(id) {
		case "state_storage":
			l.StateDirectories = appendNew(l.StateDirectories, extensions.Section(id).Text("directory"))
		case "health_check":
			l.Health = extensions.Section(id, "http").Text("endpoint")
		}
	}
	l.Metrics = metricsAddress(all.Section("service", "telemetry", "metrics"))
	return l
}

// metricsAddress returns where the first reader for Prometheus listens.
func metricsAddress(metrics rawconfig.Config) string {
	if strings.EqualFold(metrics.Text("level"), "none") {
		return ""
	}
	for _, reader := range metrics.List("readers") {
		prometheus := reader.Section("pull", "exporter", "prometheus")
		if host, ok := prometheus["host"].(string); ok {
			return net.JoinHostPort(strings.Trim(host, "[]"), fmt.Sprint(prometheus["port"]))
		}
	}
	return ""
}

func appendNew(list []string, text string) []string {
	if text != "" && !slices.Contains(list, text) {
		return append(list, text)
	}
	return list
}
