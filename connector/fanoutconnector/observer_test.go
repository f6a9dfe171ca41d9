package fanoutconnector

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/connector"
	"go.opentelemetry.io/collector/connector/connectortest"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/exporter/exporterhelper"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pipeline"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	"go.opentelemetry.io/otel/sdk/metric/metricdata/metricdatatest"

	"github.com/mina-observability/otelcol-mina/connector/fanoutconnector/internal/metadata"
	"github.com/mina-observability/otelcol-mina/connector/fanoutconnector/internal/metadatatest"
)

// observed makes observers of the pipelines with these names.
func observed(names ...string) func(*Config) {
	return func(c *Config) {
		for _, name := range names {
			c.Observers = append(c.Observers, pipeline.NewIDWithName(pipeline.SignalLogs, name))
		}
	}
}

func TestObserverGetsEachRecordOnceItIsAnsweredFor(t *testing.T) {
	for _, delivery := range []Delivery{Acknowledged, Queued} {
		t.Run(string(delivery), func(t *testing.T) {
			destination, observer := &destinationDouble{mutates: true}, &destinationDouble{mutates: true}
			s := fanOut(t, &memory{}, func(c *Config) { observed("b")(c); c.Delivery = delivery }, destination, observer)
			batch := batchOf("x", "y")
			require.NoError(t, s.ConsumeLogs(t.Context(), batch))
			assert.Equal(t, []string{"x", "y"}, observer.taken())
			assert.Equal(t, 2, batch.LogRecordCount(), "and changes a copy")
			eventually(t, func() bool { return len(destination.taken()) == 2 }, "the destination has them too")
			assert.Zero(t, s.storage.client("logs/b").len(), "an observer has no queue")
		})
	}
}

// A destination that is down is no reason to count its records again and again, nor to
// put them on disk: an observer that has them is none that delivers them.
func TestObserverIsNoDestinationThatTakesRecords(t *testing.T) {
	dead, observer := &destinationDouble{}, &destinationDouble{}
	dead.set(fails(errDown))
	s := fanOut(t, &memory{}, observed("b"), dead, observer)
	ctx, cancel := context.WithTimeout(t.Context(), 10*s.cfg.SpillAfter)
	defer cancel()
	require.ErrorIs(t, s.ConsumeLogs(ctx, batchOf("x")), context.Canceled, "the source waits")
	assert.Zero(t, s.storage.client("logs/a").len(), "nothing spills")
	assert.Empty(t, observer.taken())
	dead.set(fails(nil))
	require.NoError(t, s.ConsumeLogs(t.Context(), batchOf("x")))
	assert.Equal(t, []string{"x"}, observer.taken())
}

func TestObserverIsNotCalledForWhatAFullQueueRefuses(t *testing.T) {
	dead, observer := &destinationDouble{}, &destinationDouble{}
	dead.set(hangs)
	s := fanOut(t, &memory{}, func(c *Config) { observed("b")(c); c.Delivery, c.QueueBytes = Queued, 1 }, dead, observer)
	require.NoError(t, s.ConsumeLogs(t.Context(), batchOf("x")))
	request, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	require.ErrorIs(t, s.ConsumeLogs(request, batchOf("y")), exporterhelper.ErrQueueIsFull)
	assert.Equal(t, []string{"x"}, observer.taken())
}

func TestObserverThatFailsHoldsUpNothing(t *testing.T) {
	telemetry := componenttest.NewTelemetry()
	t.Cleanup(func() { assert.NoError(t, telemetry.Shutdown(context.Background())) })
	destination, observer := &destinationDouble{}, &destinationDouble{}
	observer.set(fails(errRefused))
	set := connectortest.NewNopSettings(metadata.Type)
	set.TelemetrySettings = telemetry.NewTelemetrySettings()
	cfg := createDefaultConfig().(*Config)
	cfg.DeadLetter.Directory = t.TempDir()
	observed("observer")(cfg)
	a, b := pipeline.NewIDWithName(pipeline.SignalLogs, "a"), pipeline.NewIDWithName(pipeline.SignalLogs, "observer")
	c, err := NewFactory().CreateLogsToLogs(t.Context(), set, cfg, connector.NewLogsRouter(map[pipeline.ID]consumer.Logs{a: destination, b: observer}))
	require.NoError(t, err)
	require.NoError(t, c.Start(t.Context(), componenttest.NewNopHost()))
	t.Cleanup(func() { assert.NoError(t, c.Shutdown(context.Background())) })
	missed := func(records int64) {
		t.Helper()
		metadatatest.AssertEqualFanoutUnobservedRecords(t, telemetry, []metricdata.DataPoint[int64]{
			{Value: records, Attributes: attribute.NewSet(attribute.String("pipeline", "logs/observer"))},
		}, metricdatatest.IgnoreTimestamp())
	}
	missed(0)
	require.NoError(t, c.ConsumeLogs(t.Context(), batchOf("x", "y")))
	assert.Equal(t, []string{"x", "y"}, destination.taken())
	missed(2)
}

// What counts has one writer: an exporter that adds up what it is given is not made for two.
func TestObserverGetsOneBatchAtATime(t *testing.T) {
	var inside, most atomic.Int32
	observer := &destinationDouble{}
	observer.set(func(context.Context, plog.Logs) error {
		most.Store(max(most.Load(), inside.Add(1)))
		time.Sleep(time.Millisecond)
		inside.Add(-1)
		return nil
	})
	s := fanOut(t, nil, observed("b"), &destinationDouble{}, observer)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() { assert.NoError(t, s.ConsumeLogs(t.Context(), batchOf("x"))) })
	}
	all.Wait()
	assert.Len(t, observer.taken(), 8)
	assert.EqualValues(t, 1, most.Load())
}

func TestObserversAloneAreAnsweredFor(t *testing.T) {
	observer := &destinationDouble{}
	s := fanOut(t, nil, observed("a"), observer)
	require.NoError(t, s.ConsumeLogs(t.Context(), batchOf("x")))
	assert.Equal(t, []string{"x"}, observer.taken())
}

func TestObserverThatIsNoPipelineIsNamed(t *testing.T) {
	cfg := createDefaultConfig().(*Config)
	observed("metrcs")(cfg)
	_, err := NewFactory().CreateLogsToLogs(t.Context(), connectortest.NewNopSettings(metadata.Type), cfg,
		connector.NewLogsRouter(map[pipeline.ID]consumer.Logs{pipeline.NewIDWithName(pipeline.SignalLogs, "metrics"): &destinationDouble{}}))
	require.EqualError(t, err, "observers: no pipeline logs/metrcs begins with this connector (there are logs/metrics)")
}

func BenchmarkObserver(b *testing.B) {
	next, err := consumer.NewLogs(func(context.Context, plog.Logs) error { return nil })
	require.NoError(b, err)
	cfg := createDefaultConfig().(*Config)
	observed("b")(cfg)
	a, observer := pipeline.NewIDWithName(pipeline.SignalLogs, "a"), pipeline.NewIDWithName(pipeline.SignalLogs, "b")
	c, err := NewFactory().CreateLogsToLogs(b.Context(), connectortest.NewNopSettings(metadata.Type), cfg,
		connector.NewLogsRouter(map[pipeline.ID]consumer.Logs{a: next, observer: next}))
	require.NoError(b, err)
	batch := batchOf("x")
	b.ReportAllocs()
	for b.Loop() {
		if err := c.ConsumeLogs(b.Context(), batch); err != nil {
			b.Fatal(err)
		}
	}
}
