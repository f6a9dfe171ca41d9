package minaprocessor

import (
	"context"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"

	"github.com/mina-observability/otelcol-mina/processor/minaprocessor/internal/metadata"
	"github.com/mina-observability/otelcol-mina/processor/minaprocessor/internal/redaction"
	"github.com/mina-observability/otelcol-mina/processor/minaprocessor/internal/semconv"
)

// minaProcessor maps and redacts. Either may be missing.
type minaProcessor struct {
	mapper    *semconv.Mapper
	redactor  *redaction.Redactor
	telemetry *metadata.TelemetryBuilder
	// hits has the metric's attributes by rule and location.
	hits map[hit]metric.AddOption
}

type hit struct {
	rule     string
	location redaction.Location
}

func newProcessor(set component.TelemetrySettings, cfg *Config) (*minaProcessor, error) {
	telemetry, err := metadata.NewTelemetryBuilder(set)
	if err != nil {
		return nil, err
	}
	p := &minaProcessor{telemetry: telemetry, hits: map[hit]metric.AddOption{}}
	if cfg.Semconv.HasValue() {
		p.mapper = semconv.NewMapper(cfg.Semconv.Get().options())
	}
	if cfg.Redaction.HasValue() {
		p.redactor = redaction.New(cfg.Redaction.Get().options())
		for _, rule := range p.redactor.Names() {
			for _, location := range redaction.Locations() {
				p.hits[hit{rule, location}] = metric.WithAttributeSet(attribute.NewSet(attribute.String("rule", rule), attribute.String("location", location.String())))
			}
		}
	}
	return p, nil
}

func (p *minaProcessor) shutdown(context.Context) error {
	p.telemetry.Shutdown()
	return nil
}

func (p *minaProcessor) process(ctx context.Context, logs plog.Logs) (plog.Logs, error) {
	if p.redactor == nil {
		p.walk(logs, func(plog.LogRecord) {})
		return logs, nil
	}
	session := p.redactor.Begin()
	p.walk(logs, session.Record)
	// The records may have been given new resources on the way.
	for _, rl := range logs.ResourceLogs().All() {
		session.Resource(rl.Resource())
		for _, sl := range rl.ScopeLogs().All() {
			session.Scope(sl.Scope())
		}
	}
	session.End(func(rule string, location redaction.Location, hits int64) {
		p.telemetry.ProcessorMinaRedactions.Add(ctx, hits, p.hits[hit{rule, location}])
	})
	return logs, nil
}

// walk maps every record and then visits it.
func (p *minaProcessor) walk(logs plog.Logs, visit func(plog.LogRecord)) {
	// Records of other processes move to resources that are appended.
	for i := range logs.ResourceLogs().Len() {
		rl := logs.ResourceLogs().At(i)
		if p.mapper != nil {
			p.mapper.Split(logs, rl, visit)
			continue
		}
		for _, sl := range rl.ScopeLogs().All() {
			for _, record := range sl.LogRecords().All() {
				visit(record)
			}
		}
	}
}
