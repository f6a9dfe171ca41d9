package fanoutconnector

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componentstatus"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/connector"
	"go.opentelemetry.io/collector/connector/connectortest"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/consumer/consumererror"
	"go.opentelemetry.io/collector/exporter/exporterhelper"
	"go.opentelemetry.io/collector/extension/xextension/storage"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pipeline"
	"go.uber.org/zap"
	zaplogs "go.uber.org/zap/zaptest/observer"

	"github.com/mina-observability/otelcol-mina/connector/fanoutconnector/internal/metadata"
	"github.com/mina-observability/otelcol-mina/internal/ending"
)

const deadline = 20 * time.Second

func init() { firstPause = 5 * time.Millisecond }

func eventually(t testing.TB, condition func() bool, message string) {
	t.Helper()
	require.Eventually(t, condition, deadline, 2*time.Millisecond, message)
}

// destinationDouble takes records as it is told to.
type destinationDouble struct {
	mutates bool
	// answer, if there is one, says what becomes of a batch before any is taken.
	answer atomic.Pointer[func(ctx context.Context, batch plog.Logs) error]

	mu     sync.Mutex
	bodies []string
}

func (d *destinationDouble) set(answer func(context.Context, plog.Logs) error) {
	d.answer.Store(&answer)
}

func (d *destinationDouble) Capabilities() consumer.Capabilities {
	return consumer.Capabilities{MutatesData: d.mutates}
}

func (d *destinationDouble) ConsumeLogs(ctx context.Context, batch plog.Logs) error {
	bodies := bodiesOf(batch)
	if answer := d.answer.Load(); answer != nil {
		if err := (*answer)(ctx, batch); err != nil {
			return err
		}
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.bodies = append(d.bodies, bodies...)
	if d.mutates { // as an exporter that makes batches takes them apart
		plog.NewLogs().MoveTo(batch)
	}
	return nil
}

func (d *destinationDouble) taken() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return append([]string(nil), d.bodies...)
}

var (
	errDown    = errors.New("connection refused")
	errRefused = consumererror.NewPermanent(errors.New("400 Bad Request"))
)

func fails(err error) func(context.Context, plog.Logs) error {
	return func(context.Context, plog.Logs) error { return err }
}

func hangs(ctx context.Context, _ plog.Logs) error {
	<-ctx.Done()
	return ctx.Err()
}

// refuses refuses batches that hold a record with such a body.
func refuses(poison string) func(context.Context, plog.Logs) error {
	return func(_ context.Context, batch plog.Logs) error {
		for _, body := range bodiesOf(batch) {
			if body == poison {
				return errRefused
			}
		}
		return nil
	}
}

func batchOf(bodies ...string) plog.Logs {
	l := plog.NewLogs()
	records := l.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords()
	for _, body := range bodies {
		records.AppendEmpty().Body().SetStr(body)
	}
	return l
}

func bodiesOf(batch plog.Logs) (bodies []string) {
	for _, rl := range batch.ResourceLogs().All() {
		for _, sl := range rl.ScopeLogs().All() {
			for _, record := range sl.LogRecords().All() {
				bodies = append(bodies, record.Body().Str())
			}
		}
	}
	return bodies
}

// memory is a storage extension whose clients outlive the connector.
type memory struct {
	component.StartFunc
	component.ShutdownFunc
	mu      sync.Mutex
	clients map[string]*memoryClient
}

type memoryClient struct {
	mu   sync.Mutex
	kept map[string][]byte
	full bool
}

func (m *memory) GetClient(_ context.Context, _ component.Kind, _ component.ID, name string) (storage.Client, error) {
	return m.client(name), nil
}

func (m *memory) client(name string) *memoryClient {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.clients == nil {
		m.clients = map[string]*memoryClient{}
	}
	if m.clients[name] == nil {
		m.clients[name] = &memoryClient{kept: map[string][]byte{}}
	}
	return m.clients[name]
}

func (c *memoryClient) len() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.kept)
}

func (c *memoryClient) setFull(full bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.full = full
}

func (c *memoryClient) Batch(_ context.Context, operations ...*storage.Operation) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, operation := range operations {
		switch {
		case operation.Type == storage.Get:
			operation.Value = c.kept[operation.Key]
		case c.full:
			return storage.ErrStorageFull
		case operation.Type == storage.Set:
			c.kept[operation.Key] = operation.Value
		default:
			delete(c.kept, operation.Key)
		}
	}
	return nil
}

