package alertconnector

import (
	"context"
	"maps"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/connector"
	"go.opentelemetry.io/collector/connector/connectortest"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/extension/xextension/storage"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.yaml.in/yaml/v3"
)

// patience is how long tests wait for what must come.
const patience = 10 * time.Second

// begin is when the tests take place.
var begin = time.Date(2025, 10, 1, 16, 0, 0, 0, time.UTC)

// memory is a storage extension whose items outlive the connector.
type memory struct {
	component.StartFunc
	component.ShutdownFunc

	failing atomic.Bool
	mu      sync.Mutex
	items   map[string][]byte
	// killed is called in place of a write, when so many are left.
	left   int
	killed func()
}

func newMemory() *memory { return &memory{items: map[string][]byte{}} }

func (m *memory) GetClient(context.Context, component.Kind, component.ID, string) (storage.Client, error) {
	return memoryClient{m}, nil
}

// copied is a memory as a kill leaves it now.
func (m *memory) copied() *memory {
	m.mu.Lock()
	defer m.mu.Unlock()
	return &memory{items: maps.Clone(m.items)}
}

type memoryClient struct{ *memory }

func (c memoryClient) Batch(_ context.Context, operations ...*storage.Operation) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if writes(operations) {
		if c.left--; c.left == 0 && c.killed != nil {
			c.failing.Store(true)
			c.killed()
		}
		if c.failing.Load() {
			return storage.ErrStorageFull
		}
	}
	for _, operation := range operations {
		switch operation.Type {
		case storage.Get:
			operation.Value = c.items[operation.Key]
		case storage.Set:
			c.items[operation.Key] = slices.Clone(operation.Value)
		case storage.Delete:
			delete(c.items, operation.Key)
		}
	}
	return nil
}

func writes(operations []*storage.Operation) bool {
	return slices.ContainsFunc(operations, func(o *storage.Operation) bool { return o.Type != storage.Get })
}

func (c memoryClient) Get(ctx context.Context, key string) ([]byte, error) {
	get := storage.GetOperation(key)
	err := c.Batch(ctx, get)
	return get.Value, err
}

func (c memoryClient) Set(ctx context.Context, key string, value []byte) error {
	return c.Batch(ctx, storage.SetOperation(key, value))
}

func (c memoryClient) Delete(ctx context.Context, key string) error {
	return c.Batch(ctx, storage.DeleteOperation(key))
}

func (c memoryClient) Walk(_ context.Context, visit storage.WalkFunc) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, key := range slices.Sorted(maps.Keys(c.items)) {
		if _, err := visit(key, c.items[key]); err != nil {
			return err
		}
	}
	return nil
}

func (memoryClient) Close(context.Context) error { return nil }

type host struct {
	extensions map[component.ID]component.Component
}

func (h host) GetExtensions() map[component.ID]component.Component { return h.extensions }

var memoryID = component.MustNewID("memory")

// alerts is a connector whose clock stands still unless it is told.
type alerts struct {
	t testing.TB
	connector.Logs
	ruler *ruler
	sink  *consumertest.LogsSink
	clock atomic.Int64
	ended bool
}

func configOf(t testing.TB, text string) *Config {
	t.Helper()
	var raw map[string]any
	require.NoError(t, yaml.Unmarshal([]byte(text), &raw))
	cfg := createDefaultConfig().(*Config)
	require.NoError(t, confmap.NewFromStringMap(raw).Unmarshal(cfg))
	return cfg
}

