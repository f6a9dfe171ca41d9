package losslesskafkareceiver

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componentstatus"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/receiver"
	"go.opentelemetry.io/collector/receiver/receivertest"
	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"

	"github.com/mina-observability/otelcol-mina/receiver/losslesskafkareceiver/internal/metadata"
)

const (
	topic    = "mina"
	deadline = 15 * time.Second
)

// kafka is a broker.
type kafka struct {
	*kfake.Cluster
	client *kgo.Client
}

func startKafka(t testing.TB, partitions int32, options ...kfake.Opt) *kafka {
	t.Helper()
	cluster, err := kfake.NewCluster(append([]kfake.Opt{kfake.NumBrokers(1), kfake.SeedTopics(partitions, topic)}, options...)...)
	require.NoError(t, err)
	t.Cleanup(cluster.Close)
	client, err := kgo.NewClient(kgo.SeedBrokers(cluster.ListenAddrs()...), kgo.RecordPartitioner(kgo.ManualPartitioner()))
	require.NoError(t, err)
	t.Cleanup(client.Close)
	return &kafka{cluster, client}
}

// write writes messages to a partition, in order.
func (k *kafka) write(t testing.TB, partition int32, messages ...[]byte) {
	t.Helper()
	records := make([]*kgo.Record, len(messages))
	for i, message := range messages {
		records[i] = &kgo.Record{Topic: topic, Partition: partition, Value: message}
	}
	require.NoError(t, k.client.ProduceSync(t.Context(), records...).FirstErr())
}

// committed returns the offset that the group has of a partition, or -1.
func (k *kafka) committed(t testing.TB, partition int32) int64 {
	t.Helper()
	request := kmsg.NewPtrOffsetFetchRequest()
	request.Group = "otelcol-mina"
	wanted := kmsg.NewOffsetFetchRequestTopic()
	wanted.Topic, wanted.Partitions = topic, []int32{partition}
	request.Topics = append(request.Topics, wanted)
	response, err := request.RequestWith(t.Context(), k.client)
	require.NoError(t, err)
	require.NoError(t, kerr.ErrorForCode(response.ErrorCode))
	for _, found := range response.Topics {
		for _, p := range found.Partitions {
			return p.Offset
		}
	}
	return -1
}

// message returns a message with the records from..to.
func message(t testing.TB, from, to int) []byte {
	t.Helper()
	logs := plog.NewLogs()
	records := logs.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords()
	for i := from; i < to; i++ {
		records.AppendEmpty().Body().SetStr(fmt.Sprint("record ", i))
	}
	text, err := (&plog.ProtoMarshaler{}).MarshalLogs(logs)
	require.NoError(t, err)
	return text
}

// pipeline is the consumer behind a receiver.
type pipeline struct {
	mu      sync.Mutex
	bodies  []string
	batches int
	// answer says what becomes of a batch; nil takes all.
	answer func(ctx context.Context, bodies []string) error
}

func (*pipeline) Capabilities() consumer.Capabilities { return consumer.Capabilities{} }

func (p *pipeline) ConsumeLogs(ctx context.Context, logs plog.Logs) error {
	bodies := bodiesOf(logs)
	p.mu.Lock()
	answer := p.answer
	p.mu.Unlock()
	if answer != nil {
		if err := answer(ctx, bodies); err != nil {
			logs.ResourceLogs().RemoveIf(func(plog.ResourceLogs) bool { return true }) // as some do
			return err
		}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.bodies = append(p.bodies, bodies...)
	p.batches++
	return nil
}

func bodiesOf(logs plog.Logs) (bodies []string) {
	for _, rl := range logs.ResourceLogs().All() {
		for _, sl := range rl.ScopeLogs().All() {
			for _, record := range sl.LogRecords().All() {
				bodies = append(bodies, record.Body().AsString())
			}
		}
	}
	return bodies
}

func (p *pipeline) answers(answer func(ctx context.Context, bodies []string) error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.answer = answer
}

func (p *pipeline) taken() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]string(nil), p.bodies...)
}

var errRefused = errors.New("refused")

func refuse(context.Context, []string) error { return errRefused }

// host keeps the status that a receiver reports.
type host struct {
	component.Host
	mu   sync.Mutex
	last componentstatus.Status
}

func (h *host) GetExtensions() map[component.ID]component.Component { return nil }

func (h *host) Report(event *componentstatus.Event) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.last = event.Status()
}

func (h *host) status() componentstatus.Status {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.last
}

// running is a receiver that has been started.
type running struct {
	receiver.Logs
	cfg  *Config
	host *host
	logs *observer.ObservedLogs
}

func configFor(t testing.TB, k *kafka) *Config {
	t.Helper()
	cfg := createDefaultConfig().(*Config)
	cfg.Brokers = k.ListenAddrs()
	cfg.GroupInstanceID = t.Name()
	cfg.DeadLetter.Directory = t.TempDir()
	return cfg
}

func start(t testing.TB, cfg *Config, next consumer.Logs) *running {
	t.Helper()
	core, logs := observer.New(zap.InfoLevel)
	set := receivertest.NewNopSettings(metadata.Type)
	set.Logger = zap.New(core)
	r, err := newReceiver(set, cfg, next)
	require.NoError(t, err)
	h := &host{}
	require.NoError(t, r.Start(t.Context(), h))
	t.Cleanup(func() { _ = r.Shutdown(context.Background()) })
	return &running{r, cfg, h, logs}
}

func (r *running) deadLetters(t testing.TB) string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(r.cfg.DeadLetter.Directory, "*.jsonl"))
	require.NoError(t, err)
	var all string
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		all += string(text)
	}
	return all
}

func eventually(t testing.TB, condition func() bool, message string, args ...any) {
	t.Helper()
	require.Eventually(t, condition, deadline, 5*time.Millisecond, append([]any{message}, args...)...)
}
