package minaconverter

import (
	"maps"
	"slices"

	"github.com/mina-observability/otelcol-mina/internal/rawconfig"
)

// startNamedExtensions lists extensions that a component names, and that are
// configured, in service::extensions. Lists of several files do not add up, so that
// of two files which both need an extension of their own one would lose it.
func startNamedExtensions(conf rawconfig.Config, changed map[string]any) {
	configured := conf.Section("extensions")
	given := conf.Section("service")["extensions"]
	listed, isList := given.([]any)
	if given != nil && !isList {
		return // the collector says so
	}
	named := map[string]bool{}
	for _, class := range []string{"receivers", "processors", "exporters", "connectors", "extensions"} {
		collectNames(conf[class], named)
	}
	collectViews(configured, named)
	collectReporters(configured, named)
	all := slices.Clone(listed)
	for _, id := range slices.Sorted(maps.Keys(named)) {
		if _, ok := configured[id]; ok && !slices.Contains(listed, any(id)) {
			all = append(all, id)
		}
	}
	if len(all) > len(listed) {
		changed["service"] = map[string]any{"extensions": all}
	}
}

// collectNames finds the extensions that are named in a part of the configuration.
func collectNames(part any, named map[string]bool) {
	switch part := part.(type) {
	case map[string]any:
		for key, value := range part {
			switch key {
			case "authenticator", "storage", "store":
				add(value, named)
			case "middlewares":
				list, _ := value.([]any)
				for _, entry := range list {
					add(rawconfig.Of(entry)["id"], named)
				}
			}
			collectNames(value, named)
		}
	case []any:
		for _, value := range part {
			collectNames(value, named)
		}
	}
}

// collectViews finds the extensions that show a store, such as a page, which nobody names.
func collectViews(configured rawconfig.Config, named map[string]bool) {
	for id, value := range configured {
		if _, ok := configured[rawconfig.Of(value).Text("store")]; ok {
			named[id] = true
		}
	}
}

// collectReporters finds the extensions that tell a server of the collector, which nobody
// names.
func collectReporters(configured rawconfig.Config, named map[string]bool) {
	for id := range configured {
		if rawconfig.Kind(id) == opamp {
			named[id] = true
		}
	}
}

func add(id any, named map[string]bool) {
	if text, ok := id.(string); ok {
		named[text] = true
	}
}
