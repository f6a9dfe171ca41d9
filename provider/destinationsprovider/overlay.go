package destinationsprovider

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"go.opentelemetry.io/collector/confmap"
	"go.uber.org/zap"

	"github.com/mina-observability/otelcol-mina/internal/setting"
	"github.com/mina-observability/otelcol-mina/internal/spelling"
	"github.com/mina-observability/otelcol-mina/provider/varprovider"
)

const (
	// usual is the destination that has an address also where nothing is set.
	usual         = "otlp"
	usualEndpoint = "OTLP_ENDPOINT"
	extension     = ".yaml"
)

// directory is one with overlays.
type directory struct {
	path  string
	names []string
	files confmap.Provider
}

func (p provider) open(path string) (directory, error) {
	entries, err := os.ReadDir(path)
	if err != nil {
		return directory{}, fmt.Errorf("destinations are files beside base.yaml, whose directory MINA_CONFIG_DIR names: %w", err)
	}
	d := directory{path: path, files: p.files}
	for _, entry := range entries {
		if name, isYAML := strings.CutSuffix(entry.Name(), extension); isYAML && isOverlay(filepath.Join(path, entry.Name())) {
			d.names = append(d.names, name)
		}
	}
	return d, nil
}

// isOverlay reports whether there is a file that somebody means: not what editors and systems
// keep beside it under a hidden name, a folder, or a pipe, whose reader would wait.
func isOverlay(path string) bool {
	if strings.HasPrefix(filepath.Base(path), ".") {
		return false
	}
	info, err := os.Stat(path)
	return err != nil || info.Mode().IsRegular() // what cannot be looked at is named when it is read
}

// check reports a name that is none.
func (d directory) check(name string) error {
	if err := spelling.Check("destination", name, d.names); err != nil {
		return fmt.Errorf("%s: %w (%s has no %s)", named, err, d.path, name+extension)
	}
	return nil
}

func (d directory) read(ctx context.Context, name string) (*confmap.Conf, error) {
	path := filepath.Join(d.path, name+extension)
	retrieved, err := d.files.Retrieve(ctx, d.files.Scheme()+":"+path, nil)
	if err != nil {
		return nil, err
	}
	config, err := retrieved.AsConf()
	if err != nil {
		return nil, fmt.Errorf("%s is not a configuration: %w", path, err)
	}
	return config, nil
}

// configured returns the destinations all of whose variables are set, and the usual one
// if its address is set or there is no other.
func (p provider) configured(ctx context.Context, available directory) (names []string, err error) {
	for _, name := range available.names {
		config, err := available.read(ctx, name)
		if err != nil {
			return nil, err
		}
		needed := neededBy(config.ToStringMap())
		missing := slices.DeleteFunc(slices.Clone(needed), isSet)
		switch {
		case len(needed) > 0 && len(missing) == 0, name == usual && isSet(usualEndpoint):
			names = append(names, name)
		case len(missing) < len(needed):
			p.logger.Info("Not a destination, since only some of its variables are set", zap.String("destination", name), zap.Strings("missing", missing))
		}
	}
	if len(names) > 0 {
		return names, nil
	}
	p.logger.Warn("No destination's variables are all set, and neither is "+usualEndpoint+": taking the default of "+usual, zap.String("directory", available.path))
	return []string{usual}, available.check(usual)
}

// neededBy returns the variables that turn an overlay on by being set. One that is no
// destination is turned on by its name alone: it requires nothing, brings receivers, as a
// gateway, or has a pipeline that does not begin at fanout, or none.
func neededBy(overlay map[string]any) []string {
	service, _ := overlay["service"].(map[string]any)
	pipelines, _ := service["pipelines"].(map[string]any)
	if overlay["receivers"] != nil || len(pipelines) == 0 {
		return nil
	}
	for _, pipeline := range pipelines {
		pipeline, _ := pipeline.(map[string]any)
		if receivers, _ := pipeline["receivers"].([]any); !slices.Contains(receivers, any("fanout")) {
			return nil
		}
	}
	return varprovider.Required(overlay)
}

func isSet(variable string) bool { return setting.Clean(os.Getenv(variable)) != "" }
