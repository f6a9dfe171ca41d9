package destination

import (
	"time"

	"go.opentelemetry.io/collector/config/configoptional"
	"go.opentelemetry.io/collector/exporter/exporterhelper"
)

// DefaultQueue is how our exporters make batches: in memory, each answered for when
// the destination has taken it. What waits is the source.
func DefaultQueue() configoptional.Optional[exporterhelper.QueueBatchConfig] {
	return configoptional.Some(exporterhelper.QueueBatchConfig{
		WaitForResult:   true,
		BlockOnOverflow: true,
		Sizer:           exporterhelper.RequestSizerTypeRequests,
		QueueSize:       1000,
		NumConsumers:    16,
		Batch: configoptional.Some(exporterhelper.BatchConfig{
			FlushTimeout: 200 * time.Millisecond,
			Sizer:        exporterhelper.RequestSizerTypeBytes,
			MinSize:      256 << 10,
			MaxSize:      700_000, // within every vendor's limit
		}),
	})
}
