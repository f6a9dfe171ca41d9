package e2e

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
	"go.opentelemetry.io/collector/pdata/plog/plogotlp"

	"github.com/mina-observability/otelcol-mina/test/program"
)

const kafkaTopic = "mina"

// broker is a Kafka broker that can be brought down and back.
type broker struct {
	*kfake.Cluster
	address string
	options []kfake.Opt
}

func newBroker(t testing.TB, options ...kfake.Opt) *broker {
	t.Helper()
	address := program.FreeAddress()
	_, port, err := net.SplitHostPort(address)
	require.NoError(t, err)
	number, err := strconv.Atoi(port)
	require.NoError(t, err)
	b := &broker{address: "127.0.0.1:" + port, options: append(options, kfake.Ports(number), kfake.DataDir(t.TempDir()))}
	b.start(t)
	t.Cleanup(func() { b.Close() })
	return b
}

func (b *broker) start(t testing.TB) {
	t.Helper()
	var err error
	b.Cluster, err = kfake.NewCluster(b.options...)
	require.NoError(t, err)
}

// refuse answers requests to produce with an error, until it returns nil.
func (b *broker) refuse(answer func() *kerr.Error) {
	b.ControlKey(int16(kmsg.Produce), func(request kmsg.Request) (kmsg.Response, error, bool) {
		b.KeepControl()
		refusal := answer()
		if refusal == nil {
			return nil, nil, false
		}
		produce := request.(*kmsg.ProduceRequest)
		response := produce.ResponseKind().(*kmsg.ProduceResponse)
		for _, topic := range produce.Topics {
			refused := kmsg.NewProduceResponseTopic()
			refused.Topic, refused.TopicID = topic.Topic, topic.TopicID
			for _, partition := range topic.Partitions {
				part := kmsg.NewProduceResponseTopicPartition()
				part.Partition, part.ErrorCode = partition.Partition, refusal.Code
				refused.Partitions = append(refused.Partitions, part)
			}
			response.Topics = append(response.Topics, refused)
		}
		return response, nil, true
	})
}

func (b *broker) client(t testing.TB, options ...kgo.Opt) *kgo.Client {
	t.Helper()
	client, err := kgo.NewClient(append(options, kgo.SeedBrokers(b.address))...)
	require.NoError(t, err)
	t.Cleanup(client.Close)
	return client
}

// createTopic is what an operator does.
func (b *broker) createTopic(t testing.TB) {
	t.Helper()
	topic := kmsg.NewCreateTopicsRequestTopic()
	topic.Topic, topic.NumPartitions, topic.ReplicationFactor = kafkaTopic, 1, 1
	request := kmsg.NewPtrCreateTopicsRequest()
	request.Topics = append(request.Topics, topic)
	response, err := request.RequestWith(t.Context(), b.client(t))
	require.NoError(t, err)
	require.NoError(t, kerr.ErrorForCode(response.Topics[0].ErrorCode))
}

// consumer returns what counts the records of the topic by their body.
func (b *broker) consumer(t testing.TB) func() map[string]int {
	t.Helper()
	client := b.client(t, kgo.ConsumeTopics(kafkaTopic), kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()))
	bodies := map[string]int{}
	return func() map[string]int {
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		defer cancel()
		client.PollFetches(ctx).EachRecord(func(record *kgo.Record) {
			request := plogotlp.NewExportRequest()
			if !assert.NoError(t, request.UnmarshalProto(record.Value)) {
				return
			}
			for _, rl := range request.Logs().ResourceLogs().All() {
				for _, sl := range rl.ScopeLogs().All() {
					for _, lr := range sl.LogRecords().All() {
						bodies[lr.Body().AsString()]++
					}
				}
			}
		})
		return bodies
	}
}

// write writes messages of one record each to the only partition.
func (b *broker) write(t testing.TB, messages int) {
	t.Helper()
	client := b.client(t)
	for i := range messages {
		request := plogotlp.NewExportRequest()
		request.Logs().ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords().AppendEmpty().Body().SetStr(fmt.Sprint("record ", i))
		text, err := request.MarshalProto()
		require.NoError(t, err)
		require.NoError(t, client.ProduceSync(t.Context(), &kgo.Record{Topic: kafkaTopic, Value: text}).FirstErr())
	}
}

// toKafka is the shipped set-up that sends to Kafka.
func toKafka(b *broker, state, logs, delivery string) program.Settings {
	return program.Settings{
		Configs: []string{"base.yaml", "kafka.yaml"},
		Env:     []string{"MINA_STATE_DIR=" + state, "MINA_LOGS=" + logs, "MINA_DELIVERY=" + delivery, "KAFKA_BROKERS=" + b.address},
	}
}

