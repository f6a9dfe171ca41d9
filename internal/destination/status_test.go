package destination

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componentstatus"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/config/configretry"
	"go.opentelemetry.io/collector/consumer/consumererror"
	"go.opentelemetry.io/collector/exporter"
	"go.opentelemetry.io/collector/exporter/exporterhelper"
	"go.opentelemetry.io/collector/exporter/exportertest"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"go.uber.org/zap/zaptest/observer"
)

// host collects the status that is reported.
type host struct {
	component.Host
	mu     sync.Mutex
	events []componentstatus.Status
}

func (h *host) Report(event *componentstatus.Event) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.events = append(h.events, event.Status())
}

func settings(t *testing.T) (exporter.Settings, *componenttest.Telemetry, *observer.ObservedLogs) {
	telemetry := componenttest.NewTelemetry()
	t.Cleanup(func() { assert.NoError(t, telemetry.Shutdown(context.Background())) })
	core, logged := observer.New(zapcore.InfoLevel)
	set := exportertest.NewNopSettings(component.MustNewType("otlp"))
	set.ID = component.MustNewIDWithName("otlp", "vendor")
	set.TelemetrySettings = telemetry.NewTelemetrySettings()
	set.Logger = zap.New(core)
	return set, telemetry, logged
}

// waiting returns the seconds that records have waited, by reason.
func waiting(t *testing.T, telemetry *componenttest.Telemetry) map[string]float64 {
	got, err := telemetry.GetMetric("otelcol_exporter_waiting_seconds")
	require.NoError(t, err)
	seconds := map[string]float64{}
	for _, point := range got.Data.(metricdata.Gauge[float64]).DataPoints {
		name, _ := point.Attributes.Value("exporter")
		assert.Equal(t, "otlp/vendor", name.AsString())
		reason, _ := point.Attributes.Value("reason")
		seconds[reason.AsString()] = point.Value
	}
	return seconds
}

func TestMetricsAreThereFromTheStart(t *testing.T) {
	set, telemetry, _ := settings(t)
	status, err := NewStatus(set, NewFlights().Waiting)
	require.NoError(t, err)
	defer status.Shutdown()
	assert.Equal(t, map[string]float64{"unreachable": 0, "throttled": 0, "sender_refused": 0}, waiting(t, telemetry))
	letters, err := telemetry.GetMetric("otelcol_exporter_dead_letter_records")
	require.NoError(t, err)
	assert.Zero(t, letters.Data.(metricdata.Sum[int64]).DataPoints[0].Value)
}

func TestOutageIsSaidOnceAndItsEndToo(t *testing.T) {
	set, telemetry, logged := settings(t)
	status, err := NewStatus(set, NewFlights().Waiting)
	require.NoError(t, err)
	defer status.Shutdown()
	h := &host{Host: componenttest.NewNopHost()}
	status.Start(h)
	said := func() (messages []string) {
		for _, entry := range logged.TakeAll() {
			messages = append(messages, entry.Level.String()+" "+entry.Message)
		}
		return messages
	}
	status.Report(nil)
	status.Report(fmt.Errorf("stopping: %w", context.Canceled))
	assert.Empty(t, said())
	for range 2 { // a second outage within the minute is said too
		for range 100 {
			status.Report(errors.New("connection refused"))
		}
		assert.Positive(t, waiting(t, telemetry)["unreachable"])
		status.Report(NewRefusal(SenderRefused, "403"))
		seconds := waiting(t, telemetry)
		assert.Zero(t, seconds["unreachable"])
		assert.Positive(t, seconds["sender_refused"])
		status.Report(nil)
		assert.Equal(t, []string{
			"warn The destination takes no records; they wait",
			"warn The destination refuses this sender; records wait until that changes",
			"info The destination takes records again",
		}, said())
		assert.Zero(t, waiting(t, telemetry)["sender_refused"])
	}
	assert.Equal(t, []componentstatus.Status{
		componentstatus.StatusRecoverableError, componentstatus.StatusOK, componentstatus.StatusRecoverableError, componentstatus.StatusOK,
	}, h.events)
	status.Report(errors.New("connection refused"))
	status.said = status.said.Add(-sayAgain)
	status.Report(errors.New("connection refused"))
	assert.Len(t, said(), 2, "and each minute")
}

// newHelper returns an exporter of exporterhelper's that pushes so.
func newHelper(t *testing.T, set exporter.Settings, flights *Flights, retries bool, change func(*exporterhelper.QueueBatchConfig),
	push func(context.Context, plog.Logs) error,
) exporter.Logs {
	queue := DefaultQueue()
	if change != nil {
		change(queue.Get())
	}
	set.Logger = HelperLogger(set.Logger, queue)
	retry := DefaultRetry()
	retry.Enabled = retries
	logs, err := exporterhelper.NewLogs(t.Context(), set, &struct{ configretry.BackOffConfig }{}, push,
		exporterhelper.WithTimeout(exporterhelper.TimeoutConfig{}), exporterhelper.WithRetry(retry), exporterhelper.WithQueue(queue))
	require.NoError(t, err)
	around := flights.Around(logs)
	require.NoError(t, around.Start(t.Context(), componenttest.NewNopHost()))
	return around
}

func TestDestinationThatHangsDoesNotHoldUpTheEnd(t *testing.T) {
	set, _, logged := settings(t)
	flights := NewFlights()
	hangs := make(chan struct{}, 1)
	logs := newHelper(t, set, flights, true, nil, func(ctx context.Context, _ plog.Logs) error {
		ctx, cancel := flights.Bound(ctx)
		defer cancel()
		hangs <- struct{}{}
		<-ctx.Done()
		<-hangs
		return ctx.Err()
	})
	answer := make(chan error, 1)
	go func() { answer <- logs.ConsumeLogs(context.Background(), records(3)) }()
	require.Eventually(t, func() bool { return len(hangs) == 1 }, 5*time.Second, time.Millisecond)
	assert.EqualValues(t, 3, flights.Waiting())
	begun := time.Now()
	require.NoError(t, logs.Shutdown(t.Context()))
	assert.Less(t, time.Since(begun), 2*time.Second)
	require.Error(t, <-answer, "what is not answered for is not acknowledged")
	assert.Zero(t, flights.Waiting())
	assert.Zero(t, logged.FilterMessageSnippet("data").Len(), "nothing is dropped: %v", logged.All())
}

func TestDroppedIsSaidOnlyWhereDataIsDropped(t *testing.T) {
	refuse := func(context.Context, plog.Logs) error { return consumererror.NewPermanent(errors.New("no")) }
	set, _, logged := settings(t)
	waits := newHelper(t, set, NewFlights(), true, nil, refuse)
	require.Error(t, waits.ConsumeLogs(t.Context(), records(1)))
	require.NoError(t, waits.Shutdown(t.Context()))
	assert.Zero(t, logged.FilterMessageSnippet("data").Len(), "it is given back")
	drops := newHelper(t, set, NewFlights(), true, func(q *exporterhelper.QueueBatchConfig) { q.WaitForResult = false }, refuse)
	require.NoError(t, drops.ConsumeLogs(t.Context(), records(1)))
	require.NoError(t, drops.Shutdown(t.Context()))
	assert.Equal(t, 1, logged.FilterMessageSnippet("Dropping data").Len())
}
