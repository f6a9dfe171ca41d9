package minaconverter

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/mina-observability/otelcol-mina/internal/rawconfig"
	"github.com/mina-observability/otelcol-mina/internal/spelling"
)

// checkReferences reports components that a pipeline or the service lists under a name that
// is nearly one which is configured. Of others the collector tells itself.
func checkReferences(conf rawconfig.Config) error {
	var errs []error
	pipelines := conf.Section("service", "pipelines")
	for _, pipeline := range pipelines.Keys() {
		for _, class := range []string{"receivers", "processors", "exporters"} {
			known := conf.Section(class).Keys()
			if class != "processors" { // connectors are both ends
				known = append(known, conf.Section("connectors").Keys()...)
			}
			errs = append(errs, checkNames("service::pipelines::"+pipeline+"::"+class, pipelines.Section(pipeline).Texts(class), known))
		}
	}
	return errors.Join(append(errs, checkNames("service::extensions", conf.Section("service").Texts("extensions"), conf.Section("extensions").Keys()))...)
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
