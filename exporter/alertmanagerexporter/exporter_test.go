package alertmanagerexporter

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/common/model"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componentstatus"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/exporter/exportertest"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	"go.uber.org/zap/zaptest/observer"

	"github.com/mina-observability/otelcol-mina/exporter/alertmanagerexporter/internal/metadata"
	"github.com/mina-observability/otelcol-mina/test/contract"
)

// deadline is for what does not come.
const deadline = 10 * time.Second

var storageID = component.MustNewID("memory")

// host has a storage, and collects the status that is reported.
type host struct {
	component.Host
	storage *memory
	mu      sync.Mutex
	events  []componentstatus.Status
}

func (h *host) GetExtensions() map[component.ID]component.Component {
	return map[component.ID]component.Component{storageID: h.storage, component.MustNewID("other"): nothing{}}
}

type nothing struct {
	component.StartFunc
	component.ShutdownFunc
}

func (h *host) Report(event *componentstatus.Event) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.events = append(h.events, event.Status())
}

func (h *host) status() componentstatus.Status {
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.events) == 0 {
		return componentstatus.StatusNone
	}
	return h.events[len(h.events)-1]
}

// setup is an exporter and what is around it.
type setup struct {
	*alertmanagerExporter
	*host
	telemetry *componenttest.Telemetry
	logged    *observer.ObservedLogs
	stopped   bool
}

// quick has the pauses of tests.
func quick(endpoints ...string) *Config {
	cfg := createDefaultConfig().(*Config)
	cfg.Endpoints = endpoints
	cfg.RetryConfig = RetryConfig{InitialInterval: 10 * time.Millisecond, MaxInterval: 20 * time.Millisecond}
	return cfg
}

func start(t *testing.T, cfg *Config, storage *memory) *setup {
	t.Helper()
	s := newSetup(t, cfg, storage)
	require.NoError(t, s.Start(t.Context(), s.host))
	return s
}

func newSetup(t *testing.T, cfg *Config, storage *memory) *setup {
	t.Helper()
	if storage != nil {
		cfg.Storage = &storageID
	}
	s := &setup{host: &host{Host: componenttest.NewNopHost(), storage: storage}, telemetry: componenttest.NewTelemetry()}
	set := exportertest.NewNopSettings(metadata.Type)
	set.TelemetrySettings = s.telemetry.NewTelemetrySettings()
	set.Logger, s.logged = observed()
	var err error
	s.alertmanagerExporter, err = newExporter(cfg, set)
	require.NoError(t, err)
	t.Cleanup(func() {
		s.shutdown(t)
		assert.NoError(t, s.telemetry.Shutdown(context.Background()))
	})
	return s
}

func (s *setup) shutdown(t *testing.T) {
	t.Helper()
	if !s.stopped {
		s.stopped = true
		require.NoError(t, s.Shutdown(context.Background()))
	}
}

func (s *setup) consume(t *testing.T, batches ...plog.Logs) {
	t.Helper()
	for _, logs := range batches {
		logs.MarkReadOnly()
		require.NoError(t, s.ConsumeLogs(t.Context(), logs))
	}
}

// metric returns the sum of a metric's points that have a value of an attribute, or all.
func (s *setup) metric(t *testing.T, name string, value ...string) (sum int64) {
	t.Helper()
	got, err := s.telemetry.GetMetric("otelcol_exporter_alertmanager_" + name)
	require.NoError(t, err)
	var points []metricdata.DataPoint[int64]
	switch data := got.Data.(type) {
	case metricdata.Sum[int64]:
		points = data.DataPoints
	case metricdata.Gauge[int64]:
		points = data.DataPoints
	}
	require.NotEmpty(t, points, name)
	for _, point := range points {
		attribute, _ := point.Attributes.Value("alertmanager")
		reason, _ := point.Attributes.Value("reason")
		if len(value) == 0 || attribute.AsString() == value[0] || reason.AsString() == value[0] {
			sum += point.Value
		}
	}
	return sum
}

func eventually(t *testing.T, condition func() bool, message string, args ...any) {
	t.Helper()
	require.Eventually(t, condition, deadline, 5*time.Millisecond, append([]any{message}, args...)...)
}

// double is a strict one, which ends with the test.
func double(t *testing.T) *contract.Alertmanager {
	t.Helper()
	a := contract.NewAlertmanager("")
	t.Cleanup(a.Close)
	return a
}

