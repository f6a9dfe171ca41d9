package statusextension

import (
	"fmt"
	"maps"
	"net"
	"slices"
	"strings"

	"go.opentelemetry.io/collector/confmap"

	"github.com/mina-observability/otelcol-mina/internal/collectorstatus"
)

// layoutOf returns what may be told of a configuration: names, and where files and ports
// are. No other setting is looked at, so that none can be told.
func layoutOf(conf *confmap.Conf) collectorstatus.Status {
	all := conf.ToStringMap()
	l := collectorstatus.Status{Pipelines: map[string]collectorstatus.Pipeline{}}
	for id := range section(all, "service", "pipelines") {
		components := section(all, "service", "pipelines", id)
		l.Pipelines[id] = collectorstatus.Pipeline{
			Receivers: texts(components["receivers"]), Processors: texts(components["processors"]), Exporters: texts(components["exporters"]),
		}
	}
	for _, id := range sorted(section(all, "receivers")) {
		if kind(id) == "mina" {
			l.Files = append(l.Files, texts(section(all, "receivers", id, "file")["include"])...)
		}
	}
	for _, class := range []string{"connectors", "exporters"} {
		for _, id := range sorted(section(all, class)) {
			l.DeadLetterDirectories = appendNew(l.DeadLetterDirectories, section(all, class, id, "dead_letter")["directory"])
		}
	}
	for _, id := range sorted(section(all, "extensions")) {
		switch kind(id) {
		case "state_storage":
			l.StateDirectories = appendNew(l.StateDirectories, section(all, "extensions", id)["directory"])
		case "health_check":
			l.Health, _ = section(all, "extensions", id, "http")["endpoint"].(string)
		}
	}
	l.Metrics = metricsAddress(section(all, "service", "telemetry", "metrics"))
	return l
}

// metricsAddress returns where the first reader for Prometheus listens.
func metricsAddress(metrics map[string]any) string {
	if level, _ := metrics["level"].(string); strings.EqualFold(level, "none") {
		return ""
	}
	readers, _ := metrics["readers"].([]any)
	for _, reader := range readers {
		reader, _ := reader.(map[string]any)
		prometheus := section(reader, "pull", "exporter", "prometheus")
		if host, ok := prometheus["host"].(string); ok {
			return net.JoinHostPort(strings.Trim(host, "[]"), fmt.Sprint(prometheus["port"]))
		}
	}
	return ""
}

func appendNew(list []string, value any) []string {
	if text, ok := value.(string); ok && text != "" && !slices.Contains(list, text) {
		return append(list, text)
	}
	return list
}

// section returns the map at a path, which is empty if there is none.
func section(conf map[string]any, path ...string) map[string]any {
	for _, key := range path {
		conf, _ = conf[key].(map[string]any)
	}
	return conf
}

func sorted(section map[string]any) []string { return slices.Sorted(maps.Keys(section)) }

// texts returns a list as texts, which is never nil: JSON would have null.
func texts(list any) []string {
	items, _ := list.([]any)
	all := make([]string, 0, len(items))
	for _, item := range items {
		all = append(all, fmt.Sprint(item))
	}
	return all
}

func kind(id string) string {
	kind, _, _ := strings.Cut(id, "/")
	return kind
}
