package alertmanagerexporter

import (
	"context"
	"time"

	"github.com/cenkalti/backoff/v5"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/exporter"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
	"go.uber.org/zap"

	"github.com/mina-observability/otelcol-mina/exporter/alertmanagerexporter/internal/metadata"
	"github.com/mina-observability/otelcol-mina/internal/destination"
)

// alertmanager is one of those that are told, by a loop of its own: none waits for
// another one.
type alertmanager struct {
	cfg      *Config
	number   int
	address  string
	table    *table
	link     *link
	logger   *zap.Logger
	often    *zap.Logger
	counters *metadata.TelemetryBuilder
	labels   metric.MeasurementOption
	status   *destination.Status

	client *destination.Client
	// notBefore is when the Alertmanager wants the next request at the earliest.
	notBefore time.Time
	wake      chan struct{}
}

func newAlertmanager(cfg *Config, number int, set exporter.Settings, t *table, l *link, counters *metadata.TelemetryBuilder) (*alertmanager, error) {
	address, err := alertsURL(cfg.Endpoints[number])
	if err != nil {
		return nil, err
	}
	name := nameOf(cfg.Endpoints, number)
	a := &alertmanager{
		cfg: cfg, number: number, address: address, table: t, link: l, counters: counters,
		logger: set.Logger.With(zap.String("alertmanager", name)), wake: make(chan struct{}, 1),
		labels: metric.WithAttributeSet(attribute.NewSet(attribute.String("alertmanager", name))),
	}
	a.often = destination.OncePerMinute(a.logger)
	set.Logger = a.logger
	if len(cfg.Endpoints) > 1 {
		set.ID = component.NewIDWithName(set.ID.Type(), ofExporter(set.ID.Name(), name))
	}
	for _, counter := range []metric.Int64Counter{
		counters.ExporterAlertmanagerSentAlerts, counters.ExporterAlertmanagerResentAlerts,
		counters.ExporterAlertmanagerFailedAlerts, counters.ExporterAlertmanagerRefusedAlerts,
	} {
		a.count(counter, 0)
	}
	a.status, err = destination.NewStatus(set, func() int64 { return t.waiting(number) })
	return a, err
}

// ofExporter returns the name of one of several destinations of an exporter.
func ofExporter(exporter, name string) string {
	if exporter == "" {
		return name
	}
	return exporter + "/" + name
}

func (a *alertmanager) count(counter metric.Int64Counter, n int) {
	counter.Add(context.Background(), int64(n), a.labels)
}

func (a *alertmanager) start(ctx context.Context, host component.Host, set component.TelemetrySettings) (err error) {
	a.status.Start(host)
	client := a.cfg.ClientConfig
	client.Timeout = 0 // a slow answer to an old request is worth less than a new request
	a.client, err = destination.NewClient(ctx, "Alertmanager", client, host, set)
	return err
}

func (a *alertmanager) close() {
	a.client.Close()
	a.status.Shutdown()
}

// signal says that there is something new.
func (a *alertmanager) signal() {
	select {
	case a.wake <- struct{}{}:
	default:
	}
}

// run sends what is due until it is told to stop, and then once more. The context ends
// requests that are on their way.
func (a *alertmanager) run(ctx context.Context, stop <-chan struct{}) {
	pauses := backoff.NewExponentialBackOff()
	pauses.InitialInterval, pauses.MaxInterval = a.cfg.RetryConfig.InitialInterval, a.cfg.RetryConfig.MaxInterval
	pauses.Reset()
	for {
		next, err := a.send(ctx)
		wake := a.wake
		if err == nil {
			pauses.Reset()
		} else {
			next, wake = later(time.Now().Add(pauses.NextBackOff()), a.notBefore), nil // what is new waits too
		}
		select {
		case <-wake:
		case <-at(next):
		case <-stop:
			_, _ = a.send(ctx)
			return
		}
	}
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// at returns what comes at a moment, or never for none.
func at(moment time.Time) <-chan time.Time {
	if moment.IsZero() {
		return nil
	}
	return time.After(time.Until(moment))
}

// send sends all that is due, and returns when there will be more, if there will.
func (a *alertmanager) send(ctx context.Context) (next time.Time, err error) {
	for {
		batch, next := a.table.due(a.number, time.Now())
		if len(batch) == 0 {
			return next, nil
		}
		err := a.deliver(ctx, batch)
		a.status.Report(err)
		if err != nil {
			return time.Time{}, err
		}
	}
}
