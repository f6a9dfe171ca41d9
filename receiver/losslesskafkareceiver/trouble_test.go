package losslesskafkareceiver

import (
	"fmt"
	"io"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kmsg"
	"go.opentelemetry.io/collector/component/componentstatus"
	"go.opentelemetry.io/collector/config/configopaque"
	"go.opentelemetry.io/collector/config/configoptional"
)

// user is one whom a broker knows.
func user(name, password string) configoptional.Optional[SASLConfig] {
	return configoptional.Some(SASLConfig{Mechanism: saslScramSHA512, Username: name, Password: configopaque.String(password)})
}

// TestTroubleIsSaidAndWaitedFor, by what an operator has to do, and without a password.
func TestTroubleIsSaidAndWaitedFor(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		options []kfake.Opt
		// breaks changes the broker or the configuration, and returns the repair, if there
		// is one while the receiver runs.
		breaks func(t *testing.T, k *kafka, cfg *Config) (repair func())
		want   string
	}{
		"an unknown topic": {nil, func(_ *testing.T, _ *kafka, cfg *Config) func() {
			cfg.Topics = []string{"mnia"}
			return nil
		}, "The topic is not there"},
		"a wrong password": {
			[]kfake.Opt{kfake.EnableSASL(), kfake.Superuser("PLAIN", "admin", "admin"), kfake.Superuser("SCRAM-SHA-512", "mina", "right")},
			func(_ *testing.T, _ *kafka, cfg *Config) func() {
				cfg.Auth.SASL = user("mina", "s3cr3t")
				return nil
			}, "are tls and auth::sasl what it wants?", // Kafka itself says SASL_AUTHENTICATION_FAILED before
		},
		"no permission for the topic": {nil, refusing(kmsg.Fetch, kerr.TopicAuthorizationFailed), "This user may not read the topic"},
		"no permission for the group": {nil, refusing(kmsg.JoinGroup, kerr.GroupAuthorizationFailed), "This user may not use the consumer group"},
		"a session that is too short": {[]kfake.Opt{kfake.GroupMinSessionTimeout(giveUpGrace)}, func(_ *testing.T, _ *kafka, cfg *Config) func() {
			cfg.SessionTimeout = giveUpGrace / 2
			return nil
		}, "session_timeout is not within what the brokers allow"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			k := startKafka(t, 1, tt.options...)
			cfg := configFor(t, k)
			p := &pipeline{}
			repair := tt.breaks(t, k, cfg)
			r := start(t, cfg, p)
			eventually(t, func() bool { return r.logs.FilterMessageSnippet(tt.want).Len() > 0 }, "what is wrong: %v", r.logs.All())
			assert.Equal(t, componentstatus.StatusRecoverableError, r.host.status())
			for _, entry := range r.logs.All() {
				assert.NotContains(t, fmt.Sprint(entry.ContextMap()), "s3cr3t")
			}
			if repair == nil {
				return
			}
			repair()
			k.write(t, 0, message(t, 0, 1))
			eventually(t, func() bool { return len(p.taken()) == 1 }, "the record")
			eventually(t, func() bool { return r.host.status() == componentstatus.StatusOK }, "healthy again")
		})
	}
}

