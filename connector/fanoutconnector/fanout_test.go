package fanoutconnector

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/connector"
	"go.opentelemetry.io/collector/connector/connectortest"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pipeline"

	"github.com/mina-observability/otelcol-mina/connector/fanoutconnector/internal/metadata"
)

// to makes a pipeline of a function.
func to(t *testing.T, mutates bool, take func(plog.Logs) error) consumer.Logs {
	t.Helper()
	next, err := consumer.NewLogs(func(_ context.Context, l plog.Logs) error { return take(l) }, consumer.WithCapabilities(consumer.Capabilities{MutatesData: mutates}))
	require.NoError(t, err)
	return next
}

func fanOutTo(t *testing.T, pipelines ...consumer.Logs) connector.Logs {
	t.Helper()
	byID := map[pipeline.ID]consumer.Logs{}
	for i, p := range pipelines {
		byID[pipeline.NewIDWithName(pipeline.SignalLogs, string(rune('a'+i)))] = p
	}
	c, err := NewFactory().CreateLogsToLogs(t.Context(), connectortest.NewNopSettings(metadata.Type), createDefaultConfig(), connector.NewLogsRouter(byID))
	require.NoError(t, err)
	require.NoError(t, c.Start(t.Context(), componenttest.NewNopHost()))
	t.Cleanup(func() { assert.NoError(t, c.Shutdown(context.Background())) })
	return c
}

func batch(body string) plog.Logs {
	l := plog.NewLogs()
	l.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords().AppendEmpty().Body().SetStr(body)
	return l
}

func bodyOf(l plog.Logs) string {
	return l.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(0).Body().Str()
}

func TestPipelineThatWaitsDoesNotHoldUpTheOthers(t *testing.T) {
	taken, held := make(chan string, 2), make(chan struct{})
	waits := func(plog.Logs) error { <-held; return nil }
	takes := func(l plog.Logs) error { taken <- bodyOf(l); return nil }
	c := fanOutTo(t, to(t, false, waits), to(t, false, takes), to(t, true, waits), to(t, true, takes))
	answered := make(chan error, 1)
	go func() { answered <- c.ConsumeLogs(t.Context(), batch("a")) }()
	for range 2 {
		select {
		case body := <-taken:
			assert.Equal(t, "a", body)
		case <-time.After(10 * time.Second):
			t.Fatal("held up")
		}
	}
	assert.Empty(t, answered, "it is not answered before every pipeline has")
	close(held)
	require.NoError(t, <-answered)
}

func TestPipelinesThatChangeRecordsGetACopy(t *testing.T) {
	seen := make(chan string, 3)
	changes := to(t, true, func(l plog.Logs) error {
		l.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(0).Body().SetStr("changed")
		return nil
	})
	looks := to(t, false, func(l plog.Logs) error { seen <- bodyOf(l); return nil })
	c := fanOutTo(t, changes, looks, changes, looks)
	assert.False(t, c.Capabilities().MutatesData)
	require.NoError(t, c.ConsumeLogs(t.Context(), batch("a")))
	assert.Equal(t, "a", <-seen)
	assert.Equal(t, "a", <-seen)
}

func TestTheOnlyPipelineGetsTheRecordsThemselves(t *testing.T) {
	c := fanOutTo(t, to(t, true, func(l plog.Logs) error {
		l.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(0).Body().SetStr("changed")
		return nil
	}))
	assert.True(t, c.Capabilities().MutatesData)
	l := batch("a")
	require.NoError(t, c.ConsumeLogs(t.Context(), l))
	assert.Equal(t, "changed", bodyOf(l))
}

func TestEveryRefusalIsReported(t *testing.T) {
	one, other := errors.New("one"), errors.New("other")
	c := fanOutTo(t, to(t, false, func(plog.Logs) error { return one }), to(t, false, func(plog.Logs) error { return nil }), to(t, false, func(plog.Logs) error { return other }))
	err := c.ConsumeLogs(t.Context(), batch("a"))
	require.ErrorIs(t, err, one)
	require.ErrorIs(t, err, other)
}
