package inflight

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/mina-observability/otelcol-mina/internal/minalog"
	"github.com/mina-observability/otelcol-mina/internal/turn"
	"github.com/mina-observability/otelcol-mina/receiver/minareceiver/internal/checkpoint"
	"github.com/mina-observability/otelcol-mina/receiver/minareceiver/internal/metadata"
	"github.com/mina-observability/otelcol-mina/receiver/minareceiver/internal/metadatatest"
)

// Batches in flight overtake each other, also because some are refused; who awaits their
// turns sees them as they were read.
func TestWhoAwaitsTheirTurnsSeesBatchesInOrder(t *testing.T) {
	const batches = 100
	var mu sync.Mutex
	var seen []string
	coming := 0
	next, err := consumer.NewLogs(func(ctx context.Context, logs plog.Logs) error {
		time.Sleep(rand.N(2 * time.Millisecond)) // on the way
		body := logs.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(0).Body().Str()
		defer turn.Await(ctx, "who")()
		mu.Lock()
		defer mu.Unlock()
		if !slices.Contains(seen, body) {
			seen = append(seen, body)
		}
		if coming++; coming%3 == 0 {
			return errors.New("not now")
		}
		return nil
	})
	require.NoError(t, err)
	config, telemetry := minalog.DefaultConfig(), componenttest.NewTelemetry()
	defer func() { require.NoError(t, telemetry.Shutdown(context.Background())) }()
	set := metadatatest.NewSettings(telemetry)
	builder, err := metadata.NewTelemetryBuilder(set.TelemetrySettings)
	require.NoError(t, err)
	decoders, cfg := NewDecoders(&config), DefaultConfig()
	cfg.Retry.InitialInterval, cfg.Retry.MaxInterval = time.Millisecond, time.Millisecond
	sender, err := NewSender(set, cfg, next, decoders, NewCounters(builder))
	require.NoError(t, err)
	sender.Start(componenttest.NewNopHost())
	defer sender.Stop()

	s, b := NewSource(identified, 1<<10, checkpoint.Position{}), NewBatcher(TransportFile, decoders.Get(), sender)
	for i := range batches {
		b.Write(s, fmt.Sprintf(`{"message": "%03d"}`+"\n", i))
		require.True(t, b.HandOver(t.Context()))
	}
	require.True(t, b.Wait())
	assert.Len(t, seen, batches)
	assert.True(t, slices.IsSorted(seen), seen)
}
