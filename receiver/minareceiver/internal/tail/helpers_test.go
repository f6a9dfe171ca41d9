package tail

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.uber.org/zap"

	"github.com/mina-observability/otelcol-mina/internal/minalog"
	"github.com/mina-observability/otelcol-mina/receiver/minareceiver/internal/checkpoint"
	"github.com/mina-observability/otelcol-mina/receiver/minareceiver/internal/checkpoint/checkpointtest"
	"github.com/mina-observability/otelcol-mina/receiver/minareceiver/internal/inflight"
	"github.com/mina-observability/otelcol-mina/receiver/minareceiver/internal/metadata"
	"github.com/mina-observability/otelcol-mina/receiver/minareceiver/internal/metadatatest"
)

// bench is a tailer that is scanned and read step by step.
type bench struct {
	*Tailer
	sink      *consumertest.LogsSink
	sender    *inflight.Sender
	store     *checkpoint.Store
	telemetry *componenttest.Telemetry
	// refusing says that nothing is taken for now.
	refusing atomic.Bool
}

func newBench(t testing.TB, dir string, m *checkpointtest.Memory, change ...func(*Config)) *bench {
	t.Helper()
	cfg := DefaultConfig()
	cfg.Include = []string{filepath.Join(dir, "*.log*")}
	for _, f := range change {
		f(&cfg)
	}
	b := &bench{sink: &consumertest.LogsSink{}, store: checkpoint.NewStore(m, zap.NewNop()), telemetry: componenttest.NewTelemetry()}
	t.Cleanup(func() { _ = b.telemetry.Shutdown(context.Background()) })
	set := metadatatest.NewSettings(b.telemetry)
	telemetry, err := metadata.NewTelemetryBuilder(set.TelemetrySettings)
	require.NoError(t, err)
	decode := minalog.DefaultConfig()
	decoders := inflight.NewDecoders(&decode)
	next, err := consumer.NewLogs(b.consume)
	require.NoError(t, err)
	inFlight := inflight.DefaultConfig()
	inFlight.Retry.InitialInterval, inFlight.Retry.MaxInterval = time.Millisecond, time.Millisecond
	b.sender, err = inflight.NewSender(set, inFlight, next, decoders, inflight.NewCounters(telemetry))
	require.NoError(t, err)
	b.Tailer = New(&cfg, set.Logger, inflight.NewBatcher(inflight.TransportFile, decoders.Get(), b.sender))
	b.sender.Start(componenttest.NewNopHost())
	b.IdentifyTexts()
	require.NoError(t, b.Restore(t.Context(), b.store))
	t.Cleanup(func() {
		b.sender.Stop()
		b.closeAll()
	})
	return b
}

var errRefused = errors.New("refused")

func (b *bench) consume(ctx context.Context, logs plog.Logs) error {
	if b.refusing.Load() {
		return errRefused
	}
	return b.sink.ConsumeLogs(ctx, logs)
}

// poll scans, reads everything and waits until it is delivered.
func (b *bench) poll() {
	b.scan()
	b.readAll()
	b.batcher.Wait()
}

// readAll reads everything and hands it over.
func (b *bench) readAll() {
	for len(b.reading) > 0 || !b.batcher.Empty() {
		if len(b.reading) > 0 {
			b.readTurn()
		}
		b.texts.save(context.Background(), b.store)
		b.batcher.HandOver(context.Background())
	}
}

// flushAll lets the lines that wait for more go.
func (b *bench) flushAll() {
	patience := b.cfg.FlushAfter
	b.cfg.FlushAfter = 0
	b.flushIdle()
	b.cfg.FlushAfter = patience
	b.poll()
}

// later lets so much time pass that nothing is undecided any more.
func (b *bench) later() {
	for _, f := range b.files {
		f.quiet = f.quiet.Add(-2 * undecided)
	}
	for _, f := range b.gone {
		f.quiet = f.quiet.Add(-2 * lingering)
	}
}

// records goes through what has been delivered.
func (b *bench) records(yield func(plog.LogRecord) bool) {
	for _, logs := range b.sink.AllLogs() {
		for _, rl := range logs.ResourceLogs().All() {
			for _, sl := range rl.ScopeLogs().All() {
				for _, record := range sl.LogRecords().All() {
					if !yield(record) {
						return
					}
				}
			}
		}
	}
}

// bodies returns what has been delivered.
func (b *bench) bodies() (bodies []string) {
	for record := range b.records {
		bodies = append(bodies, record.Body().AsString())
	}
	return bodies
}

// identities returns the log.record.uid of what has been delivered, by its body.
func (b *bench) identities(t testing.TB) map[string]string {
	t.Helper()
	known := map[string]string{}
	for record := range b.records {
		uid, ok := record.Attributes().Get("log.record.uid")
		require.True(t, ok)
		body := record.Body().AsString()
		if before, again := known[body]; again {
			require.Equal(t, before, uid.Str(), body)
		}
		known[body] = uid.Str()
	}
	return known
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