func (c *memoryClient) Get(ctx context.Context, key string) ([]byte, error) {
	get := storage.GetOperation(key)
	err := c.Batch(ctx, get)
	return get.Value, err
}

func (c *memoryClient) Set(ctx context.Context, key string, value []byte) error {
	return c.Batch(ctx, storage.SetOperation(key, value))
}

func (c *memoryClient) Delete(ctx context.Context, key string) error {
	return c.Batch(ctx, storage.DeleteOperation(key))
}

func (c *memoryClient) Walk(_ context.Context, fn storage.WalkFunc) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	for key, value := range c.kept {
		if _, err := fn(key, value); err != nil {
			return err
		}
	}
	return nil
}

func (c *memoryClient) Close(context.Context) error { return nil }

// watcher is a health check.
type watcher struct {
	component.StartFunc
	component.ShutdownFunc
	mu     sync.Mutex
	status map[string]componentstatus.Status
}

func (w *watcher) ComponentStatusChanged(source *componentstatus.InstanceID, event *componentstatus.Event) {
	w.mu.Lock()
	defer w.mu.Unlock()
	source.AllPipelineIDs(func(id pipeline.ID) bool {
		if w.status == nil {
			w.status = map[string]componentstatus.Status{}
		}
		w.status[id.String()] = event.Status()
		return true
	})
}

func (w *watcher) of(name string) componentstatus.Status {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.status[name]
}

type host struct {
	component.Host
	extensions map[component.ID]component.Component
}

func (h host) GetExtensions() map[component.ID]component.Component { return h.extensions }

// setup is a connector and what is around it.
type setup struct {
	connector.Logs
	cfg     *Config
	storage *memory
	watcher *watcher
	metrics *componenttest.Telemetry
	logged  *zaplogs.ObservedLogs
	stop    func()
}

var storageID = component.MustNewID("memory")

// fanOut starts a connector to the destinations a, b, …
func fanOut(t *testing.T, keep *memory, change func(*Config), destinations ...consumer.Logs) *setup {
	t.Helper()
	s := &setup{cfg: createDefaultConfig().(*Config), storage: keep, watcher: &watcher{}, metrics: componenttest.NewTelemetry()}
	t.Cleanup(func() { assert.NoError(t, s.metrics.Shutdown(context.Background())) })
	s.cfg.DeadLetter.Directory = t.TempDir()
	s.cfg.SpillAfter = 20 * time.Millisecond
	extensions := map[component.ID]component.Component{component.MustNewID("watcher"): s.watcher}
	if keep != nil {
		s.cfg.Storage = &storageID
		extensions[storageID] = keep
	}
	if change != nil {
		change(s.cfg)
	}
	require.NoError(t, s.cfg.Validate())
	byID := map[pipeline.ID]consumer.Logs{}
	for i, d := range destinations {
		byID[pipeline.NewIDWithName(pipeline.SignalLogs, string(rune('a'+i)))] = d
	}
	set := connectortest.NewNopSettings(metadata.Type)
	set.TelemetrySettings = s.metrics.NewTelemetrySettings()
	core, logged := zaplogs.New(zap.InfoLevel)
	set.Logger, s.logged = zap.New(core), logged
	var err error
	s.Logs, err = NewFactory().CreateLogsToLogs(t.Context(), set, s.cfg, connector.NewLogsRouter(byID))
	require.NoError(t, err)
	require.NoError(t, s.Start(t.Context(), host{componenttest.NewNopHost(), extensions}))
	s.stop = sync.OnceFunc(func() { assert.NoError(t, s.Shutdown(context.Background())) })
	t.Cleanup(s.stop)
	return s
}

func queued(c *Config) { c.Delivery = Queued }

// deadLetters returns the text of a destination's dead-letter file.
func (s *setup) deadLetters(name string) string {
	text, _ := os.ReadFile(filepath.Join(s.cfg.DeadLetter.Directory, "fanout_logs_"+name+".jsonl"))
	return string(text)
}

func TestPipelineThatWaitsDoesNotHoldUpTheOthers(t *testing.T) {
	held := make(chan struct{})
	waits := func(context.Context, plog.Logs) error { <-held; return nil }
	all := []*destinationDouble{{}, {}, {mutates: true}, {mutates: true}}
	all[0].set(waits)
	all[2].set(waits)
	s := fanOut(t, nil, nil, all[0], all[1], all[2], all[3])
	answered := make(chan error, 1)
	go func() { answered <- s.ConsumeLogs(t.Context(), batchOf("x")) }()
	eventually(t, func() bool { return len(all[1].taken()) == 1 && len(all[3].taken()) == 1 }, "held up")
	assert.Empty(t, answered, "without a storage it is not answered before every pipeline has")
	close(held)
	require.NoError(t, <-answered)
}

