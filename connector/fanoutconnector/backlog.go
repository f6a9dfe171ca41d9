package fanoutconnector

import (
	"context"
	"errors"
	"time"

	"go.opentelemetry.io/collector/exporter/exporterhelper"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.uber.org/zap"

	"github.com/mina-observability/otelcol-mina/connector/fanoutconnector/internal/queue"
)

const (
	// maxDraining is how many bytes of a queue are on their way at a time: what an
	// exporter makes one request of, and what a kill repeats.
	maxDraining = 700_000
	// storagePause is how long a disk that cannot be used is left alone.
	storagePause = time.Second
)

var (
	encoder plog.ProtoMarshaler
	decoder plog.ProtoUnmarshaler
)

// put waits for room in the queue, also on a disk that is full: the other queues may
// have the batch already, and would have it twice. An item that is out is delivered
// already by somebody else.
func (l *lane) put(ctx context.Context, value []byte, out bool) (uint64, error) {
	for said := false; ; said = true {
		sequence, err := l.queue.Put(ctx, value, out)
		if err == nil || errors.Is(err, exporterhelper.ErrQueueIsFull) {
			return sequence, err
		}
		if !said {
			l.logger.Warn("Cannot write to the queue on disk; the source waits", zap.Error(err))
		}
		select {
		case <-time.After(storagePause):
		case <-ctx.Done():
			return 0, err
		}
	}
}

// enqueue puts a batch into the queue. That of an unwaited pipeline makes nobody wait.
func (l *lane) enqueue(ctx context.Context, value []byte, records int) error {
	if l.unwaited {
		if _, err := l.queue.Offer(ctx, value, false); err != nil {
			l.drop(records, err)
		}
		return nil
	}
	_, err := l.put(ctx, value, false)
	return err
}

// drain delivers the queue's items, the oldest first, until the lane stops.
func (l *lane) drain() {
	for {
		item, err := l.queue.Next(l.accepting)
		switch {
		case l.accepting.Err() != nil:
			return
		case errors.Is(err, queue.ErrMissing):
			l.skip(item, err)
		case err != nil:
			l.logger.Warn("Cannot read the queue on disk; trying again", zap.Error(err))
			l.queue.Release(item.Sequence)
			select {
			case <-time.After(storagePause):
			case <-l.accepting.Done():
			}
		default:
			l.work.Go(func() { l.send(item) })
		}
	}
}

// send delivers one item.
func (l *lane) send(item queue.Item) {
	batch, err := decoder.UnmarshalLogs(item.Value)
	if err != nil {
		l.skip(item, err)
		return
	}
	records := batch.LogRecordCount()
	l.health.offered(records)
	batch.MarkReadOnly()
	err = l.deliver(l.offering, batch)
	l.health.answered(records, err)
	l.settle(item.Sequence, err)
}

// skip passes over an item that cannot be read.
func (l *lane) skip(item queue.Item, err error) {
	l.logger.Error("A batch of the queue on disk cannot be read, and is lost", zap.Uint64("item", item.Sequence), zap.Int("bytes", len(item.Value)), zap.Error(err))
	l.count(l.counters.FanoutUnreadableItems, 1)
	l.settle(item.Sequence, nil)
}

// settle says what has become of an item.
func (l *lane) settle(sequence uint64, err error) {
	if err != nil {
		l.queue.Release(sequence)
		return
	}
	if err := l.queue.Done(context.Background(), sequence); err != nil {
		l.logger.Warn("A delivered batch stays in the queue on disk for now; after a restart it is sent again", zap.Error(err))
	}
	if l.queue.Len() == 0 && l.spilling.Swap(false) {
		l.logger.Info("The queue on disk is empty")
	}
}
