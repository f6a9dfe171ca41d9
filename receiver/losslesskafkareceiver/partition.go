package losslesskafkareceiver

import (
	"context"
	"sync"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
)

// place names a partition.
type place struct {
	topic     string
	partition int32
}

// partition is one that this member of the group has: what is fetched of it, in order,
// and up to where it is answered for. One batch of it is on its way at a time, which keeps
// the order; what comes meanwhile is the next one.
type partition struct {
	place

	mu sync.Mutex
	// fetched are the messages that are not answered for, of which the first ones are on
	// their way.
	fetched []*kgo.Record
	sending int
	// next is the offset that is expected next, or -1 if any may be.
	next int64
	// end is the offset of the next message that is written, as far as is known.
	end int64
	// answered is the offset up to which everything is answered for, and committed that
	// which the group knows.
	answered, committed kgo.EpochOffset

	// arrived has room for one: there is more to send.
	arrived chan struct{}

	// accepting ends when the partition is given up, offering when the grace is over.
	accepting, offering         context.Context
	stopAccepting, stopOffering context.CancelFunc
	work                        sync.WaitGroup
}

func newPartition(at place) *partition {
	p := &partition{place: at, next: -1, arrived: make(chan struct{}, 1)}
	p.answered.Offset, p.committed.Offset = -1, -1
	p.accepting, p.stopAccepting = context.WithCancel(context.Background())
	p.offering, p.stopOffering = context.WithCancel(context.Background())
	return p
}

// begin says at which offset the partition is read first. One below 0 is none.
func (p *partition) begin(offset int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.next = max(offset, -1)
}

// resume says up to where the partition is answered for already.
func (p *partition) resume(answered kgo.EpochOffset) {
	p.begin(answered.Offset)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.answered = answered
}

// add takes messages that were fetched, and returns their bytes and how many offsets in
// front of and between them have none.
func (p *partition) add(messages []*kgo.Record, end int64) (bytes, missing int64) {
	p.mu.Lock()
	for _, message := range messages {
		if p.next >= 0 {
			missing += max(message.Offset-p.next, 0)
		}
		p.next = message.Offset + 1
		bytes += int64(len(message.Value))
	}
	p.fetched = append(p.fetched, messages...)
	p.end = max(p.end, end)
	p.mu.Unlock()
	select {
	case p.arrived <- struct{}{}:
	default:
	}
	return bytes, missing
}

// take waits for messages and returns as many as a batch may have bytes of, or one that is
// longer; none when the partition is given up.
func (p *partition) take(most int64) []*kgo.Record {
	for p.accepting.Err() == nil {
		if batch := p.batch(most); len(batch) > 0 {
			return batch
		}
		select {
		case <-p.arrived:
		case <-p.accepting.Done():
		}
	}
	return nil
}

func (p *partition) batch(most int64) []*kgo.Record {
	p.mu.Lock()
	defer p.mu.Unlock()
	var bytes int64
	for i, message := range p.fetched {
		bytes += int64(len(message.Value))
		if bytes > most && i > 0 {
			break
		}
		p.sending = i + 1
	}
	return p.fetched[:p.sending:p.sending]
}

// answer notes that the batch on its way is answered for, and returns its bytes: none if
// the partition was given up before that.
func (p *partition) answer() (bytes int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.sending == 0 {
		return 0
	}
	last := p.fetched[p.sending-1]
	p.answered = kgo.EpochOffset{Epoch: last.LeaderEpoch, Offset: last.Offset + 1}
	bytes = bytesOf(p.fetched[:p.sending])
	clear(p.fetched[:p.sending]) // which the array would keep
	p.fetched, p.sending = p.fetched[p.sending:], 0
	return bytes
}

// drop forgets what is not answered for, and returns its bytes.
func (p *partition) drop() (bytes int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	bytes = bytesOf(p.fetched)
	p.fetched, p.sending = nil, 0
	return bytes
}

// uncommitted returns the offset that the group does not know yet.
func (p *partition) uncommitted() (kgo.EpochOffset, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.answered, p.answered.Offset > p.committed.Offset
}

func (p *partition) commit(offset kgo.EpochOffset) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.committed = offset
}

// behind returns how many messages are not answered for, and since when the oldest of
// those that were fetched has been in Kafka, or the zero time.
func (p *partition) behind() (messages int64, oldest time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.fetched) == 0 {
		return max(p.end-p.next, 0), oldest
	}
	return max(p.end-p.fetched[0].Offset, 0), p.fetched[0].Timestamp
}

func bytesOf(messages []*kgo.Record) (bytes int64) {
	for _, message := range messages {
		bytes += int64(len(message.Value))
	}
	return bytes
}
