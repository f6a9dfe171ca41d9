package minareceiver

import (
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/config/configoptional"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/receiver"
	"go.opentelemetry.io/collector/receiver/receivertest"

	"github.com/mina-observability/otelcol-mina/receiver/minareceiver/internal/checkpoint/checkpointtest"
	"github.com/mina-observability/otelcol-mina/receiver/minareceiver/internal/inflight"
	"github.com/mina-observability/otelcol-mina/receiver/minareceiver/internal/metadata"
	"github.com/mina-observability/otelcol-mina/receiver/minareceiver/internal/tail"
)

const deadline = 10 * time.Second

func eventually(t testing.TB, condition func() bool, message string, args ...any) {
	t.Helper()
	require.Eventually(t, condition, deadline, 5*time.Millisecond, append([]any{message}, args...)...)
}

// sink is a next consumer that keeps the bodies of what it takes. answer says
// what becomes of a batch.
type sink struct {
	mu     sync.Mutex
	bodies []string
	logs   []plog.Logs
	offers int
	answer func(offer int, logs plog.Logs) error
}

func (s *sink) Capabilities() consumer.Capabilities { return consumer.Capabilities{MutatesData: true} }

func (s *sink) ConsumeLogs(ctx context.Context, logs plog.Logs) error {
	s.mu.Lock()
	s.offers++
	offer, answer := s.offers, s.answer
	s.mu.Unlock()
	if answer != nil {
		if err := answer(offer, logs); err != nil {
			return err
		}
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.logs = append(s.logs, logs)
	for _, rl := range logs.ResourceLogs().All() {
		for _, sl := range rl.ScopeLogs().All() {
			for _, record := range sl.LogRecords().All() {
				s.bodies = append(s.bodies, record.Body().AsString())
			}
		}
	}
	return nil
}

func (s *sink) setAnswer(answer func(int, plog.Logs) error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answer = answer
}

func (s *sink) taken() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string{}, s.bodies...)
}

func (s *sink) offered() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.offers
}

type host struct {
	component.Host
	extensions map[component.ID]component.Component
}

func (h host) GetExtensions() map[component.ID]component.Component { return h.extensions }

var storageID = component.MustNewID("memory")

func newHost(m *checkpointtest.Memory) host {
	h := host{componenttest.NewNopHost(), map[component.ID]component.Component{}}
	if m != nil {
		h.extensions[storageID] = m
	}
	return h
}

func fileConfig(dir string, change ...func(*tail.Config)) *Config {
	cfg := createDefaultConfig().(*Config)
	file := *cfg.File.GetOrInsertDefault()
	file.Include = []string{filepath.Join(dir, "*.log*")}
	file.PollInterval = 10 * time.Millisecond
	file.FlushAfter = 100 * time.Millisecond
	file.Storage = &storageID
	for _, f := range change {
		f(&file)
	}
	cfg.File = configoptional.Some(file)
	cfg.InFlight.Retry = inflight.RetryConfig{InitialInterval: 5 * time.Millisecond, MaxInterval: 20 * time.Millisecond}
	return cfg
}

func startReceiver(t testing.TB, cfg *Config, next consumer.Logs, m *checkpointtest.Memory, settings ...receiver.Settings) receiver.Logs {
	t.Helper()
	require.NoError(t, cfg.Validate())
	set := receivertest.NewNopSettings(metadata.Type)
	if len(settings) > 0 {
		set = settings[0]
	}
	r, err := NewFactory().CreateLogs(t.Context(), set, cfg, next)
	require.NoError(t, err)
	require.NoError(t, r.Start(t.Context(), newHost(m)))
	return r
}

func stopReceiver(t testing.TB, r receiver.Logs) {
	t.Helper()
	require.NoError(t, r.Shutdown(context.Background()))
}

func lines(from, to int) string {
	var text strings.Builder
	for i := from; i < to; i++ {
		fmt.Fprintf(&text, `{"timestamp": "2025-10-01T16:12:05Z", "level": "INFO", "message": "%06d"}`+"\n", i)
	}
	return text.String()
}

func appendTo(t testing.TB, path, text string) {
	t.Helper()
	file, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	require.NoError(t, err)
	_, err = file.WriteString(text)
	require.NoError(t, err)
	require.NoError(t, file.Close())
}

// requireEach asserts that the records from..to were taken, each at least once
// and at most so often.
func requireEach(t testing.TB, bodies []string, from, to, most int) {
	t.Helper()
	count := map[string]int{}
	for _, body := range bodies {
		count[body]++
	}
	for i := from; i < to; i++ {
		n := count[fmt.Sprintf("%06d", i)]
		require.Positive(t, n, "record %d is lost", i)
		require.LessOrEqual(t, n, most, "record %d", i)
		delete(count, fmt.Sprintf("%06d", i))
	}
	require.Empty(t, count)
}

func has(s *sink, n int) func() bool {
	return func() bool {
		seen := map[string]bool{}
		for _, body := range s.taken() {
			seen[body] = true
		}
		return len(seen) >= n
	}
}

func nopSettings() receiver.Settings { return receivertest.NewNopSettings(metadata.Type) }

// freeAddress returns an address on localhost that nothing listens on.
func freeAddress(t testing.TB) string {
	t.Helper()
	listener, err := net.Listen("tcp", "localhost:0")
	require.NoError(t, err)
	defer listener.Close()
	return listener.Addr().String()
}
