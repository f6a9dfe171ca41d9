package main

import (
	"path/filepath"

	"github.com/mina-observability/otelcol-mina/test/program"
)

// contender is a configuration of the collector that is measured.
type contender struct {
	name      string
	configs   []string
	overrides []string
	env       []string
}

// plain sends without compression: what gzip costs is the same for all, and the
// endpoint is on loopback.
const plain = "OTLP_COMPRESSION=none"

var shipped = []string{"base.yaml", "otlp.yaml"}

var (
	ours    = contender{name: "ours, acknowledged", configs: shipped, env: []string{plain}}
	gzipped = contender{name: "ours, with gzip", configs: shipped}
	queued  = contender{name: "ours, queued", configs: shipped, env: []string{plain, "MINA_DELIVERY=queued"}}
	// parts are ours without a part of the job.
	parts = []contender{
		part("ours, no redaction", "mina/part", "processors::mina/part: {semconv: {}}"),
		part("ours, no semconv", "mina/part", "processors::mina/part: {redaction: {}}"),
		part("ours, receiver only", ""),
	}
	// counting are ours with metrics of the records, and with a part of what makes them.
	counting = []contender{
		ours.counted("ours, metrics.yaml"),
		ours.counted("ours, transform only", uncounted+"logs/metrics: {exporters: [nop]}}}}"),
		ours.counted("ours, observed only", uncounted+"logs/metrics: {processors: [], exporters: [nop]}}}}"),
	}
	contrib        = contender{name: "contrib, memory", configs: contribConfigs("contrib.yaml"), env: []string{plain}}
	contribGzip    = contender{name: "contrib, with gzip", configs: contribConfigs("contrib.yaml")}
	contribDurable = contender{name: "contrib, durable", configs: contribConfigs("contrib.yaml", "contrib-durable.yaml"), env: []string{plain}}
)

// uncounted begins pipelines in which nothing makes metrics.
const uncounted = "{exporters: {nop: }, service: {pipelines: {metrics: {receivers: [alert]}, metrics/names: {receivers: [alert]}, "

// counted returns a contender with metrics.yaml, on an address of its own.
func (c contender) counted(name string, overrides ...string) contender {
	c.name = name
	c.configs = append(append([]string{}, c.configs...), "metrics.yaml")
	c.overrides = append([]string{"exporters::prometheus::endpoint: localhost:0"}, overrides...)
	return c
}

// part is ours with another processor, or none.
func part(name, processor string, overrides ...string) contender {
	pipeline := "service::pipelines::logs::processors: [" + processor + "]"
	return contender{name: name, configs: shipped, env: []string{plain}, overrides: append(overrides, pipeline)}
}

func contribConfigs(names ...string) (paths []string) {
	for _, name := range names {
		paths = append(paths, filepath.Join(program.Root(), "bench/pipelines", name))
	}
	return paths
}

// with returns a contender with further variables.
func (c contender) with(name string, env ...string) contender {
	c.name = name
	c.env = append(append([]string{}, c.env...), env...)
	return c
}
