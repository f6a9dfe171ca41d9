package minaconverter

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/mina-observability/otelcol-mina/internal/spelling"
)

// checkReferences reports components that a pipeline or the service lists under a name that
// is nearly one which is configured. Of others the collector tells itself.
func checkReferences(conf map[string]any) error {
	var errs []error
	pipelines := section(conf, "service", "pipelines")
	for _, pipeline := range slices.Sorted(maps.Keys(pipelines)) {
		for _, class := range []string{"receivers", "processors", "exporters"} {
			known := keys(conf, class)
			if class != "processors" { // connectors are both ends
				known = append(known, keys(conf, "connectors")...)
			}
			errs = append(errs, checkNames("service::pipelines::"+pipeline+"::"+class, names(pipelines, pipeline, class), known))
		}
	}
	return errors.Join(append(errs, checkNames("service::extensions", names(conf, "service", "extensions"), keys(conf, "extensions")))...)
}

func checkNames(path string, listed, known []string) error {
	var errs []error
	for _, name := range listed {
		name = strings.TrimSpace(name)
		if slices.Contains(known, name) {
			continue
		}
		if nearest, ok := spelling.Nearest(name, known); ok {
			errs = append(errs, fmt.Errorf("%s: %q is not configured; did you mean %q?", path, name, nearest))
		}
	}
	return errors.Join(errs...)
}

// keys returns what is configured in a section, in their usual order.
func keys(conf map[string]any, class string) []string {
	return slices.Sorted(maps.Keys(section(conf, class)))
}
