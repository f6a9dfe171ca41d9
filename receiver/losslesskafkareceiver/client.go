package losslesskafkareceiver

import (
	"context"
	"fmt"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/sasl"
	"github.com/twmb/franz-go/pkg/sasl/plain"
	"github.com/twmb/franz-go/pkg/sasl/scram"
)

const (
	// fetchBytes is what a broker sends at once, compressed: one answer is buffered while
	// another is handed on, and logs are ten times as long when they are decompressed.
	fetchBytes = 1 << 20
	// heartbeats is how many of them fit into a session.
	heartbeats = 10
)

// options returns what is the same for every client of the receiver.
func (c *Config) options(ctx context.Context) ([]kgo.Opt, error) {
	options := []kgo.Opt{
		kgo.SeedBrokers(c.Brokers...),
		kgo.ClientID(c.ClientID),
		kgo.DisableClientMetrics(), // brokers log that they do not know them
		kgo.ConsumerGroup(c.GroupID),
		kgo.InstanceID(c.GroupInstanceID),
		kgo.ConsumeTopics(c.Topics...),
		kgo.SessionTimeout(c.SessionTimeout),
		kgo.HeartbeatInterval(max(c.SessionTimeout/heartbeats, 100*time.Millisecond)),
		kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()),
		kgo.DisableAutoCommit(),
		kgo.BlockRebalanceOnPoll(),
		kgo.FetchMaxBytes(fetchBytes),
		kgo.FetchMaxPartitionBytes(fetchBytes),
	}
	if c.TLS.HasValue() {
		config, err := c.TLS.Get().LoadTLSConfig(ctx)
		if err != nil {
			return nil, fmt.Errorf("tls: %w", err)
		}
		if config != nil { // it is nil for insecure: true
			options = append(options, kgo.DialTLSConfig(config))
		}
	}
	if c.Auth.SASL.HasValue() {
		options = append(options, kgo.SASL(c.Auth.SASL.Get().mechanism()))
	}
	return options, nil
}

func (c *SASLConfig) mechanism() sasl.Mechanism {
	user, password := c.Username, string(c.Password)
	switch c.Mechanism {
	case saslScramSHA256:
		return scram.Auth{User: user, Pass: password}.AsSha256Mechanism()
	case saslScramSHA512:
		return scram.Auth{User: user, Pass: password}.AsSha512Mechanism()
	default:
		return plain.Auth{User: user, Pass: password}.AsMechanism()
	}
}
