package alertmanagerexporter

import (
	"context"
	"errors"
	"sync"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/exporter"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
	"go.uber.org/zap"

	"github.com/mina-observability/otelcol-mina/exporter/alertmanagerexporter/internal/metadata"
	"github.com/mina-observability/otelcol-mina/internal/destination"
	"github.com/mina-observability/otelcol-mina/internal/ending"
	"github.com/mina-observability/otelcol-mina/internal/minaattr"
)

const (
	// stopGrace is how long what is due is tried for at a stop.
	stopGrace = 2 * time.Second
	// saveGrace is how long a transition waits for a storage.
	saveGrace = 5 * time.Second
	// expireEvery is how often resolved alerts are looked at.
	expireEvery = time.Minute
)

var (
	full    = metric.WithAttributeSet(attribute.NewSet(attribute.String("reason", "full")))
	expired = metric.WithAttributeSet(attribute.NewSet(attribute.String("reason", "expired")))
)

// alertmanagerExporter puts transitions into a table, from which each Alertmanager is
// told what it does not know yet.
type alertmanagerExporter struct {
	cfg           *Config
	set           exporter.Settings
	often         *zap.Logger
	counters      *metadata.TelemetryBuilder
	table         *table
	store         *store
	alertmanagers []*alertmanager

	work    sync.WaitGroup
	stop    chan struct{}
	callOff context.CancelFunc
	// saving is ended behind work.
	saving     sync.WaitGroup
	stopSaving context.CancelFunc
}

func newExporter(cfg *Config, set exporter.Settings) (*alertmanagerExporter, error) {
	counters, err := metadata.NewTelemetryBuilder(set.TelemetrySettings)
	if err != nil {
		return nil, err
	}
	link, err := newLink(cfg.GeneratorURL)
	if err != nil {
		return nil, err
	}
	e := &alertmanagerExporter{
		cfg: cfg, set: set, often: destination.OncePerMinute(set.Logger), counters: counters,
		table: newTable(cfg.MaxAlerts, len(cfg.Endpoints), cfg.ResendInterval), stop: make(chan struct{}),
	}
	for number := range cfg.Endpoints {
		a, err := newAlertmanager(cfg, number, set, e.table, link, counters)
		if err != nil {
			return nil, err
		}
		e.alertmanagers = append(e.alertmanagers, a)
	}
	return e, e.measure()
}

// measure has the metrics there from the start.
func (e *alertmanagerExporter) measure() error {
	for _, reason := range []metric.MeasurementOption{full, expired} {
		e.counters.ExporterAlertmanagerDroppedAlerts.Add(context.Background(), 0, reason)
	}
	e.counters.ExporterAlertmanagerMalformedRecords.Add(context.Background(), 0)
	e.counters.ExporterAlertmanagerUnsavedAlerts.Add(context.Background(), 0)
	return e.counters.RegisterExporterAlertmanagerActiveAlertsCallback(func(_ context.Context, observer metric.Int64Observer) error {
		observer.Observe(e.table.active())
		return nil
	})
}

// Capabilities says that records are only read.
func (e *alertmanagerExporter) Capabilities() consumer.Capabilities {
	return consumer.Capabilities{MutatesData: false}
}

// Start loads the alerts of the last run, and tells each Alertmanager all of them: what
// it knows already changes nothing.
func (e *alertmanagerExporter) Start(ctx context.Context, host component.Host) (err error) {
	health := newHealth(host)
	for _, a := range e.alertmanagers {
		if err := a.start(ctx, seat{health, a.number}, e.set.TelemetrySettings); err != nil {
			return err
		}
	}
	if e.store, err = openStore(ctx, host, e.cfg.Storage, e.set.ID, e.table, e.set.Logger); err != nil {
		return err
	}
	working, callOff := context.WithCancel(context.Background())
	e.callOff = callOff
	for _, a := range e.alertmanagers {
		e.work.Go(func() { a.run(working, e.stop) })
	}
	e.work.Go(e.expireThem)
	saving, stopSaving := context.WithCancel(context.Background())
	e.stopSaving = stopSaving
	if e.store != nil {
		e.saving.Go(func() { e.store.keep(saving) })
	}
	return nil
}

