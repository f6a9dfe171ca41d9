package loglines_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mina-observability/otelcol-mina/test/loglines"
)

func TestLinesHaveTheirShapeAndNumber(t *testing.T) {
	for _, shape := range []loglines.Shape{{300, 5}, {650, 20}, {5000, 20}, {650, 5}, {4000, 100}} {
		t.Run(fmt.Sprint(shape), func(t *testing.T) {
			for _, n := range []int{0, 7, 1234567} {
				line := shape.Append(nil, n)
				assert.InDelta(t, shape.Size, len(line), 120)
				var record map[string]any
				require.NoError(t, json.Unmarshal(line, &record))
				assert.Equal(t, n, loglines.Number([]byte(record["message"].(string))))
				values := 0
				for name, value := range record {
					if object, nested := value.(map[string]any); nested && name != "exception" {
						values += len(object)
					} else if name != "exception" {
						values++
					}
				}
				assert.InDelta(t, shape.Fields+4, values, 3)
			}
		})
	}
	assert.Equal(t, -1, loglines.Number([]byte("no number")))
}
