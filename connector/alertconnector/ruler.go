package alertconnector

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/connector"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.uber.org/zap"

	"github.com/mina-observability/otelcol-mina/connector/alertconnector/internal/field"
	"github.com/mina-observability/otelcol-mina/connector/alertconnector/internal/metadata"
	"github.com/mina-observability/otelcol-mina/connector/alertconnector/internal/rule"
	"github.com/mina-observability/otelcol-mina/internal/ending"
)

const (
	// tickInterval is how late what time alone changes may be noticed.
	tickInterval = time.Second
	// stopGrace is how long a stop waits for transitions to be taken.
	stopGrace = 2 * time.Second
)

// ruler is what the instances of a connector have in common, which the collector makes
// one of for each signal that goes out: the rules and their state.
type ruler struct {
	cfg      *Config
	id       component.ID
	logger   *zap.Logger
	counters *metadata.TelemetryBuilder
	now      func() time.Time

	evaluator *evaluator
	store     *store
	outbox    *outbox
	meter     *meter

	// gone is what could not be taken over of the storage, and what came of it.
	gone map[string][]byte
	// instances have been made, and so many of them started.
	instances, started int
	stop               context.CancelFunc
	work               sync.WaitGroup
	delivering         sync.WaitGroup
	stopDelivering     context.CancelFunc
	stopWork           context.CancelFunc
}

func newRuler(cfg *Config, set connector.Settings) (*ruler, error) {
	counters, err := metadata.NewTelemetryBuilder(set.TelemetrySettings)
	if err != nil {
		return nil, err
	}
	r := &ruler{cfg: cfg, id: set.ID, logger: set.Logger, counters: counters, now: time.Now, gone: map[string][]byte{}}
	var rules []*rule.Rule
	for _, name := range slices.Sorted(maps.Keys(cfg.Rules)) {
		definition, err := cfg.Rules[name].definition(name, cfg, set.TelemetrySettings)
		if err != nil {
			return nil, fmt.Errorf("rules::%s::%w", name, err)
		}
		rules = append(rules, rule.New(definition))
	}
	background := context.Background()
	counters.ConnectorAlertFailedConditions.Add(background, 0)
	counters.ConnectorAlertFailedCommits.Add(background, 0)
	counters.ConnectorAlertDroppedTransitions.Add(background, 0)
	r.evaluator = newEvaluator(rules, cfg, func() { counters.ConnectorAlertFailedConditions.Add(background, 1) })
	r.store = newStore(r.logger, func() { counters.ConnectorAlertFailedCommits.Add(background, 1) }, r.changes, r.release)
	r.meter = newMeter(r.evaluator)
	return r, nil
}

// release lets the transitions go that are stored.
func (r *ruler) release() {
	if r.outbox != nil {
		r.outbox.release()
	}
}

// deliverTo has transitions handed on.
func (r *ruler) deliverTo(next consumer.Logs) {
	r.outbox = newOutbox(next, r.logger, func(n int) {
		r.counters.ConnectorAlertDroppedTransitions.Add(context.Background(), int64(n))
		r.logger.Error("Too many transitions of alerts wait for the pipelines behind the connector; the oldest are dropped", zap.Int("transitions", n))
	}, func() { r.store.ask() })
}

// start begins the work when all instances have been started, and so what is behind them.
func (r *ruler) start(ctx context.Context, host component.Host) error {
	if r.started++; r.started < r.instances {
		return nil
	}
	if err := r.load(ctx, host); err != nil {
		return err
	}
	now := r.now()
	for _, each := range r.evaluator.rules {
		if err := each.Begin(now, now.Add(maxAhead).UnixNano()); err != nil {
			r.logger.Error("What is stored of a rule is damaged; records that come again may be counted twice", zap.String("rule", each.Name), zap.Error(err))
		}
	}
	r.evaluator.begin(now)
	work, stopWork := context.WithCancel(context.Background())
	delivering, stopDelivering := context.WithCancel(context.Background())
	storing, stopStoring := context.WithCancel(context.Background())
	r.stopWork, r.stopDelivering, r.stop = stopWork, stopDelivering, stopStoring
	if r.outbox != nil {
		r.delivering.Go(func() { r.outbox.run(delivering) })
	}
	r.work.Go(func() { r.store.run(storing) })
	r.work.Go(func() { r.tick(work) })
	r.work.Go(func() { r.meter.run(work) })
	r.store.ask()
	return nil
}

