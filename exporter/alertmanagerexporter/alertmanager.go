package alertmanagerexporter

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/cenkalti/backoff/v5"
	"github.com/prometheus/common/model"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/exporter"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
	"go.uber.org/zap"

	"github.com/mina-observability/otelcol-mina/exporter/alertmanagerexporter/internal/metadata"
	"github.com/mina-observability/otelcol-mina/internal/destination"
)

// endsAfter is how many intervals after it was sent an alert ends that is not sent again,
// as Prometheus has it.
const endsAfter = 4

// maxPause bounds the pause that an Alertmanager asks for.
const maxPause = 5 * time.Minute

// alertmanager is one of those that are told, by a loop of its own: none waits for
// another one.
type alertmanager struct {
	cfg      *Config
	number   int
	address  string
	host     string
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
	host := hostOf(address)
	a := &alertmanager{
		cfg: cfg, number: number, address: address, host: host, table: t, link: l, counters: counters,
		logger: set.Logger.With(zap.String("alertmanager", host)), wake: make(chan struct{}, 1),
		labels: metric.WithAttributeSet(attribute.NewSet(attribute.String("alertmanager", host))),
	}
	a.often = destination.OncePerMinute(a.logger)
	set.Logger = a.logger
	if len(cfg.Endpoints) > 1 {
		set.ID = component.NewIDWithName(set.ID.Type(), namedAfter(set.ID.Name(), host))
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

// namedAfter returns the name of one of several destinations of an exporter.
func namedAfter(exporter, host string) string {
	if exporter == "" {
		return host
	}
	return exporter + "/" + host
}

func hostOf(address string) string {
	parsed, _ := url.Parse(address) // alertsURL has made it
	return parsed.Host
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

// deliver sends messages in one request, and in halves where that is refused for what is
// in it: Alertmanager takes the good alerts of a request of which it refuses others, or
// none of it, and does not tell which. What it has taken already changes nothing.
func (a *alertmanager) deliver(ctx context.Context, batch []message) error {
	now := time.Now()
	alerts := a.wire(batch, now)
	err := a.post(ctx, alerts)
	if isRefusal(err) && len(batch) > 1 {
		half := len(batch) / 2
		if err := a.deliver(ctx, batch[:half]); err != nil {
			return err
		}
		return a.deliver(ctx, batch[half:])
	}
	if isRefusal(err) {
		err = a.judge(ctx, alerts, err)
	}
	switch {
	case err == nil:
		a.table.told(a.number, batch, now)
		news := newsIn(batch)
		a.count(a.counters.ExporterAlertmanagerSentAlerts, news)
		a.count(a.counters.ExporterAlertmanagerResentAlerts, len(batch)-news)
		return nil
	case isRefusal(err):
		a.refuse(batch[0], err)
		return nil
	}
	a.table.failed(a.number, batch, now)
	a.count(a.counters.ExporterAlertmanagerFailedAlerts, len(batch))
	return err
}

func newsIn(batch []message) (news int) {
	for _, m := range batch {
		if m.news {
			news++
		}
	}
	return news
}

func isRefusal(err error) bool { return destination.OfError(err).OfContent() }

// judge finds out whether an alert is refused for what it is: a request without alerts is
// taken then, and the alert is refused again. Otherwise it is no Alertmanager that
// answers, or it refuses this sender.
func (a *alertmanager) judge(ctx context.Context, alone []model.Alert, refusal error) error {
	switch err := a.post(ctx, []model.Alert{}); {
	case isRefusal(err):
		return destination.NewRefusal(destination.SenderRefused, "also a request without alerts is refused: "+refusal.Error())
	case err != nil:
		return err
	}
	return a.post(ctx, alone)
}

func (a *alertmanager) refuse(m message, err error) {
	a.table.refused(a.number, m)
	a.count(a.counters.ExporterAlertmanagerRefusedAlerts, 1)
	a.logger.Error("Alertmanager refuses an alert for what it is; it is not sent again",
		zap.String("alert", m.name()), zap.String("fingerprint", m.Fingerprint), zap.Error(err))
}

// post sends alerts.
func (a *alertmanager) post(ctx context.Context, alerts []model.Alert) error {
	body, err := json.Marshal(alerts)
	if err != nil {
		return fmt.Errorf("cannot encode alerts: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, a.cfg.ClientConfig.Timeout)
	defer cancel()
	answer, err := a.client.Post(ctx, a.address, http.Header{"Content-Type": {"application/json"}}, body)
	if answer != nil {
		if pause, asked := destination.RetryAfter(answer.Header, time.Now(), maxPause); asked {
			a.notBefore = time.Now().Add(pause)
		}
	}
	return err
}

// wire returns messages as Alertmanager takes them.
func (a *alertmanager) wire(batch []message, now time.Time) []model.Alert {
	alerts := make([]model.Alert, len(batch))
	for i, m := range batch {
		alerts[i] = m.wire(now, a.cfg.ResendInterval)
		link, err := a.link.of(m.alert, now)
		if err != nil {
			a.often.Warn("An alert is sent without a link to its records (generator_url)", zap.String("alert", m.name()), zap.Error(err))
			continue
		}
		alerts[i].GeneratorURL = link
	}
	return alerts
}

// wire returns the alert as of now, with an end. Record time may run ahead of this
// clock: an end that is still to come would have the alert fire until then, and a start
// that comes after the end is refused.
func (m *message) wire(now time.Time, resendInterval time.Duration) model.Alert {
	ends := now.Add(endsAfter * resendInterval)
	switch {
	case m.late:
		ends = now.Add(resendInterval)
	case m.Resolved:
		ends = earlier(m.Ends, now)
	}
	return model.Alert{Labels: m.Labels, Annotations: m.Annotations, StartsAt: earlier(m.Starts, earlier(ends, now)), EndsAt: ends}
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}
