package minaconverter

import (
	"maps"
	"slices"
)

// referring are the keys under which components name an extension.
var referring = []string{"authenticator", "storage"}

// startNamedExtensions lists extensions that a component names, and that are
// configured, in service::extensions. Lists of several files do not add up, so that
// of two files which both need an extension of their own one would lose it.
func startNamedExtensions(conf, changed map[string]any) {
	configured, _ := conf["extensions"].(map[string]any)
	service, _ := conf["service"].(map[string]any)
	listed, _ := service["extensions"].([]any)
	named := map[string]bool{}
	for _, class := range []string{"receivers", "processors", "exporters", "connectors", "extensions"} {
		collectNames(conf[class], named)
	}
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
			if id, ok := value.(string); ok && slices.Contains(referring, key) {
				named[id] = true
			}
			if middlewares, ok := value.([]any); ok && key == "middlewares" {
				for _, m := range middlewares {
					if middleware, ok := m.(map[string]any); ok {
						if id, ok := middleware["id"].(string); ok {
							named[id] = true
						}
					}
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