// numbered is the transition of one of several alerts.
func numbered(n int, changes ...map[string]any) plog.Logs {
	all := map[string]any{"alert.fingerprint": fmt.Sprintf("%016x", n), "alert.labels.number": n}
	for _, change := range changes {
		for key, value := range change {
			all[key] = value
		}
	}
	return transition(all)
}

var ended = map[string]any{"alert.state": "resolved", "alert.ends_at": "2026-11-26T12:05:00Z"}

func TestAlertmanagerIsToldWhatFiresAndWhatIsResolved(t *testing.T) {
	am := double(t)
	s := start(t, quick(am.URL), nil)
	began := now()
	s.consume(t, transition(map[string]any{"alert.starts_at": began}))
	eventually(t, func() bool { return len(am.Taken()) == 1 }, "it fires")
	fires := am.Taken()[0]
	assert.Equal(t, model.LabelSet{"alertname": "FailedLogins", "severity": "critical", "team": "security", "client_address": "203.0.113.9"}, fires.Labels)
	assert.Equal(t, model.LabelSet{"summary": "6 failed logins", "runbook_url": "https://example.com/runbook"}, fires.Annotations)
	assert.False(t, fires.Resolved())
	assert.Contains(t, fires.GeneratorURL, "http://localhost:8320/#/search?q=%22Login+failed%22")
	assert.EqualValues(t, 1, s.metric(t, "active_alerts"))
	s.consume(t, transition(map[string]any{"alert.state": "resolved", "alert.starts_at": began, "alert.ends_at": now()}))
	eventually(t, func() bool { return len(am.Taken()) == 2 }, "it is resolved")
	over := am.Taken()[1]
	assert.Equal(t, fires.Labels, over.Labels)
	assert.True(t, over.Resolved())
	eventually(t, func() bool { return s.metric(t, "sent_alerts") == 2 }, "both are counted")
	for name, want := range map[string]int64{"active_alerts": 0, "resent_alerts": 0, "failed_alerts": 0, "refused_alerts": 0, "malformed_records": 0, "dropped_alerts": 0, "unsaved_alerts": 0} {
		assert.Equal(t, want, s.metric(t, name), name)
	}
}

func TestOtherRecordsArePassedOver(t *testing.T) {
	am := double(t)
	s := start(t, quick(am.URL), nil)
	logs := plog.NewLogs()
	numbered(1).ResourceLogs().MoveAndAppendTo(logs.ResourceLogs())
	plain := transition(nil)
	recordOf(plain).SetEventName("mina.other")
	plain.ResourceLogs().MoveAndAppendTo(logs.ResourceLogs())
	records := logs.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords()
	records.AppendEmpty().Body().SetStr("in between")
	recordOf(numbered(2)).CopyTo(records.AppendEmpty())
	s.consume(t, plog.NewLogs(), ordinary(100), logs)
	eventually(t, func() bool { return len(am.Alerts()) == 2 }, "the two alerts")
	assert.Equal(t, 1, am.Requests(), "in one request")
}

// ordinary are records of which none is an alert.
func ordinary(n int) plog.Logs {
	logs := plog.NewLogs()
	records := logs.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords()
	for i := range n {
		record := records.AppendEmpty()
		record.Body().SetStr(fmt.Sprintf("record %d", i))
		record.Attributes().PutStr("alert.name", "none")
	}
	return logs
}

func TestBatchWithoutAnAlertAllocatesNothing(t *testing.T) {
	s := newSetup(t, quick("http://localhost:1"), nil)
	logs := ordinary(1000)
	logs.MarkReadOnly()
	assert.Zero(t, testing.AllocsPerRun(100, func() { _ = s.ConsumeLogs(t.Context(), logs) }))
}

// BenchmarkPassedOver is what every batch costs.
func BenchmarkPassedOver(b *testing.B) {
	e, err := newExporter(quick("http://localhost:1"), exportertest.NewNopSettings(metadata.Type))
	require.NoError(b, err)
	logs := ordinary(1000)
	b.ReportAllocs()
	for b.Loop() {
		_ = e.ConsumeLogs(b.Context(), logs)
	}
}

