package minaconverter

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/mina-observability/otelcol-mina/internal/rawconfig"
	"github.com/mina-observability/otelcol-mina/internal/spelling"
)

// sections are the keys at the top of a configuration and in its section service, whose
// misspelling the collector reports by the names of its own types.
var sections = map[string][]string{
	"":        {"connectors", "exporters", "extensions", "processors", "receivers", "service"},
	"service": {"extensions", "pipelines", "telemetry"},
}

// checkSections reports a section that there is not, with the one that was meant.
func checkSections(conf rawconfig.Config) error {
	var errs []error
	for _, parent := range slices.Sorted(maps.Keys(sections)) {
		values, path := conf, ""
		if parent != "" {
			values, path = conf.Section(parent), parent+"::"
		}
		for _, name := range values.Keys() {
			errs = append(errs, checkSection(path, name, sections[parent]))
		}
	}
	return errors.Join(errs...)
}

func checkSection(path, name string, known []string) error {
	if slices.Contains(known, name) {
		return nil
	}
	if nearest, ok := spelling.Nearest(name, known); ok {
		return fmt.Errorf("there is no section %s%s; did you mean %s%s?", path, name, path, nearest)
	}
	return fmt.Errorf("there is no section %s%s; there are %s", path, name, strings.Join(known, ", "))
}

// checkEnds reports pipelines that nothing comes into, or whose records go nowhere.
func checkEnds(conf rawconfig.Config) error {
	switch {
	case len(conf.Section("service", "pipelines")) > 0 && len(conf.Section("receivers")) == 0:
		return errors.New("no source is configured: add one before the destinations, such as --config config/base.yaml")
	case len(reach(conf).pipelines) > 0 && len(conf.Section("exporters")) == 0:
		return errors.New("no destination is configured: add one, such as --config config/otlp.yaml or --config config/local.yaml")
	}
	return nil
}
