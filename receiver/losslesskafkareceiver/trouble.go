package losslesskafkareceiver

import (
	"context"
	"errors"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
	"go.uber.org/zap"
)

// lookAgain is the pause between two looks for the topics.
const lookAgain = 2 * time.Second

// lookForTopics says what is wrong with the brokers, the login or the topics, until there
// is nothing. The client itself waits for a topic without a word.
func (r *kafkaReceiver) lookForTopics(ctx context.Context) {
	for {
		topic, err := r.topicsFail(ctx)
		if err == nil || ctx.Err() != nil {
			return
		}
		r.health.fails(err, zap.Strings("brokers", r.cfg.Brokers), zap.String("topic", topic))
		select {
		case <-time.After(lookAgain):
		case <-ctx.Done():
			return
		}
	}
}

// topicsFail returns the first topic that is not there for this user, and why.
func (r *kafkaReceiver) topicsFail(ctx context.Context) (topic string, err error) {
	ctx, cancel := context.WithTimeout(ctx, requestTimeout)
	defer cancel()
	request := kmsg.NewPtrMetadataRequest()
	for _, topic := range r.cfg.Topics {
		wanted := kmsg.NewMetadataRequestTopic()
		wanted.Topic = kmsg.StringPtr(topic)
		request.Topics = append(request.Topics, wanted)
	}
	response, err := request.RequestWith(ctx, r.client)
	if err != nil {
		return "", err
	}
	for _, found := range response.Topics {
		if err := kerr.ErrorForCode(found.ErrorCode); err != nil && found.Topic != nil {
			return *found.Topic, err
		}
	}
	return "", nil
}

// fetchFails says why a partition cannot be read. That the group has ended a session is
// told to OnGroupManageError, too.
func (r *kafkaReceiver) fetchFails(topic string, partition int32, err error) {
	var session *kgo.ErrGroupSession
	var loss *kgo.ErrDataLoss
	switch {
	case errors.As(err, &session) || errors.Is(err, context.Canceled) || errors.Is(err, kgo.ErrClientClosed):
	case errors.As(err, &loss):
		r.seldom.Error("A partition has lost messages that were written to it; is min.insync.replicas 2, and unclean.leader.election.enable false?", zap.Error(err))
	default:
		r.health.fails(err, zap.String("topic", topic), zap.Int32("partition", partition))
	}
}

// OnGroupManageError is called by the client when the group has ended this member's session.
func (r *kafkaReceiver) OnGroupManageError(err error) {
	r.health.fails(err, zap.Strings("brokers", r.cfg.Brokers), zap.String("group_id", r.cfg.GroupID), zap.String("group_instance_id", r.cfg.GroupInstanceID))
}

// miss counts offsets that were passed over.
func (r *kafkaReceiver) miss(at place, missing int64) {
	if missing == 0 {
		return
	}
	r.telemetry.ReceiverLosslessKafkaMissingMessages.Add(context.Background(), missing, ofTopic(at.topic))
	r.seldom.Warn("Messages were not there any more: deleted for their age before they were read, unless the topic is written in transactions. Longer retention.ms keeps them",
		zap.String("topic", at.topic), zap.Int32("partition", at.partition), zap.Int64("messages", missing))
}
