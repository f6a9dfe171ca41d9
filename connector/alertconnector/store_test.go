package alertconnector

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"go.opentelemetry.io/collector/extension/xextension/storage"
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
	kinds := map[string]int{}
	for key := range keep.copied().items {
		kind, _, _, _ := parseKey(key)
		kinds[kind]++
	}
	assert.Equal(t, 10, kinds[groupKind])
}
