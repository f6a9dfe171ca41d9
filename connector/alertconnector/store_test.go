package alertconnector

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/extension/xextension/storage"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.uber.org/zap"
)

// broken is a storage that takes nothing, and tells how much it was to take.
type broken struct {
	memoryClient
	offered chan int
}

func (b broken) Batch(_ context.Context, operations ...*storage.Operation) error {
	b.offered <- len(operations)
	return storage.ErrStorageFull
}

func TestAStorageThatFailsIsOfferedNoMoreThanThereCanBe(t *testing.T) {
	came := 0
	s := newStore(zap.NewNop(), func() {}, func() map[string][]byte {
		items := map[string][]byte{"here": {1}}
		for range mostDeletions / 2 {
			came++
			items[keyOf(groupKind, "gone", uint64(came))] = nil
		}
		return items
	}, func() {})
	offered := make(chan int)
	s.client = broken{memoryClient{newMemory()}, offered}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { s.commit(ctx); close(done) }()
	for range 5 {
		select {
		case n := <-offered:
			assert.LessOrEqual(t, n, mostDeletions)
			assert.Positive(t, n)
		case <-time.After(patience):
			t.Fatal("nothing is offered")
		}
	}
	cancel()
	for {
		select {
		case <-offered:
		case <-done:
			return
		}
	}
}

func TestNoMoreGroupsAreTakenOverThanThereMayBe(t *testing.T) {
	const rules = `rules: {R: {kind: count, condition: 'true', window: 1h, threshold: 1, group_by: [client.address], max_groups: %d}}`
	keep := newMemory()
	a := start(t, fmt.Sprintf(rules, 100), keep, begin.Add(time.Minute))
	a.give(every(100, time.Millisecond, func(at time.Duration) logged { return failedLogin(at, at.String()) })...)
	a.stop()
	b := start(t, fmt.Sprintf(rules, 10), keep, begin.Add(time.Minute))
	b.give(failedLogin(time.Second, "99ms"))
	assert.Equal(t, []string{"firing R 1s client.address=99ms"}, b.said(), "the latest are known")
	assert.Len(t, keep.ofKind(groupKind), 10)
}

// ofKind returns the keys of what is stored of a kind.
func (m *memory) ofKind(kind string) (keys []string) {
	for key := range m.copied().items {
		if of, _, _, _ := parseKey(key); of == kind {
			keys = append(keys, key)
		}
	}
	return keys
}

// What an alert has said at its beginning is long, and does not change.
func TestTheBeginningOfAnAlertIsStoredOnce(t *testing.T) {
	keep := newMemory()
	long := logged{severity: plog.SeverityNumberFatal, logger: "app", body: strings.Repeat("x", 1000)}
	a := start(t, four, keep, begin)
	a.give(long)
	long.at = time.Second
	a.give(long)
	require.Len(t, a.said(), 1)
	require.Len(t, keep.ofKind(firingKind), 1)
	for _, key := range keep.ofKind(groupKind) {
		assert.Less(t, len(keep.copied().items[key]), 300)
	}
	without := keep.copied()
	delete(without.items, without.ofKind(firingKind)[0])
	a.pass(time.Hour)
	require.Len(t, a.said(), 2)
	assert.Empty(t, keep.ofKind(firingKind))

	b := start(t, four, without, begin.Add(2*time.Second))
	assert.Empty(t, b.said(), "an alert of which nobody knows what it said")
	assert.Len(t, without.ofKind(groupKind), 1, "that of the errors")
}
