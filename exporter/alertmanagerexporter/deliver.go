package alertmanagerexporter

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/prometheus/common/model"
	"go.uber.org/zap"

	"github.com/mina-observability/otelcol-mina/internal/destination"
)

const (
	// endsAfter is how many intervals after it was sent an alert ends that is not sent
	// again, as Prometheus has it.
	endsAfter = 4
	// maxPause bounds the pause that an Alertmanager asks for.
	maxPause = 5 * time.Minute
)

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