func TestEveryAlertmanagerGetsEveryAlertWhateverTheOthersDo(t *testing.T) {
	good, slow, down := double(t), double(t), double(t)
	letGo := slow.Hang()
	defer letGo()
	down.SetFault(func(int) contract.Fault { return contract.Fault{Status: http.StatusServiceUnavailable} })
	nobody := httptest.NewServer(http.NotFoundHandler())
	nobody.Close()
	s := start(t, quick(good.URL, slow.URL, down.URL, nobody.URL), nil)
	begun := time.Now()
	for i := range 20 {
		s.consume(t, numbered(i))
	}
	eventually(t, func() bool { return len(good.Alerts()) == 20 }, "the good one has all")
	assert.Less(t, time.Since(begun), deadline/2)
	assert.Empty(t, slow.Alerts())
	assert.Empty(t, down.Alerts())
	eventually(t, func() bool { return s.status() == componentstatus.StatusRecoverableError && down.Requests() > 1 }, "the exporter does not do well")
	down.SetFault(nil)
	eventually(t, func() bool { return len(down.Alerts()) == 20 }, "the other one has all when it is back")
	assert.Equal(t, componentstatus.StatusRecoverableError, s.status(), "there is still one that is down")
	letGo()
	eventually(t, func() bool { return len(slow.Alerts()) == 20 }, "the slow one too")
	for name, am := range map[string]*contract.Alertmanager{"good": good, "down": down} {
		eventually(t, func() bool { return s.metric(t, "sent_alerts", am.Listener.Addr().String()) == 20 }, name)
	}
	assert.Zero(t, s.metric(t, "failed_alerts", good.Listener.Addr().String()))
	assert.Positive(t, s.metric(t, "failed_alerts", down.Listener.Addr().String()))
}

func TestHealthIsThatOfAll(t *testing.T) {
	one, two := double(t), double(t)
	fail := func(int) contract.Fault { return contract.Fault{Status: http.StatusBadGateway} }
	one.SetFault(fail)
	two.SetFault(fail)
	s := start(t, quick(one.URL, two.URL), nil)
	s.consume(t, numbered(1))
	eventually(t, func() bool { return one.Requests() > 2 && two.Requests() > 2 }, "both are tried")
	assert.Equal(t, componentstatus.StatusRecoverableError, s.status())
	one.SetFault(nil)
	eventually(t, func() bool {
		return len(one.Alerts()) == 1 && s.logged.FilterMessageSnippet("takes records again").Len() == 1
	}, "one is well")
	assert.Equal(t, componentstatus.StatusRecoverableError, s.status())
	two.SetFault(nil)
	eventually(t, func() bool { return s.status() == componentstatus.StatusOK }, "both are")
	for _, entry := range s.logged.All() {
		assert.Contains(t, []any{one.Listener.Addr().String(), two.Listener.Addr().String()}, entry.ContextMap()["alertmanager"], entry.Message)
	}
}

func TestBadAlertsAreNamedAndTheOthersGetThrough(t *testing.T) {
	am := double(t)
	letGo := am.Hang() // so that the others are one request
	s := start(t, quick(am.URL), nil)
	s.consume(t, numbered(0))
	eventually(t, func() bool { return am.Requests() == 1 }, "it waits")
	for i := range 40 {
		bad := i == 7 || i == 30
		if bad {
			// The exporter makes no such names: they stand for what other releases refuse.
			s.table.put(&alert{Fingerprint: fmt.Sprintf("bad%d", i), Starts: noon, Labels: model.LabelSet{"alertname": "Bad", "a.b": "s3cr3t-payload"}})
		} else {
			s.table.put(&alert{Fingerprint: fmt.Sprint(i), Starts: noon, Labels: model.LabelSet{"alertname": "Good", "number": model.LabelValue(fmt.Sprint(i))}})
		}
	}
	s.consume(t, numbered(1))
	letGo()
	eventually(t, func() bool { return len(am.Alerts()) == 40 && s.table.waiting(0) == 0 }, "38 and two others")
	assert.EqualValues(t, 2, s.metric(t, "refused_alerts"))
	refused := s.logged.FilterMessageSnippet("refuses an alert for what it is").All()
	require.Len(t, refused, 2)
	for _, entry := range refused {
		assert.Equal(t, "Bad", entry.ContextMap()["alert"])
		assert.Contains(t, []any{"bad7", "bad30"}, entry.ContextMap()["fingerprint"])
		assert.NotContains(t, fmt.Sprint(entry.ContextMap()), "s3cr3t-payload")
	}
	assert.NotEqual(t, componentstatus.StatusRecoverableError, s.status())
	requests := am.Requests()
	s.consume(t, numbered(2))
	eventually(t, func() bool { return len(am.Alerts()) == 41 }, "the next")
	assert.Equal(t, requests+1, am.Requests(), "what was refused is not sent again")
}