// refusing lets a broker answer requests of a kind with an error until it is repaired.
func refusing(kind kmsg.Key, refusal *kerr.Error) func(*testing.T, *kafka, *Config) func() {
	return func(_ *testing.T, k *kafka, _ *Config) func() {
		repaired := make(chan struct{})
		k.ControlKey(int16(kind), func(request kmsg.Request) (kmsg.Response, error, bool) {
			select {
			case <-repaired:
				return nil, nil, false
			default:
			}
			k.KeepControl()
			switch request := request.(type) {
			case *kmsg.JoinGroupRequest:
				response := request.ResponseKind().(*kmsg.JoinGroupResponse)
				response.ErrorCode = refusal.Code
				return response, nil, true
			case *kmsg.HeartbeatRequest:
				response := request.ResponseKind().(*kmsg.HeartbeatResponse)
				response.ErrorCode = refusal.Code
				return response, nil, true
			case *kmsg.OffsetCommitRequest:
				response := request.ResponseKind().(*kmsg.OffsetCommitResponse)
				for _, topic := range request.Topics {
					refused := kmsg.NewOffsetCommitResponseTopic()
					refused.Topic, refused.TopicID = topic.Topic, topic.TopicID
					for _, partition := range topic.Partitions {
						part := kmsg.NewOffsetCommitResponseTopicPartition()
						part.Partition, part.ErrorCode = partition.Partition, refusal.Code
						refused.Partitions = append(refused.Partitions, part)
					}
					response.Topics = append(response.Topics, refused)
				}
				return response, nil, true
			case *kmsg.FetchRequest:
				response := request.ResponseKind().(*kmsg.FetchResponse)
				for _, topic := range request.Topics {
					refused := kmsg.NewFetchResponseTopic()
					refused.Topic, refused.TopicID = topic.Topic, topic.TopicID
					for _, partition := range topic.Partitions {
						part := kmsg.NewFetchResponseTopicPartition()
						part.Partition, part.ErrorCode = partition.Partition, refusal.Code
						refused.Partitions = append(refused.Partitions, part)
					}
					response.Topics = append(response.Topics, refused)
				}
				return response, nil, true
			}
			return nil, nil, false
		})
		return func() { close(repaired) }
	}
}

func TestMeaningOfErrors(t *testing.T) {
	assert.Equal(t, meanings[kerr.SaslAuthenticationFailed], meaningOf(fmt.Errorf("unable to log in: %w", kerr.SaslAuthenticationFailed), false))
	assert.Equal(t, "Kafka cannot be read; trying again", meaningOf(kerr.NotController, false))
	assert.Equal(t, "Kafka cannot be read; trying again", meaningOf(io.EOF, true))
}

func TestABrokerThatGoesIsSaid(t *testing.T) {
	t.Parallel()
	k := startKafka(t, 1, kfake.GroupMinSessionTimeout(time.Second))
	cfg := configFor(t, k)
	cfg.SessionTimeout = time.Second
	p := &pipeline{}
	r := start(t, cfg, p)
	k.write(t, 0, message(t, 0, 1))
	eventually(t, func() bool { return len(p.taken()) == 1 }, "a record")
	k.Close()
	eventually(t, func() bool { return r.logs.FilterMessageSnippet("Kafka cannot be read").Len() > 0 }, "what is wrong")
	assert.Equal(t, componentstatus.StatusRecoverableError, r.host.status())
}

func TestTwoMembersOfOneNameAreSaid(t *testing.T) {
	t.Parallel()
	k := startKafka(t, 1)
	cfg := configFor(t, k)
	first := start(t, cfg, &pipeline{})
	eventually(t, func() bool { return len(first.Logs.(*kafkaReceiver).all()) == 1 }, "a member")
	second := start(t, cfg, &pipeline{})
	eventually(t, func() bool {
		return first.logs.FilterMessageSnippet("has the same group_instance_id").Len()+second.logs.FilterMessageSnippet("has the same group_instance_id").Len() > 0
	}, "that there are two")
}

func TestLogsInToABroker(t *testing.T) {
	t.Parallel()
	k := startKafka(t, 1, kfake.EnableSASL(), kfake.Superuser(saslScramSHA512, "mina", "right"), kfake.Superuser(saslScramSHA256, "mina", "right"), kfake.Superuser(saslPlain, "mina", "right"))
	for _, mechanism := range []string{saslPlain, saslScramSHA256, saslScramSHA512} {
		t.Run(mechanism, func(t *testing.T) {
			cfg := configFor(t, k)
			cfg.GroupID += mechanism // a member that is gone is waited for
			cfg.Auth.SASL = user("mina", "right")
			cfg.Auth.SASL.Get().Mechanism = mechanism
			r := start(t, cfg, &pipeline{})
			eventually(t, func() bool { return len(r.Logs.(*kafkaReceiver).all()) == 1 }, "the partition")
			require.NoError(t, r.Shutdown(t.Context()))
		})
	}
}
