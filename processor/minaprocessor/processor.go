package minaprocessor

import (
	"context"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"

	"github.com/mina-observability/otelcol-mina/internal/semconv"
	"github.com/mina-observability/otelcol-mina/processor/minaprocessor/internal/metadata"
	"github.com/mina-observability/otelcol-mina/processor/minaprocessor/internal/redaction"
)

// minaProcessor maps and redacts, of which either may be missing, and bounds records.
type minaProcessor struct {
	mapper        *semconv.Mapper
	redactor      *redaction.Redactor
	maxRecordSize int
	telemetry     *metadata.TelemetryBuilder
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
	p := &minaProcessor{telemetry: telemetry, maxRecordSize: int(cfg.MaxRecordSize), hits: map[hit]metric.AddOption{}}
	telemetry.ProcessorMinaCutRecords.Add(context.Background(), 0)
	if cfg.Semconv.HasValue() {
		p.mapper = semconv.NewMapper(*cfg.Semconv.Get())
	}
	if cfg.Redaction.HasValue() {
		p.redactor = redaction.New(*cfg.Redaction.Get())
		for _, rule := range p.redactor.Names() {
			for _, location := range redaction.Locations() {
				option := metric.WithAttributeSet(attribute.NewSet(attribute.String("rule", rule), attribute.String("location", location.String())))
				p.hits[hit{rule, location}] = option
				telemetry.ProcessorMinaRedactions.Add(context.Background(), 0, option)
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
	bound := bounds{most: p.maxRecordSize}
	if p.redactor == nil {
		p.walk(logs, func(record plog.LogRecord) {
			redaction.WithoutCut(record)
			bound.record(record)
		})
		bound.shared(logs)
	} else {
		p.redact(ctx, logs, &bound)
	}
	if bound.cut > 0 {
		p.telemetry.ProcessorMinaCutRecords.Add(ctx, bound.cut)
	}
	return logs, nil
}

// redact maps, redacts and bounds every record, and redacts what records share. What is
// cut has been redacted, so that no secret is cut before it has been seen whole.
func (p *minaProcessor) redact(ctx context.Context, logs plog.Logs, bound *bounds) {
	session := p.redactor.Begin()
	p.walk(logs, func(record plog.LogRecord) {
		session.Record(record)
		bound.record(record)
	})
	// The records may have been given new resources on the way.
	for _, rl := range logs.ResourceLogs().All() {
		session.Resource(rl.Resource())
		for _, sl := range rl.ScopeLogs().All() {
			session.Scope(sl.Scope())
		}
	}
	bound.shared(logs)
	session.End(func(rule string, location redaction.Location, hits int64) {
		p.telemetry.ProcessorMinaRedactions.Add(ctx, hits, p.hits[hit{rule, location}])
	})
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
