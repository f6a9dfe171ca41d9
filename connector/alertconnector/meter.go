package alertconnector

import (
	"context"
	"time"

	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/pmetric"

	"github.com/mina-observability/otelcol-mina/connector/alertconnector/internal/metadata"
	"github.com/mina-observability/otelcol-mina/connector/alertconnector/internal/rule"
	"github.com/mina-observability/otelcol-mina/internal/minaattr"
)

const (
	// metricsInterval is how often metrics are handed on at least, and hurryInterval how
	// often at most, after a transition.
	metricsInterval = 15 * time.Second
	hurryInterval   = time.Second
)

// meter hands on what the rules have counted.
type meter struct {
	next      consumer.Metrics // nil without a pipeline of metrics
	evaluator *evaluator
	begun     pcommon.Timestamp
	wake      chan struct{}
}

func newMeter(e *evaluator) *meter {
	return &meter{evaluator: e, begun: pcommon.NewTimestampFromTime(time.Now()), wake: make(chan struct{}, 1)}
}

// hurry has the metrics handed on soon.
func (m *meter) hurry() {
	select {
	case m.wake <- struct{}{}:
	default:
	}
}

// run hands on metrics until the context ends.
func (m *meter) run(ctx context.Context) {
	if m.next == nil {
		return
	}
	ticker := time.NewTicker(metricsInterval)
	defer ticker.Stop()
	for {
		now := time.Now()
		_ = m.next.ConsumeMetrics(ctx, m.metrics(now)) // the next ones say the same, and more
		wait := time.NewTimer(hurryInterval)
		select {
		case <-wait.C:
		case <-ctx.Done():
			return
		}
		select {
		case <-ticker.C:
		case <-m.wake:
		case <-ctx.Done():
			return
		}
	}
}

// metrics returns what has been counted.
func (m *meter) metrics(now time.Time) pmetric.Metrics {
	metrics := pmetric.NewMetrics()
	scope := metrics.ResourceMetrics().AppendEmpty().ScopeMetrics().AppendEmpty()
	scope.Scope().SetName(metadata.ScopeName)
	b := points{at: pcommon.NewTimestampFromTime(now), begun: m.begun, metrics: scope.Metrics()}
	b.sum("mina.alert.evaluated", "Records that the rules have seen.", "{record}", func(add add) { add(m.evaluator.evaluated.Load()) })
	b.gauge("mina.alert.last_evaluation", "When the last record came, in seconds since the epoch.", "s", func(add add) {
		add(m.evaluator.last.Load() / int64(time.Second))
	})
	m.evaluator.mu.Lock()
	defer m.evaluator.mu.Unlock()
	each := func(of func(*rule.Rule) int64) func(add) {
		return func(add add) {
			for _, r := range m.evaluator.rules {
				add(of(r), minaattr.AlertName, r.Name)
			}
		}
	}
	b.gauge("mina.alert.active", "Alerts that fire.", "{alert}", each((*rule.Rule).Active))
	b.sum("mina.alert.matched", "Records that satisfied the condition.", "{record}", each(func(r *rule.Rule) int64 { return r.Counts.Matched }))
	b.sum("mina.alert.late", "Records that were too old to be judged.", "{record}", each(func(r *rule.Rule) int64 { return r.Counts.Late }))
	b.sum("mina.alert.evicted", "Groups that had to go, or could not come, for others.", "{group}", each(func(r *rule.Rule) int64 { return r.Counts.Evicted }))
	b.sum("mina.alert.transitions", "Alerts that began or ended.", "{transition}", func(add add) {
		for _, r := range m.evaluator.rules {
			add(r.Counts.Fired, minaattr.AlertName, r.Name, minaattr.AlertState, minaattr.AlertFiring)
			add(r.Counts.Resolved, minaattr.AlertName, r.Name, minaattr.AlertState, minaattr.AlertResolved)
		}
	})
	return metrics
}

// add adds a point with attributes, a name and a value each.
type add func(value int64, attributes ...string)

// points makes metrics of whole numbers.
type points struct {
	at, begun pcommon.Timestamp
	metrics   pmetric.MetricSlice
}

func (p *points) metric(name, description, unit string) pmetric.Metric {
	metric := p.metrics.AppendEmpty()
	metric.SetName(name)
	metric.SetDescription(description)
	metric.SetUnit(unit)
	return metric
}

func (p *points) sum(name, description, unit string, fill func(add)) {
	sum := p.metric(name, description, unit).SetEmptySum()
	sum.SetIsMonotonic(true)
	sum.SetAggregationTemporality(pmetric.AggregationTemporalityCumulative)
	fill(p.adder(sum.DataPoints(), p.begun))
}

func (p *points) gauge(name, description, unit string, fill func(add)) {
	fill(p.adder(p.metric(name, description, unit).SetEmptyGauge().DataPoints(), 0))
}

func (p *points) adder(to pmetric.NumberDataPointSlice, begun pcommon.Timestamp) add {
	return func(value int64, attributes ...string) {
		point := to.AppendEmpty()
		point.SetStartTimestamp(begun)
		point.SetTimestamp(p.at)
		point.SetIntValue(value)
		for i := 0; i+1 < len(attributes); i += 2 {
			point.Attributes().PutStr(attributes[i], attributes[i+1])
		}
	}
}
