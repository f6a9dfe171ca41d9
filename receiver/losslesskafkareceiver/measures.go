package losslesskafkareceiver

import (
	"context"
	"errors"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
)

// measure lets the collector's metrics ask how far the partitions are.
func (r *kafkaReceiver) measure() error {
	receiver := attribute.String("receiver", r.id.String())
	of := func(topic string) metric.MeasurementOption {
		return metric.WithAttributes(receiver, attribute.String("topic", topic))
	}
	for _, topic := range r.cfg.Topics {
		r.telemetry.ReceiverLosslessKafkaMissingMessages.Add(context.Background(), 0, ofTopic(topic))
		r.telemetry.ReceiverLosslessKafkaUnreadableMessages.Add(context.Background(), 0, ofTopic(topic))
	}
	return errors.Join(
		r.telemetry.RegisterReceiverLosslessKafkaLagCallback(func(_ context.Context, o metric.Int64Observer) error {
			for topic, now := range r.state() {
				o.Observe(now.behind, of(topic))
			}
			return nil
		}),
		r.telemetry.RegisterReceiverLosslessKafkaOldestUnacknowledgedSecondsCallback(func(_ context.Context, o metric.Float64Observer) error {
			for topic, now := range r.state() {
				o.Observe(now.age.Seconds(), of(topic))
			}
			return nil
		}),
		r.telemetry.RegisterReceiverLosslessKafkaPartitionsCallback(func(_ context.Context, o metric.Int64Observer) error {
			for topic, now := range r.state() {
				o.Observe(now.partitions, of(topic))
			}
			return nil
		}),
	)
}

// ofTopic says which topic's messages are counted.
func ofTopic(topic string) metric.MeasurementOption {
	return metric.WithAttributes(attribute.String("topic", topic))
}

// state is how far the partitions of a topic are.
type state struct {
	partitions, behind int64
	age                time.Duration
}

func (r *kafkaReceiver) state() map[string]state {
	now, states := time.Now(), map[string]state{}
	for _, topic := range r.cfg.Topics {
		states[topic] = state{}
	}
	for _, p := range r.all() {
		s := states[p.topic]
		messages, oldest := p.behind()
		s.partitions++
		s.behind += messages
		if !oldest.IsZero() {
			s.age = max(s.age, now.Sub(oldest))
		}
		states[p.topic] = s
	}
	return states
}