// TestEverythingIsRefused is an address where no Alertmanager is: HTTP in front of TLS is
// answered 400, whatever is sent. Nothing is given up.
func TestEverythingIsRefused(t *testing.T) {
	am := double(t)
	am.SetFault(func(int) contract.Fault { return contract.Fault{Status: http.StatusBadRequest} })
	s := start(t, quick(am.URL), nil)
	s.consume(t, numbered(1), numbered(2))
	eventually(t, func() bool { return am.Requests() > 10 }, "it is tried again")
	assert.Equal(t, componentstatus.StatusRecoverableError, s.status())
	assert.Equal(t, 1, s.logged.FilterMessage("The destination refuses this sender; records wait until that changes").Len())
	assert.Zero(t, s.metric(t, "refused_alerts"))
	am.SetFault(nil)
	eventually(t, func() bool { return len(am.Alerts()) == 2 }, "both get through")
}

func TestWhatAnswersMean(t *testing.T) {
	for status, want := range map[int]string{
		http.StatusTooManyRequests:       "The destination wants fewer records; they wait",
		http.StatusInternalServerError:   "The destination takes no records; they wait",
		http.StatusUnauthorized:          "The destination refuses this sender; records wait until that changes",
		http.StatusNotFound:              "The destination refuses this sender; records wait until that changes",
		http.StatusTemporaryRedirect:     "The destination refuses this sender; records wait until that changes",
		http.StatusRequestEntityTooLarge: "The destination refuses this sender; records wait until that changes",
	} {
		t.Run(fmt.Sprint(status), func(t *testing.T) {
			t.Parallel()
			am := double(t)
			am.SetFault(func(int) contract.Fault { return contract.Fault{Status: status} })
			s := start(t, quick(am.URL), nil)
			s.consume(t, transition(nil))
			eventually(t, func() bool { return am.Requests() > 1 && s.logged.FilterMessage(want).Len() == 1 }, want)
			am.SetFault(nil)
			eventually(t, func() bool { return len(am.Taken()) == 1 }, "it gets through")
			eventually(t, func() bool { return s.status() == componentstatus.StatusOK }, "and all is well")
		})
	}
}

func TestRequestsThatAreTooLongAreDivided(t *testing.T) {
	am := double(t)
	var longest int
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.ContentLength > 10_000 {
			w.WriteHeader(http.StatusRequestEntityTooLarge)
			return
		}
		longest = max(longest, int(r.ContentLength))
		am.Config.Handler.ServeHTTP(w, r)
	}))
	defer proxy.Close()
	s := newSetup(t, quick(proxy.URL), nil)
	for i := range 100 {
		s.consume(t, numbered(i))
	}
	require.NoError(t, s.Start(t.Context(), s.host))
	eventually(t, func() bool { return len(am.Alerts()) == 100 }, "all get through")
	assert.Len(t, am.Taken(), 100, "each once")
}

func TestMalformedRecordIsCountedAndHoldsUpNothing(t *testing.T) {
	am := double(t)
	s := start(t, quick(am.URL), nil)
	s.consume(t, transition(map[string]any{"alert.starts_at": "s3cr3t"}), transition(map[string]any{"alert.name": nil}), transition(nil))
	eventually(t, func() bool { return len(am.Taken()) == 1 }, "the good one")
	assert.EqualValues(t, 2, s.metric(t, "malformed_records"))
	said := s.logged.FilterMessageSnippet("cannot be read").All()
	require.Len(t, said, 1, "once a minute")
	assert.NotContains(t, fmt.Sprint(said[0].ContextMap()), "s3cr3t")
}

func TestTooManyAlertsAreCountedAndSaid(t *testing.T) {
	am := double(t)
	cfg := quick(am.URL)
	cfg.MaxAlerts = 2
	s := start(t, cfg, nil)
	for i := range 5 {
		s.consume(t, numbered(i))
	}
	assert.EqualValues(t, 3, s.metric(t, "dropped_alerts", "full"))
	assert.Equal(t, 1, s.logged.FilterMessageSnippet("max_alerts").Len())
	s.consume(t, numbered(0, ended))
	eventually(t, func() bool { return s.table.waiting(0) == 0 }, "it is known that one is over")
	s.consume(t, numbered(7))
	assert.EqualValues(t, 3, s.metric(t, "dropped_alerts", "full"), "there is room again")
	assert.EqualValues(t, 2, s.metric(t, "active_alerts"))
}

