package tail

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/receiver/receivertest"
	"go.uber.org/zap"

	"github.com/mina-observability/otelcol-mina/internal/minalog"
	"github.com/mina-observability/otelcol-mina/receiver/minareceiver/internal/checkpoint"
	"github.com/mina-observability/otelcol-mina/receiver/minareceiver/internal/checkpoint/checkpointtest"
	"github.com/mina-observability/otelcol-mina/receiver/minareceiver/internal/inflight"
	"github.com/mina-observability/otelcol-mina/receiver/minareceiver/internal/metadata"
)

// bench is a tailer that is scanned and read step by step.
type bench struct {
	*Tailer
	sink   *consumertest.LogsSink
	sender *inflight.Sender
	store  *checkpoint.Store
}

func newBench(t *testing.T, dir string, m *checkpointtest.Memory, change ...func(*Config)) *bench {
	t.Helper()
	cfg := DefaultConfig()
	cfg.Include = []string{filepath.Join(dir, "*.log*")}
	for _, f := range change {
		f(&cfg)
	}
	set := receivertest.NewNopSettings(metadata.Type)
	telemetry, err := metadata.NewTelemetryBuilder(set.TelemetrySettings)
	require.NoError(t, err)
	decode := minalog.DefaultConfig()
	decoders := inflight.NewDecoders(&decode)
	b := &bench{sink: &consumertest.LogsSink{}, store: checkpoint.NewStore(m, zap.NewNop())}
	b.sender, err = inflight.NewSender(set, inflight.DefaultConfig(), b.sink, decoders, inflight.NewCounters(telemetry))
	require.NoError(t, err)
	b.Tailer = New(&cfg, set.Logger, inflight.NewBatcher(inflight.TransportFile, decoders.Get(), b.sender))
	b.sender.Start(componenttest.NewNopHost())
	require.NoError(t, b.Restore(t.Context(), b.store))
	t.Cleanup(func() {
		b.sender.Stop()
		b.closeAll()
	})
	return b
}

// poll scans, reads everything and waits until it is delivered.
func (b *bench) poll() {
	b.scan()
	for len(b.reading) > 0 || !b.batcher.Empty() {
		if len(b.reading) > 0 {
			b.readTurn()
		}
		b.batcher.HandOver(context.Background())
	}
	b.batcher.Wait()
}

// flushAll lets the lines that wait for more go.
func (b *bench) flushAll() {
	for _, f := range b.files {
		f.ended = f.ended.Add(-time.Hour)
	}
	b.flushIdle()
	b.poll()
}

// later lets so much time pass that nothing is undecided any more.
func (b *bench) later() {
	for _, f := range b.files {
		f.quiet = f.quiet.Add(-2 * undecided)
	}
}

// bodies returns what has been delivered.
func (b *bench) bodies() (bodies []string) {
	for _, logs := range b.sink.AllLogs() {
		for _, rl := range logs.ResourceLogs().All() {
			for _, sl := range rl.ScopeLogs().All() {
				for _, record := range sl.LogRecords().All() {
					bodies = append(bodies, record.Body().AsString())
				}
			}
		}
	}
	return bodies
}

// numbers returns the bodies of the records that lines writes.
func numbers(from, to int) (bodies []string) {
	for i := from; i < to; i++ {
		bodies = append(bodies, fmt.Sprintf("%06d", i))
	}
	return bodies
}

func lines(from, to int) string {
	var text strings.Builder
	for i := from; i < to; i++ {
		fmt.Fprintf(&text, `{"timestamp": "2025-10-01T16:12:05Z", "level": "INFO", "message": "%06d"}`+"\n", i)
	}
	return text.String()
}

func write(t testing.TB, path, text string) {
	t.Helper()
	require.NoError(t, os.WriteFile(path, []byte(text), 0o644)) // which keeps the inode
}
