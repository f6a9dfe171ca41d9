package minaconverter

import "github.com/mina-observability/otelcol-mina/internal/rawconfig"

const opamp = "opamp"

// keepConfigurationHere turns off what an extension opamp reports unless it is told not to:
// the effective configuration, which leaves out secrets only where their type says so
// (the password for Kafka is a plain text), and none in addresses.
func keepConfigurationHere(conf rawconfig.Config, changed map[string]any) {
	for id := range conf.Section("extensions") {
		if rawconfig.Kind(id) != opamp {
			continue
		}
		if _, said := conf.Section("extensions", id, "capabilities")["reports_effective_config"]; !said {
			change(changed, id, map[string]any{"capabilities": map[string]any{"reports_effective_config": false}})
		}
	}
}

// change gives an extension other keys.
func change(changed map[string]any, id string, keys map[string]any) {
	extensions, ok := changed["extensions"].(map[string]any)
	if !ok {
		extensions = map[string]any{}
		changed["extensions"] = extensions
	}
	extensions[id] = keys
}
