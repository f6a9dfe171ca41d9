package alertconnector

import (
	"context"
	"sync"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/connector"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/mina-observability/otelcol-mina/connector/alertconnector/internal/metadata"
)

// NewFactory returns the factory of the connector alert.
func NewFactory() connector.Factory {
	f := &factory{rulers: map[*Config]*ruler{}}
	return connector.NewFactory(metadata.Type, createDefaultConfig,
		connector.WithLogsToLogs(f.createLogs, metadata.LogsToLogsStability),
		connector.WithLogsToMetrics(f.createMetrics, metadata.LogsToMetricsStability))
}

// factory makes one ruler for all instances of a configuration.
type factory struct {
	mu     sync.Mutex
	rulers map[*Config]*ruler
}

func (f *factory) instance(set connector.Settings, cfg *Config) (*instance, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	r, ok := f.rulers[cfg]
	if !ok {
		var err error
		if r, err = newRuler(cfg, set); err != nil {
			return nil, err
		}
		f.rulers[cfg] = r
	}
	r.instances++
	return &instance{ruler: r, first: !ok, forget: func() {
		f.mu.Lock()
		defer f.mu.Unlock()
		delete(f.rulers, cfg)
	}}, nil
}

func (f *factory) createLogs(_ context.Context, set connector.Settings, cfg component.Config, next consumer.Logs) (connector.Logs, error) {
	i, err := f.instance(set, cfg.(*Config))
	if err != nil {
		return nil, err
	}
	i.ruler.deliverTo(next)
	return i, nil
}

func (f *factory) createMetrics(_ context.Context, set connector.Settings, cfg component.Config, next consumer.Metrics) (connector.Logs, error) {
	i, err := f.instance(set, cfg.(*Config))
	if err != nil {
		return nil, err
	}
	i.ruler.meter.next = next
	return i, nil
}

// instance is the connector between two signals. The first one judges: all are given the
// same records.
type instance struct {
	ruler  *ruler
	first  bool
	forget func()
}

// Capabilities says that records stay as they are.
func (*instance) Capabilities() consumer.Capabilities {
	return consumer.Capabilities{MutatesData: false}
}

// Start begins to judge when every instance has been started.
func (i *instance) Start(ctx context.Context, host component.Host) error {
	return i.ruler.start(ctx, host)
}

// Shutdown stores and hands on what is left.
func (i *instance) Shutdown(ctx context.Context) error {
	i.forget()
	return i.ruler.shutdown(ctx)
}

// ConsumeLogs returns when what the records change is stored.
func (i *instance) ConsumeLogs(ctx context.Context, batch plog.Logs) error {
	if !i.first {
		return nil
	}
	return i.ruler.consume(ctx, batch)
}
