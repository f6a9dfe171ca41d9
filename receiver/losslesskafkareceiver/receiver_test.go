package losslesskafkareceiver

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kmsg"
)

func TestANewGroupBeginsWithTheOldestMessage(t *testing.T) {
	t.Parallel()
	k := startKafka(t, 1)
	k.write(t, 0, message(t, 0, 2), message(t, 2, 3))
	p := &pipeline{}
	start(t, configFor(t, k), p)
	eventually(t, func() bool { return len(p.taken()) == 3 }, "what was there before the group")
	assert.Equal(t, []string{"record 0", "record 1", "record 2"}, p.taken())
	eventually(t, func() bool { return k.committed(t, 0) == 2 }, "the offset")
}

func TestNothingIsCommittedBeforeItIsAnsweredFor(t *testing.T) {
	t.Parallel()
	k := startKafka(t, 1)
	p := &pipeline{}
	p.answers(func(_ context.Context, bodies []string) error {
		if slices.Contains(bodies, "record 1") {
			return errRefused
		}
		return nil
	})
	cfg := configFor(t, k)
	r := start(t, cfg, p)
	k.write(t, 0, message(t, 0, 1))
	eventually(t, func() bool { return k.committed(t, 0) == 1 }, "the first")
	k.write(t, 0, message(t, 1, 2), message(t, 2, 3))
	eventually(t, func() bool { return r.logs.FilterMessageSnippet("wait in Kafka").Len() > 0 }, "a refusal")
	require.NoError(t, r.Shutdown(t.Context()))
	assert.EqualValues(t, 1, k.committed(t, 0))
	assert.Equal(t, []string{"record 0"}, p.taken())

	p.answers(nil)
	start(t, cfg, p)
	eventually(t, func() bool { return len(p.taken()) == 3 }, "the rest")
	assert.Equal(t, []string{"record 0", "record 1", "record 2"}, p.taken())
	eventually(t, func() bool { return k.committed(t, 0) == 3 }, "all")
}

// TestSmallMessagesAreHandedOnTogether: what comes while a batch is on its way is the next.
func TestSmallMessagesAreHandedOnTogether(t *testing.T) {
	t.Parallel()
	const messages = 1000
	k := startKafka(t, 1)
	p := &pipeline{}
	p.answers(func(context.Context, []string) error { time.Sleep(20 * time.Millisecond); return nil }) // the way to a destination and back
	start(t, configFor(t, k), p)
	var all [][]byte
	for i := range messages {
		all = append(all, message(t, i, i+1))
	}
	k.write(t, 0, all...)
	eventually(t, func() bool { return len(p.taken()) == messages }, "all")
	assert.Less(t, p.batches, 20)
	for i, body := range p.taken() {
		require.Equal(t, fmt.Sprint("record ", i), body)
	}
	eventually(t, func() bool { return k.committed(t, 0) == messages }, "all")
}

func TestAPartitionStaysInOrderWhateverIsRefused(t *testing.T) {
	t.Parallel()
	const messages = 300
	k := startKafka(t, 3)
	p := &pipeline{}
	p.answers(func(context.Context, []string) error {
		if rand.IntN(3) == 0 {
			return errRefused
		}
		return nil
	})
	cfg := configFor(t, k)
	cfg.MaxBatch = minBatch
	start(t, cfg, p)
	for i := range messages {
		k.write(t, int32(i%3), message(t, i, i+1))
	}
	eventually(t, func() bool { return len(p.taken()) == messages }, "all")
	last := map[int]int{}
	for _, body := range p.taken() {
		var n int
		_, err := fmt.Sscanf(body, "record %d", &n)
		require.NoError(t, err)
		assert.Equal(t, last[n%3], n/3, body)
		last[n%3]++
	}
}

func TestBatchesAndWhatIsInFlightAreBounded(t *testing.T) {
	t.Parallel()
	k := startKafka(t, 4)
	p := &pipeline{}
	release := make(chan struct{})
	var longest int
	var mu sync.Mutex
	p.answers(func(_ context.Context, bodies []string) error {
		mu.Lock()
		longest = max(longest, len(bodies))
		mu.Unlock()
		<-release
		return nil
	})
	cfg := configFor(t, k)
	cfg.MaxBatch, cfg.MaxInFlight = 4<<10, 16<<10
	r := start(t, cfg, p)
	each := message(t, 0, 10)
	for partition := range int32(4) {
		for range 20 {
			k.write(t, partition, slices.Repeat([][]byte{each}, 20)...)
		}
	}
	budget := r.Logs.(*kafkaReceiver).budget
	used := func() int64 { budget.mu.Lock(); defer budget.mu.Unlock(); return budget.used }
	eventually(t, func() bool { return used() >= 16<<10 }, "as much as may be in flight")
	close(release)
	eventually(t, func() bool { return len(p.taken()) == 4*20*20*10 }, "all")
	eventually(t, func() bool { return used() == 0 }, "nothing in flight")
	assert.LessOrEqual(t, longest, 4<<10/len(each)*10)
}

