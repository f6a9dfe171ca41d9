package queuestorageextension

import (
	"context"
	"errors"
	"maps"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/config/configoptional"
	"go.opentelemetry.io/collector/confmap/confmaptest"
	"go.opentelemetry.io/collector/exporter/exporterhelper"
	"go.opentelemetry.io/collector/exporter/exportertest"
	"go.opentelemetry.io/collector/extension/extensiontest"
	"go.opentelemetry.io/collector/extension/xextension/storage"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/mina-observability/otelcol-mina/extension/queuestorageextension/internal/metadata"
)

var (
	memoryID = component.MustNewID("memory")
	queueID  = component.NewID(metadata.Type)
)

// memory is a storage that dies after a number of batches, as a killed process does.
type memory struct {
	component.StartFunc
	component.ShutdownFunc
	mu      sync.Mutex
	values  map[string][]byte
	batches int
	dies    int
	// full says that nothing can be written.
	full bool
}

var (
	errDead = errors.New("the process is dead")
	errFull = errors.New("no space left on device")
)

func (m *memory) GetClient(context.Context, component.Kind, component.ID, string) (storage.Client, error) {
	return m, nil
}

func (m *memory) Get(_ context.Context, key string) ([]byte, error) {
	get := storage.GetOperation(key)
	err := m.do(get)
	return get.Value, err
}

func (m *memory) Set(_ context.Context, key string, value []byte) error {
	return m.do(storage.SetOperation(key, value))
}

func (m *memory) Delete(_ context.Context, key string) error {
	return m.do(storage.DeleteOperation(key))
}
func (m *memory) Close(context.Context) error { return nil }

func (m *memory) Batch(_ context.Context, operations ...*storage.Operation) error {
	return m.do(operations...)
}

func (m *memory) do(operations ...*storage.Operation) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.batches >= m.dies {
		return errDead
	}
	if m.full && slices.ContainsFunc(operations, func(o *storage.Operation) bool { return o.Type != storage.Get }) {
		return errFull
	}
	m.batches++
	for _, operation := range operations {
		switch operation.Type {
		case storage.Get:
			operation.Value = m.values[operation.Key]
		case storage.Set:
			m.values[operation.Key] = operation.Value
		case storage.Delete:
			delete(m.values, operation.Key)
		}
	}
	return nil
}

// die lets the process die after so many more transactions.
func (m *memory) die(after int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.dies = m.batches + after
}

func (m *memory) live() { m.die(1 << 30) }

type host struct {
	component.Host
	extensions map[component.ID]component.Component
}

func (h host) GetExtensions() map[component.ID]component.Component { return h.extensions }

// newHost returns a host with a storage, and the extension over it.
func newHost(t *testing.T, m *memory) host {
	t.Helper()
	extension, err := NewFactory().Create(t.Context(), extensiontest.NewNopSettings(metadata.Type), &Config{Storage: memoryID})
	require.NoError(t, err)
	h := host{componenttest.NewNopHost(), map[component.ID]component.Component{memoryID: m, queueID: extension}}
	require.NoError(t, extension.Start(t.Context(), h))
	return h
}

func logs(body string) plog.Logs {
	l := plog.NewLogs()
	l.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords().AppendEmpty().Body().SetStr(body)
	return l
}

// queue runs an exporter with a queue in the storage.
func queue(t *testing.T, m *memory, storageID component.ID, consumers int, push func(context.Context, plog.Logs) error, use func(send func(plog.Logs) error)) {
	t.Helper()
	settings := exporterhelper.NewDefaultQueueConfig()
	settings.StorageID, settings.NumConsumers = &storageID, consumers
	settings.Batch = configoptional.None[exporterhelper.BatchConfig]()
	exporter, err := exporterhelper.NewLogs(t.Context(), exportertest.NewNopSettings(component.MustNewType("test")), struct{}{}, push, exporterhelper.WithQueue(configoptional.Some(settings)))
	require.NoError(t, err)
	require.NoError(t, exporter.Start(t.Context(), newHost(t, m)))
	use(func(l plog.Logs) error { return exporter.ConsumeLogs(t.Context(), l) })
	_ = exporter.Shutdown(context.Background())
}

