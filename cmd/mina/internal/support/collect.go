package support

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/bmatcuk/doublestar/v4"
	"go.yaml.in/yaml/v3"

	"github.com/mina-observability/otelcol-mina/cmd/mina/internal/collector"
	"github.com/mina-observability/otelcol-mina/cmd/mina/internal/doctor"
	"github.com/mina-observability/otelcol-mina/cmd/mina/internal/otelcol"
	"github.com/mina-observability/otelcol-mina/cmd/mina/internal/status"
	"github.com/mina-observability/otelcol-mina/internal/rawconfig"
)

// sources are what a bundle is made of.
type sources struct {
	collector *otelcol.Collector
	endpoint  string
	timeout   time.Duration
	version   string
	now       time.Time
}

const readme = `What mina support has collected of a collector, otelcol-mina, and its host.

versions.json  of the collector and of mina
config.yaml    what the collector has made of its configuration. [removed] is what could be a
               secret, or a text of the user's own
variables.txt  the names of variables that are set, of those that the configuration may have
status.json, overview.json, health.json, metrics.txt
               what a collector that runs says of itself
doctor.json    what mina doctor finds
host.txt       the system, limits, and control group
files.txt      names and sizes of logs, state and dead letters

There is no line of a log, no dead letter, and no log of the collector's own, which can
quote both: journalctl -u otelcol-mina has that.
`

func collect(ctx context.Context, s *sources) *bundle {
	redacted, err := s.collector.Effective(ctx)
	unredacted, _ := s.collector.Unredacted(ctx)
	var f filter
	shown := f.harmless(redacted)
	if err != nil {
		f.out = textsIn(s.collector.Configs)
	}
	secrets := slices.Concat(f.out, different(map[string]any(unredacted), map[string]any(redacted)), valuesOf(s.collector.Env))
	b := &bundle{scrubber: newScrubber(secrets), made: s.now}
	b.text("README.txt", readme)
	s.versions(ctx, b)
	if err != nil {
		b.text("config.yaml", "# "+strings.ReplaceAll(err.Error(), "\n", "\n# ")+"\n")
	} else {
		text, _ := yaml.Marshal(shown)
		b.text("config.yaml", string(text))
	}
	b.text("variables.txt", names(s.collector.Env))
	s.running(ctx, b)
	b.json("doctor.json", doctor.Examine(ctx, s.collector, s.endpoint, s.timeout), nil)
	b.text("files.txt", files(redacted))
	return b
}

// textsIn returns what could be secret in configurations that the collector does not take, as
// far as they can be read: its error may quote that.
func textsIn(configs []string) []string {
	var f filter
	for _, config := range configs {
		text, inline := strings.CutPrefix(config, "yaml:")
		if !inline {
			content, _ := os.ReadFile(strings.TrimPrefix(config, "file:"))
			text = string(content)
		}
		var parsed rawconfig.Config
		_ = yaml.Unmarshal([]byte(text), &parsed)
		f.harmless(parsed)
	}
	return f.out
}

func (s *sources) versions(ctx context.Context, b *bundle) {
	installed, err := s.collector.Version(ctx)
	if err != nil {
		installed = err.Error()
	}
	var configs []string
	for _, config := range s.collector.Configs {
		if scheme, _, found := strings.Cut(config, ":"); found && scheme != "file" && scheme != "destinations" {
			config = scheme + ":" + removed
		}
		configs = append(configs, config)
	}
	b.json("versions.json", map[string]any{"mina": s.version, "collector": installed, "path": s.collector.Path, "configs": configs, "made": s.now.UTC()}, nil)
}

// running asks a collector that runs.
func (s *sources) running(ctx context.Context, b *bundle) {
	ctx, cancel := context.WithTimeout(ctx, s.timeout)
	defer cancel()
	told, err := collector.Status(ctx, s.endpoint)
	b.json("status.json", told, err)
	process := "self"
	if err == nil {
		process = fmt.Sprint(told.PID)
		b.json("overview.json", status.Ask(ctx, told), nil)
	}
	if told.Health != "" {
		health, err := collector.Health(ctx, collector.Reachable(told.Health), "")
		b.json("health.json", health, err)
	}
	if told.Metrics != "" {
		metrics, err := collector.MetricsText(ctx, collector.Reachable(told.Metrics))
		if err != nil {
			metrics = []byte("# " + err.Error() + "\n")
		}
		b.text("metrics.txt", string(metrics))
	}
	b.text("host.txt", host(process))
}

// ours are how the names of variables begin that the shipped configuration has.
var ours = []string{"MINA_", "OTLP_", "OTELCOL_", "EXPLORE_", "KAFKA_", "GATEWAY_", "GO", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY"}

// names returns the names of variables, of those that are ours, or end as a vendor's does.
func names(variables []string) string {
	var all []string
	for _, variable := range variables {
		name, value, _ := strings.Cut(variable, "=")
		vendors := slices.ContainsFunc([]string{"_TOKEN", "_KEY", "_URL", "_ENDPOINT", "_DSN", "_SITE", "_REGION", "_HOST", "_USERNAME", "_PASSWORD"}, func(end string) bool { return strings.HasSuffix(name, end) })
		if own := slices.ContainsFunc(ours, func(start string) bool { return strings.HasPrefix(strings.ToUpper(name), start) }); !own && !vendors {
			continue
		}
		if value == "" {
			name += " (empty)"
		}
		all = append(all, name)
	}
	slices.Sort(all)
	return strings.Join(slices.Compact(all), "\n") + "\n"
}

// mostFiles is how many files of a pattern or folder are listed.
const mostFiles = 500

// files lists the logs that are read, and what is below the state directories.
func files(config rawconfig.Config) string {
	var text strings.Builder
	for _, id := range config.Section("receivers").Keys() {
		for _, pattern := range config.Section("receivers", id, "file").Texts("include") {
			names, err := doublestar.FilepathGlob(pattern)
			if err != nil {
				_, _ = fmt.Fprintf(&text, "%s: %v\n", pattern, err)
				continue
			}
			_, _ = fmt.Fprintf(&text, "%s: %d files\n", pattern, len(names))
			for _, name := range names[:min(len(names), mostFiles)] {
				describe(&text, name)
			}
		}
	}
	for _, id := range config.Section("extensions").Keys() {
		folder := config.Section("extensions", id).Text("directory")
		if folder == "" || rawconfig.Kind(id) == "log_store" {
			continue
		}
		_, _ = fmt.Fprintf(&text, "%s:\n", folder)
		listed := 0
		// What cannot be looked into is said in its place.
		_ = filepath.WalkDir(folder, func(path string, _ fs.DirEntry, err error) error {
			if listed++; listed > mostFiles {
				return fs.SkipAll
			}
			if err != nil {
				_, _ = fmt.Fprintf(&text, "  %s: %v\n", path, err)
				return nil
			}
			describe(&text, path)
			return nil
		})
	}
	return text.String()
}