func TestPipelinesThatChangeRecordsGetACopy(t *testing.T) {
	changes, looks := &destinationDouble{mutates: true}, &destinationDouble{}
	s := fanOut(t, nil, nil, changes, looks, changes, looks)
	assert.False(t, s.Capabilities().MutatesData)
	require.NoError(t, s.ConsumeLogs(t.Context(), batchOf("x")))
	assert.Equal(t, []string{"x", "x"}, looks.taken())
	assert.Equal(t, []string{"x", "x"}, changes.taken())
}

func TestTheOnlyPipelineGetsTheRecordsThemselves(t *testing.T) {
	changes := &destinationDouble{mutates: true}
	s := fanOut(t, &memory{}, nil, changes)
	assert.True(t, s.Capabilities().MutatesData)
	l := batchOf("x")
	require.NoError(t, s.ConsumeLogs(t.Context(), l))
	assert.Zero(t, l.LogRecordCount())
}

func TestTheOnlyPipelineAnswersItself(t *testing.T) {
	d := &destinationDouble{}
	d.set(fails(errDown))
	s := fanOut(t, &memory{}, nil, d)
	require.ErrorIs(t, s.ConsumeLogs(t.Context(), batchOf("x")), errDown)
}

func TestWhatTheLiveOneHasIsNotSentToItAgain(t *testing.T) {
	live, dead := &destinationDouble{}, &destinationDouble{}
	var tries atomic.Int32
	dead.set(func(context.Context, plog.Logs) error {
		if tries.Add(1) == 1 {
			return errDown
		}
		return nil
	})
	s := fanOut(t, nil, nil, live, dead)
	require.NoError(t, s.ConsumeLogs(t.Context(), batchOf("x")))
	assert.Equal(t, []string{"x"}, live.taken())
	assert.Equal(t, []string{"x"}, dead.taken())
}

func TestDeadDestinationSpillsAndComesBack(t *testing.T) {
	for name, fault := range map[string]func(context.Context, plog.Logs) error{"hangs": hangs, "fails": fails(errDown)} {
		t.Run(name, func(t *testing.T) {
			live, dead, keep := &destinationDouble{}, &destinationDouble{}, &memory{}
			dead.set(fault)
			s := fanOut(t, keep, nil, live, dead)
			for _, body := range []string{"1", "2", "3"} {
				require.NoError(t, s.ConsumeLogs(t.Context(), batchOf(body)))
			}
			assert.Equal(t, []string{"1", "2", "3"}, live.taken())
			assert.Equal(t, 3, keep.client("logs/b").len())
			s.stop()
			dead.set(fails(nil))
			s = fanOut(t, keep, nil, live, dead)
			eventually(t, func() bool { return keep.client("logs/b").len() == 0 }, "drained")
			assert.ElementsMatch(t, []string{"1", "2", "3"}, dead.taken())
			require.NoError(t, s.ConsumeLogs(t.Context(), batchOf("4")))
			assert.Len(t, dead.taken(), 4, "it is acknowledged again")
		})
	}
}

func TestAttemptThatSucceedsAfterAllTakesItsItemOut(t *testing.T) {
	live, slow, keep, held := &destinationDouble{}, &destinationDouble{}, &memory{}, make(chan struct{})
	slow.set(func(context.Context, plog.Logs) error { <-held; return nil })
	s := fanOut(t, keep, nil, live, slow)
	request, answered := context.WithCancel(t.Context())
	require.NoError(t, s.ConsumeLogs(request, batchOf("x")))
	answered() // as an HTTP request ends
	assert.Equal(t, 1, keep.client("logs/b").len())
	close(held)
	eventually(t, func() bool { return keep.client("logs/b").len() == 0 }, "it is taken out")
	assert.Equal(t, []string{"x"}, slow.taken())
}

func TestWithoutALiveDestinationTheSourceWaits(t *testing.T) {
	one, other, keep := &destinationDouble{}, &destinationDouble{}, &memory{}
	one.set(fails(errDown))
	other.set(hangs)
	s := fanOut(t, keep, nil, one, other)
	request, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	require.Error(t, s.ConsumeLogs(request, batchOf("x")))
	assert.Zero(t, keep.client("logs/a").len()+keep.client("logs/b").len())
}

