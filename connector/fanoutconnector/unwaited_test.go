package fanoutconnector

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/connector"
	"go.opentelemetry.io/collector/connector/connectortest"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pipeline"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	"go.opentelemetry.io/otel/sdk/metric/metricdata/metricdatatest"

	"github.com/mina-observability/otelcol-mina/connector/fanoutconnector/internal/metadata"
	"github.com/mina-observability/otelcol-mina/connector/fanoutconnector/internal/metadatatest"
)

// unwaited lets the pipelines with these names be late.
func unwaited(names ...string) func(*Config) {
	return func(c *Config) {
		for _, name := range names {
			c.Unwaited = append(c.Unwaited, pipeline.NewIDWithName(pipeline.SignalLogs, name))
		}
	}
}

// full is a storage in which a pipeline's queue has no room.
func full(name string) *memory {
	keep := &memory{}
	keep.client(name).setFull(true)
	return keep
}

// dropped holds how many records the pipeline b has not got.
func (s *setup) dropped(t *testing.T, records int) {
	t.Helper()
	metadatatest.AssertEqualFanoutDroppedRecords(t, s.metrics, []metricdata.DataPoint[int64]{
		{Value: int64(records), Attributes: attribute.NewSet(attribute.String("pipeline", "logs/b"))},
	}, metricdatatest.IgnoreTimestamp())
}

// faults are the ways in which a destination takes nothing.
var faults = map[string]func(context.Context, plog.Logs) error{"hangs": hangs, "fails": fails(errDown), "refuses": fails(errRefused)}

func TestUnwaitedPipelineThatTakesNothingHoldsUpNobodyAndGetsAllInTheEnd(t *testing.T) {
	for fault, answer := range faults {
		for _, delivery := range []Delivery{Acknowledged, Queued} {
			t.Run(fmt.Sprint(fault, ", ", delivery), func(t *testing.T) {
				t.Parallel()
				live, page, keep := &destinationDouble{}, &destinationDouble{}, &memory{}
				page.set(answer)
				change := func(c *Config) { unwaited("b")(c); c.Delivery, c.SpillAfter = delivery, time.Hour }
				s := fanOut(t, keep, change, live, page)
				for _, body := range []string{"1", "2", "3"} {
					require.NoError(t, s.ConsumeLogs(t.Context(), batchOf(body)))
				}
				eventually(t, func() bool { return len(live.taken()) == 3 }, "the other has them")
				assert.Equal(t, 3, keep.client("logs/b").len())
				s.stop()
				page.set(fails(nil))
				s = fanOut(t, keep, change, live, page)
				eventually(t, func() bool { return keep.client("logs/b").len() == 0 }, "drained by the next process")
				require.NoError(t, s.ConsumeLogs(t.Context(), batchOf("4")))
				eventually(t, func() bool { return len(page.taken()) == 4 }, "and it is at once again")
				assert.ElementsMatch(t, []string{"1", "2", "3", "4"}, page.taken())
			})
		}
	}
}

// Where every destination takes nothing the source waits for those that it has to wait
// for, and the page has what it was offered meanwhile.
func TestUnwaitedPipelineIsInItsQueueWhileTheSourceWaitsForTheOthers(t *testing.T) {
	dead, page, keep := &destinationDouble{}, &destinationDouble{}, &memory{}
	dead.set(hangs)
	page.set(hangs)
	s := fanOut(t, keep, unwaited("b"), dead, page)
	answered := make(chan error, 1)
	request, giveUp := context.WithCancel(t.Context())
	go func() { answered <- s.ConsumeLogs(request, batchOf("x")) }()
	eventually(t, func() bool { return keep.client("logs/b").len() == 1 }, "set aside")
	assert.Empty(t, answered, "a queue of the page is no destination that has records")
	assert.Zero(t, keep.client("logs/a").len())
	giveUp()
	require.Error(t, <-answered)
}

func TestUnwaitedPipelineDropsWhatItsQueueHasNoRoomFor(t *testing.T) {
	for name, c := range map[string]struct {
		storage *memory
		change  func(*Config)
		// kept is how many batches wait: on disk, or as an attempt.
		kept int
	}{
		"the queue is full, acknowledged": {&memory{}, func(c *Config) { c.QueueBytes = 1 }, 1},
		"the queue is full, queued":       {&memory{}, func(c *Config) { queued(c); c.QueueBytes = 1 }, 1},
		"the disk is full, acknowledged":  {full("logs/b"), func(*Config) {}, 1},
		"the disk is full, queued":        {full("logs/b"), queued, 0},
		"there is no storage":             {nil, func(*Config) {}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			live, page := &destinationDouble{}, &destinationDouble{}
			page.set(hangs)
			s := fanOut(t, c.storage, func(cfg *Config) { c.change(cfg); unwaited("b")(cfg) }, live, page)
			s.dropped(t, 0)
			for i := range 4 {
				require.NoError(t, s.ConsumeLogs(t.Context(), batchOf(fmt.Sprint(i), "and another")))
				eventually(t, func() bool { return len(live.taken()) == 2*(i+1) }, "the other has it")
			}
			s.dropped(t, 2*(4-c.kept))
			assert.Equal(t, 1, s.logged.FilterMessageSnippet("otelcol_fanout_dropped_records").Len(), "which is said once")
		})
	}
}