// shutdown ends the work: what is not delivered by then is stored.
func (r *ruler) shutdown(ctx context.Context) error {
	if r.stop == nil {
		r.counters.Shutdown()
		return nil
	}
	r.store.ask()
	_ = r.store.await(ctx)
	r.stopWork()
	deadline := time.Now().Add(stopGrace)
	for r.outbox != nil && !r.outbox.empty() && time.Now().Before(deadline) && ctx.Err() == nil {
		time.Sleep(5 * time.Millisecond)
	}
	if !ending.Of(&r.delivering, 0, r.stopDelivering) {
		r.logger.Warn("The pipelines behind the connector do not let go of the transitions of alerts; they are handed on again at the next start")
	}
	r.stop()
	r.work.Wait()
	r.stop = nil
	r.counters.Shutdown()
	if r.store.client == nil {
		return nil
	}
	return r.store.client.Close(ctx)
}

// tick lets time pass.
func (r *ruler) tick(ctx context.Context) {
	ticker := time.NewTicker(tickInterval)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
			if r.evaluator.tick(r.now()) {
				r.store.ask()
			}
		case <-ctx.Done():
			return
		}
	}
}

// consume judges a batch, and returns when what has come of it is stored.
func (r *ruler) consume(ctx context.Context, batch plog.Logs) error {
	if len(r.evaluator.rules) == 0 {
		return nil
	}
	judged, changed := r.evaluator.judge(ctx, batch, r.now())
	if changed {
		r.store.ask()
	}
	if !judged || r.store.client == nil {
		return nil
	}
	return r.store.await(ctx) // also where all of it was known, and is not yet stored
}

// changes returns what is to be stored, and enters the transitions.
func (r *ruler) changes() map[string][]byte {
	r.evaluator.mu.Lock()
	defer r.evaluator.mu.Unlock()
	items := r.gone
	r.gone = map[string][]byte{}
	var transitions []plog.Logs
	for _, each := range r.evaluator.rules {
		changes, err := each.Changes()
		if err != nil {
			r.logger.Error("The state of an alert cannot be encoded", zap.String("rule", each.Name), zap.Error(err))
		}
		for fingerprint, value := range changes.Groups {
			items[keyOf(groupKind, each.Name, fingerprint)] = value
		}
		for fingerprint, beginning := range changes.Beginnings {
			items[keyOf(firingKind, each.Name, fingerprint)] = beginning
		}
		for _, chunk := range changes.Seen {
			items[keyOf(seenKind, each.Name, chunk.Number)] = chunk.Value
		}
		transitions = append(transitions, changes.Transitions...)
	}
	slices.SortStableFunc(transitions, func(a, b plog.Logs) int { return cmp.Compare(happened(a), happened(b)) })
	for _, record := range transitions {
		r.enter(items, record)
		r.meter.hurry()
	}
	if r.outbox != nil {
		for _, number := range r.outbox.forget() {
			items[keyOf(transitionKind, "", number)] = nil
		}
	}
	return items
}

// happened returns when an alert began or ended.
func happened(transition plog.Logs) pcommon.Timestamp {
	record, _ := field.First(transition)
	return record.Record.Timestamp()
}

func (r *ruler) enter(items map[string][]byte, record plog.Logs) {
	if r.outbox == nil {
		return
	}
	value, err := encoder.MarshalLogs(record)
	if err != nil {
		r.logger.Error("The transition of an alert cannot be encoded", zap.Error(err))
		return
	}
	items[keyOf(transitionKind, "", r.outbox.add(record))] = value
}

var (
	encoder plog.ProtoMarshaler
	decoder plog.ProtoUnmarshaler
)
