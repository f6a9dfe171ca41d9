package minareceiver

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mina-observability/otelcol-mina/internal/minaattr"
	"github.com/mina-observability/otelcol-mina/internal/minalog"
)

// TestTheLinesOfTheReadmeAreRecognized reads the examples of the README's table.
func TestTheLinesOfTheReadmeAreRecognized(t *testing.T) {
	text, err := os.ReadFile("README.md")
	require.NoError(t, err)
	_, rest, found := strings.Cut(string(text), "<!-- lines -->\n")
	require.True(t, found)
	table, _, found := strings.Cut(rest, "<!-- end of lines -->")
	require.True(t, found)
	rows := strings.Split(strings.TrimSpace(table), "\n")[2:]
	require.NotEmpty(t, rows)
	cfg := minalog.DefaultConfig()
	decoder, err := minalog.NewDecoder(&cfg)
	require.NoError(t, err)
	for _, row := range rows {
		_, example, _ := strings.Cut(row, " | `")
		example, format, found := strings.Cut(example, "` | ")
		require.True(t, found, row)
		example = strings.NewReplacer("⏎", "\n", `\|`, "|").Replace(example) + "\n"
		b := minalog.NewBatch(time.Unix(1759335126, 0))
		stream := minalog.NewStream(minalog.Origin{}, 1<<20)
		stream.Write(decoder, b, example)
		stream.End(decoder, b)
		require.Equal(t, 1, b.Len(), row)
		assert.Zero(t, b.Failures, row)
		record := b.Logs().ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(0)
		assert.NotContains(t, record.Attributes().AsRaw(), minaattr.ParseError, row)
		assert.NotZero(t, record.SeverityNumber(), row)
		for counted, n := range b.Lines {
			assert.Equal(t, minalog.Format(counted).String()+" |" == format, n > 0, "%s is counted under %s", row, minalog.Format(counted))
		}
	}
}