func TestUnwaitedPipelineWithoutAStorageTakesRecordsAgain(t *testing.T) {
	live, page, held := &destinationDouble{}, &destinationDouble{}, make(chan struct{})
	page.set(func(context.Context, plog.Logs) error { <-held; return nil })
	s := fanOut(t, nil, unwaited("b"), live, page)
	for _, body := range []string{"late", "dropped"} {
		require.NoError(t, s.ConsumeLogs(t.Context(), batchOf(body)))
	}
	close(held)
	eventually(t, func() bool { return len(page.taken()) == 1 }, "the attempt has gone on")
	eventually(t, func() bool {
		require.NoError(t, s.ConsumeLogs(t.Context(), batchOf("at once")))
		return len(page.taken()) > 1
	}, "and it takes records again")
	assert.NotContains(t, page.taken(), "dropped")
	assert.Contains(t, page.taken(), "late")
	s.dropped(t, len(live.taken())-len(page.taken()))
}

// As the only destination it has what nobody else has.
func TestUnwaitedPipelineIsWaitedForWhereNoOtherGetsEveryRecord(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*Config)
		beside []consumer.Logs
	}{
		"it is alone":         {unwaited("a"), nil},
		"beside another such": {unwaited("a", "b"), []consumer.Logs{&destinationDouble{}}},
		"beside an observer":  {func(c *Config) { unwaited("a")(c); observed("b")(c) }, []consumer.Logs{&destinationDouble{}}},
		"beside that of an event": {
			func(c *Config) { unwaited("a")(c); c.Events = map[string]string{"logs/b": "mina.alert"} },
			[]consumer.Logs{&destinationDouble{}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			page := &destinationDouble{}
			page.set(hangs)
			s := fanOut(t, nil, c.change, append([]consumer.Logs{page}, c.beside...)...)
			request, cancel := context.WithTimeout(t.Context(), 10*s.cfg.SpillAfter)
			defer cancel()
			require.Error(t, s.ConsumeLogs(request, batchOf("x")), "the source waits")
			page.set(fails(nil))
			require.NoError(t, s.ConsumeLogs(t.Context(), batchOf("x")))
			assert.Equal(t, []string{"x"}, page.taken())
		})
	}
}

func TestUnwaitedPipelineThatIsNoneIsNamed(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*Config)
		want   string
	}{
		"no pipeline":       {unwaited("pgae"), "unwaited: no pipeline logs/pgae begins with this connector (there are logs/page)"},
		"observer, as well": {func(c *Config) { unwaited("page")(c); observed("page")(c) }, "unwaited: the pipeline logs/page is in observers, too; it can be in one of them"},
	} {
		t.Run(name, func(t *testing.T) {
			cfg := createDefaultConfig().(*Config)
			c.change(cfg)
			_, err := NewFactory().CreateLogsToLogs(t.Context(), connectortest.NewNopSettings(metadata.Type), cfg,
				connector.NewLogsRouter(map[pipeline.ID]consumer.Logs{pipeline.NewIDWithName(pipeline.SignalLogs, "page"): &destinationDouble{}}))
			require.EqualError(t, err, c.want)
		})
	}
}

func BenchmarkUnwaitedPipelineWithoutRoom(b *testing.B) {
	taken, err := consumer.NewLogs(func(context.Context, plog.Logs) error { return nil })
	require.NoError(b, err)
	page := &destinationDouble{}
	page.set(hangs)
	cfg := createDefaultConfig().(*Config)
	unwaited("page")(cfg)
	vendor, late := pipeline.NewIDWithName(pipeline.SignalLogs, "vendor"), cfg.Unwaited[0]
	c, err := NewFactory().CreateLogsToLogs(b.Context(), connectortest.NewNopSettings(metadata.Type), cfg,
		connector.NewLogsRouter(map[pipeline.ID]consumer.Logs{vendor: taken, late: page}))
	require.NoError(b, err)
	batch := batchOf("x")
	require.NoError(b, c.ConsumeLogs(b.Context(), batch), "which finds that the page takes nothing")
	b.ReportAllocs()
	for b.Loop() {
		if err := c.ConsumeLogs(b.Context(), batch); err != nil {
			b.Fatal(err)
		}
	}
	require.NoError(b, c.Shutdown(b.Context()))
}