func TestAMemberThatComesGetsPartitionsAndNothingIsLostOrTwice(t *testing.T) {
	t.Parallel()
	const partitions, messages = 4, 400
	k := startKafka(t, partitions)
	p := &pipeline{}
	cfg := configFor(t, k)
	start(t, cfg, p)
	other := *cfg
	other.GroupInstanceID += "-other"
	q := &pipeline{}
	for i := range messages {
		if i == messages/4 {
			start(t, &other, q)
		}
		k.write(t, int32(i%partitions), message(t, i, i+1))
		time.Sleep(time.Millisecond) // so that the group changes in the middle
	}
	eventually(t, func() bool { return len(q.taken()) > 0 || len(p.taken()) == messages }, "the other has some")
	eventually(t, func() bool { return len(p.taken())+len(q.taken()) >= messages }, "all")
	all := append(p.taken(), q.taken()...)
	slices.Sort(all)
	assert.Len(t, slices.Compact(all), messages)
}

// TestAMemberThatIsGoneIsReplaced: its session has to end first.
func TestAMemberThatIsGoneIsReplaced(t *testing.T) {
	t.Parallel()
	const partitions = 4
	k := startKafka(t, partitions, kfake.GroupMinSessionTimeout(time.Second))
	p, q := &pipeline{}, &pipeline{}
	cfg := configFor(t, k)
	cfg.SessionTimeout = time.Second
	r := start(t, cfg, p)
	other := *cfg
	other.GroupInstanceID += "-other"
	second := start(t, &other, q)
	held := func(r *running) int { return len(r.Logs.(*kafkaReceiver).all()) }
	eventually(t, func() bool { return held(r) == partitions/2 && held(second) == partitions/2 }, "a half each")
	require.NoError(t, r.Shutdown(t.Context()))
	eventually(t, func() bool { return held(second) == partitions }, "all")
	for i := range int32(partitions) {
		k.write(t, i, message(t, int(i), int(i)+1))
	}
	eventually(t, func() bool { return len(q.taken()) == partitions }, "from all")
}

// TestALostSessionRepeatsNothing that was delivered and could not be committed any more.
func TestALostSessionRepeatsNothing(t *testing.T) {
	t.Parallel()
	k := startKafka(t, 1, kfake.GroupMinSessionTimeout(time.Second))
	p := &pipeline{}
	cfg := configFor(t, k)
	cfg.SessionTimeout = time.Second
	r := start(t, cfg, p)
	k.write(t, 0, message(t, 0, 1))
	eventually(t, func() bool { return k.committed(t, 0) == 1 }, "the first")
	before := r.Logs.(*kafkaReceiver).all()[0]

	restored := refusing(kmsg.OffsetCommit, kerr.IllegalGeneration)(t, k, nil)
	k.write(t, 0, message(t, 1, 2))
	eventually(t, func() bool { return len(p.taken()) == 2 }, "the second")
	ended := refusing(kmsg.Heartbeat, kerr.UnknownMemberID)(t, k, nil)
	eventually(t, func() bool { return before.accepting.Err() != nil }, "the session is lost")
	ended()
	restored()
	k.write(t, 0, message(t, 2, 3))
	eventually(t, func() bool { return k.committed(t, 0) == 3 }, "all")
	assert.Equal(t, []string{"record 0", "record 1", "record 2"}, p.taken())
}

func TestStopsInTimeWhateverThePipelineDoes(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]func(context.Context, []string) error{
		"waits":   func(ctx context.Context, _ []string) error { <-ctx.Done(); return ctx.Err() },
		"refuses": refuse,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			k := startKafka(t, 1)
			p := &pipeline{}
			called := make(chan struct{}, 100)
			p.answers(func(ctx context.Context, bodies []string) error { called <- struct{}{}; return answer(ctx, bodies) })
			r := start(t, configFor(t, k), p)
			k.write(t, 0, message(t, 0, 1))
			<-called
			begin := time.Now()
			require.NoError(t, r.Shutdown(t.Context()))
			assert.Less(t, time.Since(begin), giveUpGrace+2*time.Second)
			assert.Less(t, k.committed(t, 0), int64(1))
		})
	}
}

func TestMessagesThatAreGoneAreCounted(t *testing.T) {
	t.Parallel()
	k := startKafka(t, 1)
	p := &pipeline{}
	cfg := configFor(t, k)
	r := start(t, cfg, p)
	k.write(t, 0, message(t, 0, 1))
	eventually(t, func() bool { return k.committed(t, 0) == 1 }, "one")
	require.NoError(t, r.Shutdown(t.Context()))
	k.write(t, 0, message(t, 1, 2), message(t, 2, 3), message(t, 3, 4))
	request := kmsg.NewPtrDeleteRecordsRequest()
	request.Topics = []kmsg.DeleteRecordsRequestTopic{{Topic: topic, Partitions: []kmsg.DeleteRecordsRequestTopicPartition{{Partition: 0, Offset: 3}}}}
	_, err := request.RequestWith(t.Context(), k.client)
	require.NoError(t, err)
	again := start(t, cfg, p)
	eventually(t, func() bool { return len(p.taken()) == 2 }, "what is left")
	said := again.logs.FilterMessageSnippet("Messages were not there any more").All()
	require.Len(t, said, 1)
	assert.EqualValues(t, 2, said[0].ContextMap()["messages"])
	assert.Equal(t, "record 3", p.taken()[1])
	assert.True(t, strings.HasPrefix(p.taken()[0], "record 0"))
}