// ConsumeLogs takes the transitions of alerts, and answers when they are in the table and
// in the storage. Other records are passed over: they come with every batch.
func (e *alertmanagerExporter) ConsumeLogs(ctx context.Context, logs plog.Logs) error {
	var changed []*alert
	resources := logs.ResourceLogs()
	for i := range resources.Len() {
		scopes := resources.At(i).ScopeLogs()
		for j := range scopes.Len() {
			records := scopes.At(j).LogRecords()
			for k := range records.Len() {
				if record := records.At(k); record.EventName() == minaattr.EventAlert {
					changed = append(changed, e.take(ctx, record)...)
				}
			}
		}
	}
	if len(changed) == 0 {
		return nil
	}
	for _, a := range e.alertmanagers {
		a.signal()
	}
	return e.save(ctx, changed)
}

// take puts the transition of a record into the table, and returns the alerts that have
// changed.
func (e *alertmanagerExporter) take(ctx context.Context, record plog.LogRecord) []*alert {
	a, err := read(record, time.Now())
	if err != nil {
		e.counters.ExporterAlertmanagerMalformedRecords.Add(ctx, 1)
		e.often.Warn("The record of an alert cannot be read and is passed over", zap.Error(err))
		return nil
	}
	if a.cut {
		e.often.Warn("Labels or annotations of an alert are too long or too many, and are cut", zap.String("alert", a.name()), zap.String("fingerprint", a.Fingerprint))
	}
	changed, dropped := e.table.put(a)
	if dropped != nil {
		e.counters.ExporterAlertmanagerDroppedAlerts.Add(ctx, 1, full)
		e.often.Error("There are too many alerts (max_alerts); others are not sent",
			zap.Int("max_alerts", e.cfg.MaxAlerts), zap.String("alert", dropped.name()), zap.String("fingerprint", dropped.Fingerprint))
	}
	return changed
}

// save returns when the storage has alerts. One that fails or hangs holds up nobody: the
// Alertmanagers are told all the same, and a restart in the meantime is what is risked.
func (e *alertmanagerExporter) save(ctx context.Context, alerts []*alert) error {
	if e.store == nil {
		return nil
	}
	tooLong := time.NewTimer(saveGrace)
	defer tooLong.Stop()
	err := errSlow
	select {
	case <-e.store.save(alerts):
		err = e.store.failure()
	case <-tooLong.C:
	case <-ctx.Done():
		return ctx.Err()
	}
	if err != nil {
		e.counters.ExporterAlertmanagerUnsavedAlerts.Add(ctx, int64(len(alerts)))
		e.often.Error("Cannot store alerts: those that are not delivered are forgotten at a restart", zap.Error(err))
	}
	return nil
}

var errSlow = errors.New("the storage has not answered in time")

// expireThem forgets resolved alerts after resolve_expiry.
func (e *alertmanagerExporter) expireThem() {
	ticker := time.NewTicker(min(expireEvery, e.cfg.ResolveExpiry))
	defer ticker.Stop()
	for {
		select {
		case now := <-ticker.C:
			e.expire(now)
		case <-e.stop:
			return
		}
	}
}

func (e *alertmanagerExporter) expire(now time.Time) {
	gone, untold := e.table.expire(now.Add(-e.cfg.ResolveExpiry))
	if untold > 0 {
		e.counters.ExporterAlertmanagerDroppedAlerts.Add(context.Background(), int64(untold), expired)
		e.set.Logger.Warn("Resolutions of alerts have not got through to every Alertmanager and are given up (resolve_expiry)", zap.Int("alerts", untold))
	}
	if e.store != nil && len(gone) > 0 {
		e.store.save(gone)
	}
}

// Shutdown tries what is due once more. What is not delivered then is in the storage.
func (e *alertmanagerExporter) Shutdown(ctx context.Context) (err error) {
	if e.callOff != nil {
		close(e.stop)
		if !ending.Of(&e.work, stopGrace, e.callOff) {
			e.set.Logger.Warn("A request to Alertmanager does not end, and is left behind")
		}
		err = e.letGoOfStore(ctx)
	}
	for _, a := range e.alertmanagers {
		a.close()
	}
	e.counters.Shutdown()
	return err
}

// letGoOfStore saves what is left, unless the storage hangs.
func (e *alertmanagerExporter) letGoOfStore(ctx context.Context) error {
	switch ended := ending.Of(&e.saving, 0, e.stopSaving); {
	case e.store == nil:
		return nil
	case !ended:
		return errSlow
	}
	return e.store.close(ctx)
}
