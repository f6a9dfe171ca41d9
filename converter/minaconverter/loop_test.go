package minaconverter

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestATopicThatIsReadAndWritten(t *testing.T) {
	for name, tt := range map[string]struct {
		source, destination string
		loop                bool
	}{
		"the same":                {"{brokers: 'a:1, b:1', topics: mina}", "{brokers: 'b:1', logs: {topic: mina}}", true},
		"the same, in lists":      {"{brokers: [a:1], topics: [audit, mina]}", "{brokers: [a:1, b:1], logs: {topic: mina}}", true},
		"another topic":           {"{brokers: a:1, topics: mina}", "{brokers: a:1, logs: {topic: minas}}", false},
		"another cluster":         {"{brokers: a:1, topics: mina}", "{brokers: b:1, logs: {topic: mina}}", false},
		"what is the stock topic": {"{brokers: a:1, topics: mina}", "{brokers: a:1}", false},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := convert(t, fmt.Sprintf(`
receivers: {lossless_kafka: %s}
connectors: {fanout: {}}
exporters: {kafka: %s}
service:
  pipelines:
    logs: {receivers: [lossless_kafka], exporters: [fanout]}
    logs/kafka: {receivers: [fanout], exporters: [kafka]}
`, tt.source, tt.destination[:len(tt.destination)-1]+", sending_queue: {enabled: false}}"))
			if tt.loop {
				require.ErrorContains(t, err, `receivers::lossless_kafka reads the topic "mina" that exporters::kafka writes to`)
				return
			}
			require.NoError(t, err)
		})
	}
}
