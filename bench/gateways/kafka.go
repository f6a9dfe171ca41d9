package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"time"

	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/mina-observability/otelcol-mina/test/loglines"
	"github.com/mina-observability/otelcol-mina/test/program"
)

const (
	longTopic, shortTopic = "long", "short"
	partitions            = 4
	// deadline bounds what is waited for.
	deadline = 2 * time.Minute
)

// kafka is a broker in memory.
type kafka struct {
	cluster *kfake.Cluster
	address string
	client  *kgo.Client
}

// topic is one whose messages have so many records in all.
type topic struct {
	name     string
	records  int
	messages [][]byte
}

// each returns how many records a message has.
func (t topic) each() int { return t.records / len(t.messages) }

func startKafka() (*kafka, error) {
	cluster, err := kfake.NewCluster(kfake.NumBrokers(1), kfake.SeedTopics(partitions, longTopic, shortTopic))
	if err != nil {
		return nil, err
	}
	k := &kafka{cluster: cluster, address: cluster.ListenAddrs()[0]}
	k.client, err = kgo.NewClient(kgo.SeedBrokers(k.address), kgo.ConsumeTopics(longTopic), kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()),
		kgo.RecordPartitioner(kgo.RoundRobinPartitioner()), kgo.ProducerBatchCompression(kgo.ZstdCompression()))
	return k, err
}

func (k *kafka) close() {
	k.client.Close()
	k.cluster.Close()
}

// fill has an agent write the long messages, which is measured, and divides them into the
// short ones.
func (b *bench) fill() error {
	logs := filepath.Join(b.dir, "app.log")
	agent, err := program.StartCollector(program.Settings{
		Configs: []string{"base.yaml", "kafka.yaml"},
		Env:     []string{"MINA_STATE_DIR=" + filepath.Join(b.dir, "agent"), "MINA_LOGS=" + logs, "KAFKA_BROKERS=" + b.kafka.address, "KAFKA_TOPIC=" + longTopic},
	})
	if err != nil {
		return err
	}
	defer agent.Stop()
	if err := agent.WaitReady(); err != nil {
		return err
	}
	var text []byte
	for n := range b.records {
		text = loglines.Typical.Append(text, n)
	}
	if err := os.WriteFile(logs+"~", text, 0o644); err != nil {
		return err
	}
	cpu, begin := agent.CPU(), time.Now()
	if err := os.Rename(logs+"~", logs); err != nil {
		return err
	}
	long, err := b.kafka.read(b.records)
	if err != nil {
		return err
	}
	show("agent: file, semconv, redaction, Kafka", []result{{
		records: int64(b.records), requests: int64(len(long.messages)), cpu: agent.CPU() - cpu, wall: time.Since(begin), peak: agent.PeakResident(),
	}})
	short, err := divide(long, b.records/4)
	if err != nil {
		return err
	}
	b.topics = []topic{long, short}
	return b.kafka.write(short)
}

// read waits for so many records in long messages.
func (k *kafka) read(records int) (topic, error) {
	t := topic{name: longTopic, records: records}
	ctx, cancel := context.WithTimeout(context.Background(), deadline)
	defer cancel()
	for found := 0; found < records; {
		fetches := k.client.PollFetches(ctx)
		if ctx.Err() != nil {
			return t, errors.New("the agent has not written all records in time")
		}
		for _, record := range fetches.Records() {
			logs, err := (&plog.ProtoUnmarshaler{}).UnmarshalLogs(record.Value)
			if err != nil {
				return t, err
			}
			found += logs.LogRecordCount()
			t.messages = append(t.messages, record.Value)
		}
	}
	return t, nil
}

// divide makes short messages of the first records of long ones.
func divide(long topic, records int) (topic, error) {
	t := topic{name: shortTopic}
	for _, message := range long.messages {
		logs, err := (&plog.ProtoUnmarshaler{}).UnmarshalLogs(message)
		if err != nil {
			return t, err
		}
		for _, rl := range logs.ResourceLogs().All() {
			for _, sl := range rl.ScopeLogs().All() {
				for sl.LogRecords().Len() >= shortMessage && t.records < records {
					text, err := first(rl, sl)
					if err != nil {
						return t, err
					}
					t.messages = append(t.messages, text)
					t.records += shortMessage
				}
			}
		}
	}
	return t, nil
}

// first takes the first records out of a scope, as a message.
func first(rl plog.ResourceLogs, sl plog.ScopeLogs) ([]byte, error) {
	short := plog.NewLogs()
	resource := short.ResourceLogs().AppendEmpty()
	rl.Resource().CopyTo(resource.Resource())
	scope := resource.ScopeLogs().AppendEmpty()
	sl.Scope().CopyTo(scope.Scope())
	taken := 0
	sl.LogRecords().RemoveIf(func(record plog.LogRecord) bool {
		if taken == shortMessage {
			return false
		}
		record.MoveTo(scope.LogRecords().AppendEmpty())
		taken++
		return true
	})
	return (&plog.ProtoMarshaler{}).MarshalLogs(short)
}

func (k *kafka) write(t topic) error {
	records := make([]*kgo.Record, len(t.messages))
	for i, message := range t.messages {
		records[i] = &kgo.Record{Topic: t.name, Value: message}
	}
	return k.client.ProduceSync(context.Background(), records...).FirstErr()
}
