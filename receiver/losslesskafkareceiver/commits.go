package losslesskafkareceiver

import (
	"cmp"
	"context"
	"sync"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
	"go.uber.org/zap"
)

const (
	// requestTimeout bounds a request of ours to the brokers.
	requestTimeout = 5 * time.Second
	// commitPause is between two tries.
	commitPause = time.Second
)

// commits tells the group how far partitions are answered for: what has been answered for
// while one request was on its way is in the next.
type commits struct {
	client *kgo.Client
	health *health
	// due has room for one: there is something to commit.
	due chan struct{}
	// one is held while a request is on its way, so that none for a partition arrives after
	// the partition is given up.
	one sync.Mutex
}

// wake says that there is something to commit.
func (c *commits) wake() {
	select {
	case c.due <- struct{}{}:
	default:
	}
}

// run commits what is due, of the partitions that there are then.
func (c *commits) run(ctx context.Context, partitions func() []*partition) {
	for {
		select {
		case <-c.due:
		case <-ctx.Done():
			return
		}
		c.one.Lock()
		err := c.commit(ctx, partitions())
		c.one.Unlock()
		if ctx.Err() != nil {
			return
		}
		if err == nil {
			c.health.works()
			continue
		}
		c.health.fails(err)
		select {
		case <-time.After(commitPause):
			c.wake()
		case <-ctx.Done():
			return
		}
	}
}

// last commits for partitions that are being given up.
func (c *commits) last(ctx context.Context, partitions []*partition) {
	c.one.Lock()
	defer c.one.Unlock()
	if err := c.commit(ctx, partitions); err != nil {
		c.health.seldom.Warn("Cannot commit offsets of partitions that are given up; their next reader gets some messages again", zap.Error(err))
	}
}

func (c *commits) commit(ctx context.Context, partitions []*partition) (err error) {
	offsets, due := map[string]map[int32]kgo.EpochOffset{}, map[*partition]kgo.EpochOffset{}
	for _, p := range partitions {
		offset, uncommitted := p.uncommitted()
		if !uncommitted {
			continue
		}
		if offsets[p.topic] == nil {
			offsets[p.topic] = map[int32]kgo.EpochOffset{}
		}
		offsets[p.topic][p.partition], due[p] = offset, offset
	}
	ctx, cancel := context.WithTimeout(ctx, requestTimeout)
	defer cancel()
	known := map[place]bool{}
	c.client.CommitOffsetsSync(ctx, offsets, func(_ *kgo.Client, _ *kmsg.OffsetCommitRequest, response *kmsg.OffsetCommitResponse, failure error) {
		if err = failure; err != nil {
			return
		}
		for _, topic := range response.Topics {
			for _, partition := range topic.Partitions {
				refusal := kerr.ErrorForCode(partition.ErrorCode)
				known[place{topic.Topic, partition.Partition}] = refusal == nil
				err = cmp.Or(err, refusal)
			}
		}
	})
	for p, offset := range due {
		if err == nil || known[p.place] {
			p.commit(offset)
		}
	}
	return err
}