func TestKafkaThatTakesNothingLosesNothing(t *testing.T) {
	topic := kfake.SeedTopics(1, kafkaTopic)
	for name, tt := range map[string]struct {
		options []kfake.Opt
		// breaks makes the broker take nothing, and returns what the operator does.
		breaks func(t *testing.T, b *broker) (repair func())
		// retry is the exporter's own, which keeps the answer to itself.
		retry  bool
		answer string
	}{
		"a missing ACL": {[]kfake.Opt{topic}, func(_ *testing.T, b *broker) func() {
			var granted atomic.Bool
			b.refuse(func() *kerr.Error {
				if granted.Load() {
					return nil
				}
				return kerr.TopicAuthorizationFailed
			})
			return func() { granted.Store(true) }
		}, false, "TOPIC_AUTHORIZATION_FAILED"},
		"an unknown topic": {nil, func(t *testing.T, b *broker) func() {
			return func() { b.createTopic(t) }
		}, false, "UNKNOWN_TOPIC_OR_PARTITION"},
		"an unknown topic that the exporter tries again": {nil, func(t *testing.T, b *broker) func() {
			return func() { b.createTopic(t) }
		}, true, "there is no answer"},
		"a broker that is down": {[]kfake.Opt{topic}, func(t *testing.T, b *broker) func() {
			b.Close()
			return func() { b.start(t) }
		}, false, "context deadline exceeded"},
	} {
		for _, delivery := range deliveries {
			t.Run(name+" "+delivery, func(t *testing.T) {
				t.Parallel()
				const records = 1000
				state, path := t.TempDir(), filepath.Join(t.TempDir(), "app.log")
				b := newBroker(t, tt.options...)
				s := toKafka(b, state, path, delivery)
				s.Overrides = []string{fmt.Sprint("exporters::kafka::retry_on_failure::enabled: ", tt.retry)}
				c := startCollector(t, s)
				repair := tt.breaks(t, b)
				begin := time.Now()
				appendTo(t, path, numbered(0, records))
				eventually(t, func() bool { return c.Health("logs/kafka") != http.StatusOK }, "unhealthy")
				assert.InDelta(t, 5, time.Since(begin).Seconds(), 1.5)
				eventually(t, func() bool {
					return slices.ContainsFunc(warnings(c), func(line string) bool { return strings.Contains(line, tt.answer) })
				}, "the answer in a warning")
				repair()
				count := b.consumer(t)
				eventually(t, func() bool { return len(count()) == records }, "all, when the operator has acted")
				eventually(t, func() bool { return c.Health("logs/kafka") == http.StatusOK }, "healthy again")
				c.Stop()
				assert.Empty(t, deadLettersOf(state, "kafka"))
			})
		}
	}
}

// warnings returns the lines in which fanout says that a pipeline takes nothing.
func warnings(c *program.Collector) (lines []string) {
	for line := range strings.Lines(c.Output()) {
		if strings.Contains(line, "\twarn\t") && strings.Contains(line, "The destination takes nothing; records wait until it does") {
			lines = append(lines, line)
		}
	}
	return lines
}

func TestKafkaBuriesTheMessageThatIsTooLarge(t *testing.T) {
	for name, limit := range map[string]kfake.Opt{
		"for the broker":   kfake.BrokerConfigs(map[string]string{"message.max.bytes": "100000"}),
		"for the exporter": kfake.BrokerConfigs(nil),
	} {
		for _, delivery := range deliveries {
			t.Run(name+" "+delivery, func(t *testing.T) {
				t.Parallel()
				state, path := t.TempDir(), filepath.Join(t.TempDir(), "app.log")
				b := newBroker(t, kfake.SeedTopics(1, kafkaTopic), limit)
				poison := strings.Replace(numbered(50, 51), "record 50", "poison"+strings.Repeat(" x", 60_000), 1)
				appendTo(t, path, numbered(0, 50)+poison+numbered(51, 100))
				s := toKafka(b, state, path, delivery)
				s.Env = append(s.Env, "KAFKA_COMPRESSION=none") // or the broker would see a few bytes
				if strings.Contains(name, "exporter") {
					s.Overrides = []string{"exporters::kafka::producer::max_message_bytes: 100000"}
				}
				c := startCollector(t, s)
				count := b.consumer(t)
				eventually(t, func() bool { return len(count()) == 99 && deadLettersOf(state, "kafka") != "" }, "the others")
				eventually(t, func() bool { return c.Health("logs/kafka") == http.StatusOK }, "healthy")
				c.Stop()
				for body, times := range count() {
					assert.Equal(t, 1, times, body)
				}
				assert.Equal(t, 1, strings.Count(deadLettersOf(state, "kafka"), "poison"))
			})
		}
	}
}