// start starts a connector with rules, at a time.
func start(t testing.TB, rules string, keep *memory, at time.Time) *alerts {
	t.Helper()
	cfg := configOf(t, rules)
	require.NoError(t, cfg.Validate())
	extensions := map[component.ID]component.Component{}
	if keep != nil {
		cfg.Storage = &memoryID
		extensions[memoryID] = keep
	}
	a := &alerts{t: t, sink: new(consumertest.LogsSink)}
	a.clock.Store(at.UnixNano())
	set := connectortest.NewNopSettings(component.MustNewType("alert"))
	set.TelemetrySettings = componenttest.NewNopTelemetrySettings()
	logs, err := NewFactory().CreateLogsToLogs(t.Context(), set, cfg, a.sink)
	require.NoError(t, err)
	a.Logs, a.ruler = logs, logs.(*instance).ruler
	a.ruler.now = func() time.Time { return time.Unix(0, a.clock.Load()) }
	require.NoError(t, logs.Start(t.Context(), host{extensions}))
	t.Cleanup(a.stop)
	return a
}

func (a *alerts) stop() {
	if !a.ended {
		a.ended = true
		require.NoError(a.t, a.Shutdown(context.Background()))
	}
}

// give hands over records as one batch.
func (a *alerts) give(records ...logged) {
	a.t.Helper()
	require.NoError(a.t, a.ConsumeLogs(a.t.Context(), batchOf(records...)))
}

// pass lets time pass, by the clock.
func (a *alerts) pass(d time.Duration) {
	a.clock.Add(int64(d))
	if a.ruler.evaluator.tick(a.ruler.now()) {
		a.ruler.store.ask()
	}
}

// said returns what has been handed on, as "firing NAME at OFFSET", once nothing waits.
func (a *alerts) said() []string {
	a.t.Helper()
	a.ruler.store.ask()
	require.NoError(a.t, a.ruler.store.await(a.t.Context()))
	require.Eventually(a.t, a.ruler.outbox.empty, patience, time.Millisecond)
	return a.handedOn()
}

// handedOn returns what has been handed on so far.
func (a *alerts) handedOn() []string {
	said := []string{}
	for _, logs := range a.sink.AllLogs() {
		for _, rl := range logs.ResourceLogs().All() {
			for _, record := range rl.ScopeLogs().At(0).LogRecords().All() {
				said = append(said, describe(record))
			}
		}
	}
	return said
}

// describe tells a transition by what matters, its times since begin.
func describe(record plog.LogRecord) string {
	text := func(name string) string {
		value, ok := record.Attributes().Get(name)
		if !ok {
			return ""
		}
		return value.AsString()
	}
	said := text("alert.state") + " " + text("alert.name") + " " + since(text("alert.starts_at"))
	if ended := text("alert.ends_at"); ended != "" {
		said += ".." + since(ended)
	}
	var labels []string
	for name, value := range record.Attributes().All() {
		if label, ok := strings.CutPrefix(name, "alert.labels."); ok && label != "severity" {
			labels = append(labels, label+"="+value.AsString())
		}
	}
	slices.Sort(labels)
	return strings.TrimSpace(said + " " + strings.Join(labels, " "))
}

func since(text string) string {
	at, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		return err.Error()
	}
	return at.Sub(begin).String()
}

// logged is a record of the tests.
type logged struct {
	at         time.Duration // since begin
	severity   plog.SeverityNumber
	body       string
	attributes map[string]any
	uid        string
	logger     string
}

func batchOf(records ...logged) plog.Logs {
	logs := plog.NewLogs()
	rl := logs.ResourceLogs().AppendEmpty()
	rl.Resource().Attributes().PutInt("process.pid", 7)
	for i, l := range records {
		scope := rl.ScopeLogs().AppendEmpty()
		scope.Scope().SetName(l.logger)
		record := scope.LogRecords().AppendEmpty()
		record.SetTimestamp(pcommon.NewTimestampFromTime(begin.Add(l.at)))
		record.SetObservedTimestamp(pcommon.NewTimestampFromTime(begin.Add(l.at)) + pcommon.Timestamp(i))
		record.SetSeverityNumber(l.severity)
		record.Body().SetStr(l.body)
		_ = record.Attributes().FromRaw(l.attributes)
		if l.uid != "" {
			record.Attributes().PutStr(uid, l.uid)
		}
	}
	return logs
}
