package alertmanagerexporter

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/extension/xextension/storage"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"go.uber.org/zap/zaptest/observer"
)

// memory is a storage that outlives the exporter.
type memory struct {
	component.StartFunc
	component.ShutdownFunc
	mu      sync.Mutex
	kept    map[string]string
	batches int
	err     error
	hanging chan struct{}
}

func (m *memory) GetClient(context.Context, component.Kind, component.ID, string) (storage.Client, error) {
	return m, nil
}

func (m *memory) Batch(_ context.Context, operations ...*storage.Operation) error {
	m.mu.Lock()
	hanging := m.hanging
	m.mu.Unlock()
	if hanging != nil {
		<-hanging
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.batches++
	for _, operation := range operations {
		switch {
		case operation.Type == storage.Get:
			if value, ok := m.kept[operation.Key]; ok {
				operation.Value = []byte(value)
			}
		case m.err != nil:
			return m.err
		case operation.Type == storage.Set:
			m.kept[operation.Key] = string(operation.Value)
		default:
			delete(m.kept, operation.Key)
		}
	}
	return nil
}

func (m *memory) Walk(_ context.Context, visit storage.WalkFunc) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	for key, value := range m.kept {
		if _, err := visit(key, []byte(value)); err != nil {
			return err
		}
	}
	return nil
}

func (m *memory) Get(context.Context, string) ([]byte, error) { return nil, errors.New("not used") }
func (m *memory) Set(context.Context, string, []byte) error   { return errors.New("not used") }
func (m *memory) Delete(context.Context, string) error        { return errors.New("not used") }
func (m *memory) Close(context.Context) error                 { return nil }

func (m *memory) set(err error, hanging chan struct{}) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.err, m.hanging = err, hanging
}

func (m *memory) all() map[string]string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return maps.Clone(m.kept)
}

func observed() (*zap.Logger, *observer.ObservedLogs) {
	core, logged := observer.New(zapcore.InfoLevel)
	return zap.New(core), logged
}

// stored are alerts as the storage has them.
func stored(t *testing.T, alerts ...*alert) *memory {
	t.Helper()
	m := &memory{kept: map[string]string{}}
	table := newTable(100, 1, time.Minute)
	for _, a := range alerts {
		table.put(a)
	}
	s := newStore(m, table, zap.NewNop())
	s.save(alerts)
	require.NoError(t, s.write(t.Context()))
	return m
}

func TestAlertsComeBackFromTheStorage(t *testing.T) {
	m := stored(t, state("a", 0), state("b", 1, 2))
	table := newTable(100, 1, time.Minute)
	require.NoError(t, newStore(m, table, zap.NewNop()).load(t.Context()))
	for _, want := range []*alert{state("a", 0), state("b", 1, 2)} {
		assert.Equal(t, want, table.get(want.Fingerprint))
	}
	batch, _ := table.due(0, minute(3))
	assert.Len(t, batch, 2, "each Alertmanager is told everything")
}

func TestWhatCannotBeReadIsPassedOverAndSaid(t *testing.T) {
	for name, test := range map[string]struct{ value, said string }{
		"no JSON":         {"\x00", "invalid character"},
		"half of it":      {`{"starts": "2026-11-26T`, "unexpected end"},
		"no name":         {`{"starts": "2026-11-26T12:00:00Z", "received": "2026-11-26T12:00:00Z"}`, "it has no name or no times"},
		"no start":        {`{"labels": {"alertname": "a"}, "received": "2026-11-26T12:00:00Z"}`, "it has no name or no times"},
		"no end":          {`{"labels": {"alertname": "a"}, "resolved": true, "starts": "2026-11-26T12:00:00Z", "received": "2026-11-26T12:00:00Z"}`, "it has no name or no times"},
		"another release": {`{"version": 2, "labels": {"alertname": "a"}}`, "a newer release has written it"},
	} {
		t.Run(name, func(t *testing.T) {
			m := stored(t, state("good", 0))
			m.kept[keyPrefix+"bad"] = test.value
			logger, logged := observed()
			table := newTable(100, 1, time.Minute)
			s := newStore(m, table, logger)
			require.NoError(t, s.load(t.Context()))
			assert.NotNil(t, table.get("good"))
			assert.Nil(t, table.get("bad"))
			entries := logged.FilterMessage("A stored alert cannot be read and is passed over").All()
			require.Len(t, entries, 1)
			assert.Equal(t, keyPrefix+"bad", entries[0].ContextMap()["key"])
			assert.Contains(t, entries[0].ContextMap()["error"], test.said)
			require.NoError(t, s.write(t.Context()))
			assert.Len(t, m.all(), 1, "it is removed")
		})
	}
}

func TestMoreIsStoredThanMayBeKept(t *testing.T) {
	m := stored(t, state("a", 0, 1), state("b", 1), state("c", 2, 3), state("d", 3))
	logger, logged := observed()
	table := newTable(3, 1, time.Minute)
	s := newStore(m, table, logger)
	require.NoError(t, s.load(t.Context()))
	assert.EqualValues(t, 2, table.active(), "what fires comes first")
	assert.NotNil(t, table.get("a"))
	assert.Equal(t, 1, logged.FilterMessageSnippet("more stored alerts than max_alerts").Len())
	require.NoError(t, s.write(t.Context()))
	assert.Len(t, m.all(), 3)
}

func TestSaveThatFailsIsDoneLater(t *testing.T) {
	m := stored(t)
	table := newTable(100, 1, time.Minute)
	table.put(state("a", 0))
	s := newStore(m, table, zap.NewNop())
	m.set(storage.ErrStorageFull, nil)
	saved := s.save([]*alert{state("a", 0)})
	require.ErrorIs(t, s.write(t.Context()), storage.ErrStorageFull)
	<-saved
	require.ErrorIs(t, s.failure(), storage.ErrStorageFull)
	m.set(nil, nil)
	require.NoError(t, s.write(t.Context()))
	require.NoError(t, s.failure())
	assert.Len(t, m.all(), 1)
	table.put(state("a", 0, 1))
	table.expire(minute(2))
	s.save([]*alert{state("a", 0, 1)})
	require.NoError(t, s.write(t.Context()))
	assert.Empty(t, m.all(), "what is gone is removed")
}

// FuzzParseAlert reads whatever a damaged storage has.
func FuzzParseAlert(f *testing.F) {
	for _, a := range []*alert{state("a", 0), state("b", 0, 1)} {
		value, err := json.Marshal(a)
		require.NoError(f, err)
		f.Add(value)
	}
	f.Fuzz(func(t *testing.T, value []byte) {
		a, err := parseAlert("a", value)
		if err != nil {
			return
		}
		require.NotEmpty(t, a.name())
		m := message{alert: a}
		sent := m.wire(noon, time.Minute)
		require.False(t, sent.EndsAt.Before(sent.StartsAt))
	})
}
