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
			known := section(conf, class)
			if class != "processors" { // connectors are both ends
				known = joined(known, section(conf, "connectors"))
			}
			errs = append(errs, checkNames("service::pipelines::"+pipeline+"::"+class, names(pipelines, pipeline, class), known))
		}
	}
	return errors.Join(append(errs, checkNames("service::extensions", names(conf, "service", "extensions"), section(conf, "extensions")))...)
}

func checkNames(path string, listed []string, known map[string]any) error {
	var errs []error
	for _, name := range listed {
		name = strings.TrimSpace(name)
		if _, ok := known[name]; ok {
			continue
		}
		if nearest, ok := spelling.Nearest(name, slices.Sorted(maps.Keys(known))); ok {
			errs = append(errs, fmt.Errorf("%s: %q is not configured; did you mean %q?", path, name, nearest))
		}
	}
	return errors.Join(errs...)
}

func joined(a, b map[string]any) map[string]any {
	all := maps.Clone(a)
	if all == nil {
		return b
	}
	maps.Copy(all, b)
	return all
}