func TestWhatIsTooLongIsSaid(t *testing.T) {
	s := newSetup(t, quick("http://localhost:1"), nil)
	s.consume(t, transition(map[string]any{"alert.labels.path": strings.Repeat("x", 1000)}))
	assert.Equal(t, 1, s.logged.FilterMessageSnippet("are cut").Len())
}

func TestRestartTellsWhatIsNotDelivered(t *testing.T) {
	am, other := double(t), double(t)
	fail := func(int) contract.Fault { return contract.Fault{Status: http.StatusBadGateway} }
	am.SetFault(fail)
	keep := &memory{kept: map[string]string{}}
	s := start(t, quick(am.URL), keep)
	s.consume(t, numbered(1), numbered(2), numbered(2, ended))
	assert.Len(t, keep.all(), 2, "it answers when they are stored")
	s.shutdown(t)
	am.SetFault(nil)
	start(t, quick(am.URL, other.URL), keep)
	for _, a := range []*contract.Alertmanager{am, other} {
		eventually(t, func() bool { return len(a.Alerts()) == 2 }, "both know both")
		resolved := 0
		for _, alert := range a.Alerts() {
			if alert.Resolved() {
				resolved++
			}
		}
		assert.Equal(t, 1, resolved)
	}
}

func TestStorageThatFailsHoldsUpNobody(t *testing.T) {
	am := double(t)
	keep := &memory{kept: map[string]string{}, err: errors.New("disk full")}
	s := start(t, quick(am.URL), keep)
	s.consume(t, numbered(1), numbered(2))
	eventually(t, func() bool { return len(am.Alerts()) == 2 }, "they are sent")
	assert.EqualValues(t, 2, s.metric(t, "unsaved_alerts"))
	said := s.logged.FilterMessageSnippet("Cannot store alerts").All()
	require.Len(t, said, 1)
	assert.Contains(t, said[0].ContextMap()["error"], "disk full")
	keep.set(nil, nil)
	eventually(t, func() bool { return len(keep.all()) == 2 }, "they are stored when that goes again")
}

func TestStorageIsChecked(t *testing.T) {
	for name, id := range map[string]string{
		`storage: there is no extension "missing" in service::extensions`: "missing",
		`storage: the extension "other" is no storage`:                    "other",
	} {
		cfg := quick("http://localhost:1")
		extension := component.MustNewID(id)
		cfg.Storage = &extension
		s := newSetup(t, cfg, nil)
		require.EqualError(t, s.Start(t.Context(), s.host), name)
	}
}

func TestStopTriesWhatIsDueAndDoesNotWaitLong(t *testing.T) {
	good, hanging := double(t), double(t)
	letGo := hanging.Hang()
	defer letGo()
	keep := &memory{kept: map[string]string{}}
	s := start(t, quick(good.URL, hanging.URL), keep)
	s.consume(t, numbered(1))
	begun := time.Now()
	s.shutdown(t)
	assert.Less(t, time.Since(begun), 3*time.Second)
	assert.Len(t, good.Taken(), 1)
	assert.Len(t, keep.all(), 1)
}

func TestHeadersAndTheClientAreThoseOfTheConfiguration(t *testing.T) {
	am := contract.NewAlertmanager("/alertmanager")
	t.Cleanup(am.Close)
	cfg := quick(strings.Replace(am.URL, "http://", "http://ana:s3cr3t@", 1) + "/alertmanager/")
	cfg.ClientConfig.Headers.Set("X-Scope-OrgID", "mina")
	s := start(t, cfg, nil)
	s.consume(t, transition(nil))
	eventually(t, func() bool { return len(am.Taken()) == 1 }, "behind the prefix")
	header := am.Headers()[0]
	assert.Equal(t, "mina", header.Get("X-Scope-OrgID"))
	assert.Equal(t, "Basic YW5hOnMzY3IzdA==", header.Get("Authorization"))
	am.SetFault(func(int) contract.Fault { return contract.Fault{Status: http.StatusForbidden} })
	s.consume(t, numbered(2))
	eventually(t, func() bool { return s.logged.Len() > 0 }, "it is refused")
	assert.NotContains(t, fmt.Sprint(s.logged.All()), "s3cr3t")
}
