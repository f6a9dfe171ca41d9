package goruntimeextension

import (
	"context"
	"os"
	"runtime/debug"
	"sync"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/extension/extensioncapabilities"
	"go.opentelemetry.io/otel/metric"
	"go.uber.org/zap"

	"github.com/mina-observability/otelcol-mina/extension/goruntimeextension/internal/metadata"
)

var _ extensioncapabilities.PipelineWatcher = (*goRuntime)(nil)

// goRuntime holds the settings while the collector runs.
type goRuntime struct {
	cfg       *Config
	logger    *zap.Logger
	telemetry *metadata.TelemetryBuilder
	// undo has what sets back what Start has set.
	undo []func()
	// freeing is at work while memory is given back.
	freeing sync.WaitGroup
}

// Start sets what the environment does not set.
func (g *goRuntime) Start(context.Context, component.Host) error {
	if os.Getenv("GOGC") == "" {
		before := debug.SetGCPercent(g.cfg.GCPercent)
		g.undo = append(g.undo, func() { debug.SetGCPercent(before) })
	}
	if limit := g.cfg.softLimit(); limit > 0 && os.Getenv("GOMEMLIMIT") == "" {
		before := debug.SetMemoryLimit(limit)
		g.undo = append(g.undo, func() { debug.SetMemoryLimit(before) })
	}
	if g.cfg.PrivateFiles {
		g.undo = append(g.undo, keepFilesPrivate())
	}
	g.logger.Debug("The Go runtime is set", zap.Int("gc_percent", g.cfg.GCPercent), zap.Int64("soft_limit_bytes", debug.SetMemoryLimit(-1)))
	return g.telemetry.RegisterMemoryLimitBytesCallback(func(_ context.Context, o metric.Int64Observer) error {
		o.Observe(g.cfg.LimitMiB << 20)
		return nil
	})
}

// Ready gives back what only the start has needed, such as the files of the configuration,
// which are more than a collector with nothing to do would collect by itself. It holds up
// no one: until Ready has returned, the collector listens to no signal, and one ends it.
func (g *goRuntime) Ready() error {
	g.freeing.Go(debug.FreeOSMemory)
	return nil
}

// NotReady has nothing to do.
func (g *goRuntime) NotReady() error { return nil }

// Shutdown sets back what was set, since a reload of the configuration may leave
// the extension out.
func (g *goRuntime) Shutdown(context.Context) error {
	g.freeing.Wait()
	for _, undo := range g.undo {
		undo()
	}
	g.undo = nil
	g.telemetry.Shutdown()
	return nil
}
