package minaconverter

import "github.com/mina-observability/otelcol-mina/internal/rawconfig"

// componentHealth is the feature gate with which health_check answers by the status
// of each component, and by pipeline. Without it, it only knows that the collector runs.
const componentHealth = "extension.healthcheck.useComponentStatus"

// translateHealthCheck gives a health_check that is configured as before component
// health (endpoint, path) the keys that go with it.
func translateHealthCheck(conf rawconfig.Config, changed map[string]any) {
	for id, value := range conf.Section("extensions") {
		if rawconfig.Kind(id) != "health_check" {
			continue
		}
		check := rawconfig.Of(value)
		if check["http"] != nil || check["grpc"] != nil {
			continue
		}
		path, endpoint := check["path"], check["endpoint"]
		if path == nil {
			path = "/"
		}
		http := map[string]any{"status": map[string]any{"enabled": true, "path": path}}
		if endpoint != nil {
			http["endpoint"] = endpoint
		}
		change(changed, id, map[string]any{"http": http})
	}
}
