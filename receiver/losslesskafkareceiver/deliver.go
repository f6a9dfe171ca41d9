package losslesskafkareceiver

import (
	"context"
	"time"

	"github.com/cenkalti/backoff/v5"
	"github.com/twmb/franz-go/pkg/kgo"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.uber.org/zap"

	"github.com/mina-observability/otelcol-mina/internal/destination"
)

// encoding is what the collector's own metrics call the format of the messages.
const encoding = "otlp"

// unreadable is why a message is a dead letter.
const unreadable = "unreadable"

// The pause after the first try, which grows to the last.
const (
	firstPause = 200 * time.Millisecond
	lastPause  = 10 * time.Second
)

// send hands on what is fetched of a partition, a batch at a time, until the partition is
// given up.
func (r *kafkaReceiver) send(p *partition) {
	most := int64(r.cfg.MaxBatch)
	for batch := p.take(most); batch != nil; batch = p.take(most) {
		if !r.deliver(p, batch) {
			return
		}
		r.budget.give(p.answer())
		r.commits.wake()
	}
}

// deliver returns true when the pipeline has the records of a batch, and the dead-letter
// file what is none, and false when the partition is given up before that.
func (r *kafkaReceiver) deliver(p *partition, batch []*kgo.Record) bool {
	records, others := readAll(batch)
	for _, other := range others {
		if !r.insist(p, func() error { return r.bury(other) }) {
			return false
		}
	}
	return r.insist(p, func() error {
		err := r.offer(p, records)
		if err != nil {
			records, _ = readAll(batch) // who has refused them may have changed them
		}
		return err
	})
}

// insist tries something until it is done, or the partition is given up.
func (r *kafkaReceiver) insist(p *partition, try func() error) bool {
	pause := backoff.NewExponentialBackOff()
	pause.InitialInterval, pause.MaxInterval = firstPause, lastPause
	pause.Reset()
	for {
		err := try()
		if err == nil {
			return true
		}
		if p.offering.Err() != nil {
			return false
		}
		r.seldom.Warn("Messages wait in Kafka; they are offered again", zap.String("topic", p.topic), zap.Int32("partition", p.partition), zap.Error(err))
		select {
		case <-time.After(pause.NextBackOff()):
		case <-p.accepting.Done():
			return false
		}
	}
}

func (r *kafkaReceiver) offer(p *partition, records plog.Logs) error {
	n := records.LogRecordCount()
	if n == 0 {
		return nil
	}
	ctx := r.report.StartLogsOp(p.offering)
	err := r.next.ConsumeLogs(ctx, records)
	r.report.EndLogsOp(ctx, encoding, n, err)
	return err
}

// bury writes a message that is no OTLP logs to the dead-letter file.
func (r *kafkaReceiver) bury(other unread) error {
	message := other.message
	if err := r.deadLetters.Write(letterOf(message), destination.Cause{Reason: unreadable, Answer: other.err.Error()}); err != nil {
		return err
	}
	r.telemetry.ReceiverLosslessKafkaUnreadableMessages.Add(context.Background(), 1, ofTopic(message.Topic))
	r.seldom.Error("A message is no OTLP logs; it is in the dead-letter file, and its partition goes on",
		zap.String("topic", message.Topic), zap.Int32("partition", message.Partition), zap.Int64("offset", message.Offset),
		zap.Int("bytes", len(message.Value)), zap.Error(other.err), zap.String("file", r.deadLetters.Path()))
	return nil
}