func TestFullQueueOfADeadDestinationMakesTheSourceWait(t *testing.T) {
	live, dead, keep := &destinationDouble{}, &destinationDouble{}, &memory{}
	dead.set(hangs)
	s := fanOut(t, keep, func(c *Config) { c.QueueBytes = 1 }, live, dead)
	require.NoError(t, s.ConsumeLogs(t.Context(), batchOf("1")), "one item fits always")
	request, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	require.ErrorIs(t, s.ConsumeLogs(request, batchOf("2")), exporterhelper.ErrQueueIsFull)
}

func TestQueuedIsAnsweredByTheQueues(t *testing.T) {
	for count := 1; count <= 2; count++ {
		t.Run(fmt.Sprint(count), func(t *testing.T) {
			keep, all := &memory{}, []*destinationDouble{{}, {}}[:count]
			var next []consumer.Logs
			for _, d := range all {
				d.set(hangs)
				next = append(next, d)
			}
			s := fanOut(t, keep, queued, next...)
			for _, body := range []string{"1", "2"} {
				require.NoError(t, s.ConsumeLogs(t.Context(), batchOf(body)))
			}
			assert.Equal(t, 2, keep.client("logs/a").len())
			s.stop()
			for _, d := range all {
				d.set(fails(nil))
			}
			fanOut(t, keep, queued, next...)
			for _, d := range all {
				eventually(t, func() bool { return len(d.taken()) == 2 }, "delivered")
			}
			eventually(t, func() bool { return keep.client("logs/a").len() == 0 }, "and deleted")
		})
	}
}

func TestFullQueueIsTold(t *testing.T) {
	d := &destinationDouble{}
	d.set(hangs)
	s := fanOut(t, &memory{}, func(c *Config) { c.Delivery, c.QueueBytes = Queued, 1 }, d)
	require.NoError(t, s.ConsumeLogs(t.Context(), batchOf("1")))
	request, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	require.ErrorIs(t, s.ConsumeLogs(request, batchOf("2")), exporterhelper.ErrQueueIsFull)
}

func TestRestartsOnAFullDiskLoseNothing(t *testing.T) {
	d, keep := &destinationDouble{}, &memory{}
	d.set(hangs)
	s := fanOut(t, keep, queued, d)
	for i := range 20 {
		require.NoError(t, s.ConsumeLogs(t.Context(), batchOf(fmt.Sprint(i))))
	}
	keep.client("logs/a").setFull(true)
	for range 3 {
		s.stop()
		s = fanOut(t, keep, queued, d)
	}
	s.stop()
	d.set(fails(nil))
	s = fanOut(t, keep, queued, d)
	eventually(t, func() bool { return len(d.taken()) == 20 }, "all are sent from where they are")
	s.stop()
	keep.client("logs/a").setFull(false)
	fanOut(t, keep, queued, d)
	eventually(t, func() bool { return keep.client("logs/a").len() == 0 }, "and deleted in the end")
}

func TestDamagedItemGoesAlone(t *testing.T) {
	d, keep := &destinationDouble{}, &memory{}
	client := keep.client("logs/a")
	good, err := encoder.MarshalLogs(batchOf("good"))
	require.NoError(t, err)
	client.kept["0000000000000000"], client.kept["0000000000000001"] = []byte("no protobuf"), good
	fanOut(t, keep, nil, d)
	eventually(t, func() bool { return client.len() == 0 }, "both are gone")
	assert.Equal(t, []string{"good"}, d.taken())
}

// deliveries are the ways in which records may come to be refused.
var deliveries = map[string]func(*testing.T, *memory, ...consumer.Logs) *setup{
	"acknowledged": func(t *testing.T, _ *memory, d ...consumer.Logs) *setup { return fanOut(t, nil, nil, d...) },
	"queued":       func(t *testing.T, keep *memory, d ...consumer.Logs) *setup { return fanOut(t, keep, queued, d...) },
	"acknowledged by several": func(t *testing.T, keep *memory, d ...consumer.Logs) *setup {
		return fanOut(t, keep, nil, append(d, &destinationDouble{})...)
	},
}

// offerUntilTaken is a source.
func offerUntilTaken(t *testing.T, s *setup, bodies ...string) {
	t.Helper()
	eventually(t, func() bool {
		err := s.ConsumeLogs(t.Context(), batchOf(bodies...))
		assert.False(t, consumererror.IsPermanent(err), "a source may pass over what is refused for good")
		return err == nil
	}, "taken in the end")
}