// inFlight returns a storage as a kill leaves it while several items are being sent.
func inFlight(t *testing.T, bodies []string) map[string][]byte {
	t.Helper()
	m := &memory{values: map[string][]byte{}}
	m.live()
	sending, release := make(chan struct{}, len(bodies)), make(chan struct{})
	var killed map[string][]byte
	queue(t, m, queueID, len(bodies), func(context.Context, plog.Logs) error {
		sending <- struct{}{}
		<-release
		return nil
	}, func(send func(plog.Logs) error) {
		for _, body := range bodies {
			require.NoError(t, send(logs(body)))
		}
		for range bodies {
			<-sending
		}
		m.mu.Lock()
		killed = maps.Clone(m.values)
		m.mu.Unlock()
		close(release)
	})
	return killed
}

// TestAKillAtAnyMomentOfTheStartLosesNothing kills the exporter's own queue after
// each of its batches, and starts it again.
func TestAKillAtAnyMomentOfTheStartLosesNothing(t *testing.T) {
	bodies := []string{"one", "two", "three", "four"}
	killed := inFlight(t, bodies)
	// deliveries returns how often each was delivered after two such starts.
	deliveries := func(storageID component.ID, dies int) map[string]int {
		m := &memory{values: maps.Clone(killed)}
		dead := func(context.Context, plog.Logs) error {
			m.die(0) // the kill comes while an item is being sent, at the latest
			return errDead
		}
		for range 2 {
			m.die(dies)
			queue(t, m, storageID, 1, dead, func(func(plog.Logs) error) {})
		}

		m.live()
		var mu sync.Mutex
		taken := map[string]int{}
		queue(t, m, storageID, 1, func(_ context.Context, l plog.Logs) error {
			mu.Lock()
			defer mu.Unlock()
			taken[l.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(0).Body().Str()]++
			return nil
		}, func(func(plog.Logs) error) {
			complete := func() bool { mu.Lock(); defer mu.Unlock(); return len(taken) == len(bodies) }
			for until := time.Now().Add(500 * time.Millisecond); !complete() && time.Now().Before(until); {
				time.Sleep(time.Millisecond)
			}
		})
		return taken
	}
	once := map[string]int{"one": 1, "two": 1, "three": 1, "four": 1}
	loses := false
	for dies := 1; dies <= 12; dies++ {
		assert.Equal(t, once, deliveries(queueID, dies), "killed after %d transactions", dies)
		loses = loses || len(deliveries(memoryID, dies)) < len(bodies)
	}
	assert.True(t, loses, "the queue alone does not lose anything any more: this extension can go")
}

func TestAFullDiskLosesNothingOfTheQueue(t *testing.T) {
	m := &memory{values: map[string][]byte{}}
	m.live()
	var mu sync.Mutex
	taken := map[string]bool{}
	sending, release := make(chan struct{}, 1), make(chan struct{})
	queue(t, m, queueID, 1, func(_ context.Context, l plog.Logs) error {
		select {
		case sending <- struct{}{}:
		default:
		}
		<-release
		mu.Lock()
		defer mu.Unlock()
		taken[l.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(0).Body().Str()] = true
		return nil
	}, func(send func(plog.Logs) error) {
		for _, body := range []string{"one", "two", "three"} {
			require.NoError(t, send(logs(body)))
		}
		<-sending
		m.mu.Lock()
		m.full = true
		m.mu.Unlock()
		require.Error(t, send(logs("refused")))
		close(release)
		require.Eventually(t, func() bool { mu.Lock(); defer mu.Unlock(); return taken["one"] && taken["two"] && taken["three"] },
			10*time.Second, time.Millisecond)
	})
}

func TestWhatIsMissingIsNamed(t *testing.T) {
	conf, err := confmaptest.LoadConf("testdata/config.yaml")
	require.NoError(t, err)
	for key, want := range map[string]string{"queue_storage": "", "queue_storage/missing": "storage must name a storage extension, such as file_storage"} {
		section, err := conf.Sub(key)
		require.NoError(t, err)
		cfg := createDefaultConfig().(*Config)
		require.NoError(t, section.Unmarshal(cfg))
		if err := cfg.Validate(); want == "" {
			require.NoError(t, err)
		} else {
			require.EqualError(t, err, want)
		}
	}
	for want, extensions := range map[string]map[component.ID]component.Component{
		`storage: there is no extension "memory" in service::extensions`: {},
		`storage: the extension "memory" is no storage`:                  {memoryID: &noStorage{}},
	} {
		q := &queueStorage{storage: memoryID, host: host{componenttest.NewNopHost(), extensions}}
		_, err := q.GetClient(t.Context(), component.KindExporter, memoryID, "")
		assert.EqualError(t, err, want)
	}
}

type noStorage struct {
	component.StartFunc
	component.ShutdownFunc
}
