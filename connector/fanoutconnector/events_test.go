package fanoutconnector

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"
)

// event returns a batch with a record of an event among others.
func event(name string) plog.Logs {
	batch := batchOf("x", name)
	batch.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(1).SetEventName(name)
	return batch
}

func TestBatchesWithoutTheEventPassAPipelineBy(t *testing.T) {
	for name, change := range map[string]func(*Config){"acknowledged": nil, "queued": queued} {
		t.Run(name, func(t *testing.T) {
			all, alerts := &destinationDouble{}, &destinationDouble{}
			s := fanOut(t, &memory{}, func(c *Config) {
				c.Events = map[string]string{"logs/b": "mina.alert"}
				if change != nil {
					change(c)
				}
			}, all, alerts)
			require.NoError(t, s.ConsumeLogs(t.Context(), batchOf("y")))
			require.NoError(t, s.ConsumeLogs(t.Context(), event("other")))
			require.NoError(t, s.ConsumeLogs(t.Context(), event("mina.alert")))
			eventually(t, func() bool { return len(all.taken()) == 5 && len(alerts.taken()) == 2 }, "not delivered")
			assert.Equal(t, []string{"x", "mina.alert"}, alerts.taken())
		})
	}
}

func TestTheOnlyPipelineMayBeForAnEvent(t *testing.T) {
	d := &destinationDouble{}
	s := fanOut(t, nil, func(c *Config) { c.Events = map[string]string{"logs/a": "mina.alert"} }, d)
	require.NoError(t, s.ConsumeLogs(t.Context(), batchOf("y")))
	require.NoError(t, s.ConsumeLogs(t.Context(), event("mina.alert")))
	assert.Equal(t, []string{"x", "mina.alert"}, d.taken())
}

func TestRecordsOfNoEventLetAPipelineSpill(t *testing.T) {
	down, alerts := &destinationDouble{}, &destinationDouble{}
	down.set(fails(errDown))
	s := fanOut(t, &memory{}, func(c *Config) { c.Events = map[string]string{"logs/b": "mina.alert"} }, down, alerts)
	require.NoError(t, s.ConsumeLogs(t.Context(), batchOf("y")), "the source goes on")
	assert.Empty(t, alerts.taken())
}

func TestAPipelineForAnEventThatIsNotThereIsNamed(t *testing.T) {
	cfg := createDefaultConfig().(*Config)
	cfg.Events = map[string]string{"logs/alertmanager": "mina.alert"}
	assert.EqualError(t, cfg.checkPipelines(nil), "events: no pipeline logs/alertmanager begins with this connector (there are )")
}