func TestRefusedRecordIsBuriedAndTheOthersAreDeliveredOnce(t *testing.T) {
	for name, start := range deliveries {
		for _, mutates := range []bool{true, false} {
			t.Run(fmt.Sprintf("%s, mutates %v", name, mutates), func(t *testing.T) {
				d := &destinationDouble{mutates: mutates}
				d.set(refuses("poison"))
				s := start(t, &memory{}, d)
				offerUntilTaken(t, s, "1", "2", "poison", "3", "4")
				eventually(t, func() bool { return s.deadLetters("a") != "" }, "buried")
				eventually(t, func() bool { return len(d.taken()) == 4 }, "the others")
				assert.ElementsMatch(t, []string{"1", "2", "3", "4"}, d.taken())
				assert.Contains(t, s.deadLetters("a"), "poison")
				assert.NotContains(t, s.deadLetters("a"), `"3"`)
			})
		}
	}
}

func TestRefusedSenderLosesNothing(t *testing.T) {
	for name, start := range deliveries {
		t.Run(name, func(t *testing.T) {
			d := &destinationDouble{mutates: true}
			var refused atomic.Int32
			d.set(func(context.Context, plog.Logs) error { refused.Add(1); return errRefused })
			s := start(t, &memory{}, d)
			var source sync.WaitGroup
			for i := range 5 {
				source.Go(func() { offerUntilTaken(t, s, fmt.Sprint(i), fmt.Sprint(i+5)) })
			}
			eventually(t, func() bool { return refused.Load() > 50 }, "it is refused time and again")
			assert.Empty(t, s.deadLetters("a"))
			d.set(fails(nil)) // the operator has added the permission
			source.Wait()
			eventually(t, func() bool { return len(d.taken()) == 10 }, "all of them")
			assert.Empty(t, s.deadLetters("a"))
		})
	}
}

func TestRefusedBatchIsBuriedOnceOthersAreTaken(t *testing.T) {
	d, keep := &destinationDouble{}, &memory{}
	d.set(refuses("poison"))
	s := fanOut(t, keep, queued, d)
	require.NoError(t, s.ConsumeLogs(t.Context(), batchOf("poison")))
	eventually(t, func() bool {
		return assert.NoError(t, s.ConsumeLogs(t.Context(), batchOf("good"))) && s.deadLetters("a") != ""
	}, "buried")
	eventually(t, func() bool { return keep.client("logs/a").len() == 0 }, "the queue is empty")
	assert.Contains(t, s.deadLetters("a"), "poison")
	assert.NotContains(t, s.deadLetters("a"), "good")
}

func TestHealthIsByAcknowledgement(t *testing.T) {
	live, dead := &destinationDouble{}, &destinationDouble{}
	dead.set(hangs)
	s := fanOut(t, &memory{}, nil, live, dead)
	require.NoError(t, s.ConsumeLogs(t.Context(), batchOf("x")))
	eventually(t, func() bool { return s.watcher.of("logs/b") == componentstatus.StatusRecoverableError }, "told")
	assert.NotEqual(t, componentstatus.StatusRecoverableError, s.watcher.of("logs/a"))
}

func TestShutdownDoesNotWaitForADestinationThatHangs(t *testing.T) {
	deaf := func(context.Context, plog.Logs) error { time.Sleep(4 * time.Second); return nil }
	for name, fault := range map[string]func(context.Context, plog.Logs) error{"hangs": hangs, "fails": fails(errDown), "deaf": deaf} {
		t.Run(name, func(t *testing.T) {
			d := &destinationDouble{}
			d.set(fault)
			s := fanOut(t, &memory{}, queued, d)
			require.NoError(t, s.ConsumeLogs(t.Context(), batchOf("x")))
			begin := time.Now()
			s.stop()
			assert.Less(t, time.Since(begin), stopGrace+ending.AbandonAfter+time.Second)
			s.Logs.(*logs).lanes[0].work.Wait()
		})
	}
}

func BenchmarkTheOnlyPipeline(b *testing.B) {
	next, err := consumer.NewLogs(func(context.Context, plog.Logs) error { return nil })
	require.NoError(b, err)
	c, err := NewFactory().CreateLogsToLogs(b.Context(), connectortest.NewNopSettings(metadata.Type), createDefaultConfig(),
		connector.NewLogsRouter(map[pipeline.ID]consumer.Logs{pipeline.NewID(pipeline.SignalLogs): next}))
	require.NoError(b, err)
	batch := batchOf("x")
	b.ReportAllocs()
	for b.Loop() {
		if err := c.ConsumeLogs(b.Context(), batch); err != nil {
			b.Fatal(err)
		}
	}
}
