package fanoutconnector

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/connector"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pipeline"
)

// TestUpstreamStillCallsOneAfterTheOther fails when docs/decisions/001-fanout.md
// can be looked at again.
func TestUpstreamStillCallsOneAfterTheOther(t *testing.T) {
	called, held := make(chan struct{}, 2), make(chan struct{})
	waits, err := consumer.NewLogs(func(context.Context, plog.Logs) error { called <- struct{}{}; <-held; return nil })
	require.NoError(t, err)
	router := connector.NewLogsRouter(map[pipeline.ID]consumer.Logs{
		pipeline.NewIDWithName(pipeline.SignalLogs, "a"): waits,
		pipeline.NewIDWithName(pipeline.SignalLogs, "b"): waits,
	})
	answered := make(chan error, 1)
	go func() { answered <- router.ConsumeLogs(context.Background(), batchOf("x")) }()
	<-called
	select {
	case <-called:
		t.Error("the second is called while the first waits")
	case <-time.After(50 * time.Millisecond): // in which it could have been
	}
	close(held)
	require.NoError(t, <-answered)
	assert.Len(t, called, 1)
}
