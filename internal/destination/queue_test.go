package destination

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/config/configoptional"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/exporter/exporterhelper"
)

func TestOverrideOfTheQueueChangesOneKeyAlone(t *testing.T) {
	type config struct {
		Queue configoptional.Optional[exporterhelper.QueueBatchConfig] `mapstructure:"sending_queue"`
	}
	cfg := config{DefaultQueue()}
	require.NoError(t, confmap.NewFromStringMap(map[string]any{
		"sending_queue": map[string]any{"num_consumers": 4, "batch": map[string]any{"max_size": 800_000}},
	}).Unmarshal(&cfg))
	require.NoError(t, confmap.Validate(cfg))
	want := DefaultQueue()
	want.Get().NumConsumers = 4
	want.Get().Batch.Get().MaxSize = 800_000
	assert.Equal(t, want, cfg.Queue)
	assert.True(t, cfg.Queue.Get().WaitForResult)
}
