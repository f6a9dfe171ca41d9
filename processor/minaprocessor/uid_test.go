package minaprocessor

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/mina-observability/otelcol-mina/internal/minalog"
)

// A record is known by its identity, which stays whatever it looks like: one in two
// thousand has decimal digits alone.
func TestTheIdentityOfARecordStays(t *testing.T) {
	config := minalog.DefaultConfig()
	decoder, err := minalog.NewDecoder(&config)
	require.NoError(t, err)
	random := rand.New(rand.NewPCG(1, 2))
	p := newTestProcessor(t, map[string]any{"semconv": nil, "redaction": map[string]any{"sets": []any{"all"}}})
	const line = `{"message": "m"}` + "\n"
	for range 10000 {
		text := minalog.NewText()
		if random.IntN(2) == 0 {
			text = digitsAlone(random)
		}
		stream, batch := minalog.NewStream(minalog.Origin{Text: text}, 1<<20), minalog.NewBatch(observed)
		stream.StartAt(random.Int64N(1 << (10 + random.IntN(30))))
		stream.Write(decoder, batch, strings.Repeat(line, 2))
		before := recordUIDs(batch.Logs())
		logs, err := p.process(t.Context(), batch.Logs())
		require.NoError(t, err)
		require.Equal(t, before, recordUIDs(logs))
		require.Len(t, before, 2)
	}
}

// digitsAlone draws what has no letters as a hexadecimal number.
func digitsAlone(random *rand.Rand) (text uint64) {
	for range 16 {
		text = text<<4 | random.Uint64N(10)
	}
	return text
}

func recordUIDs(logs plog.Logs) (all []string) {
	for _, record := range logs.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().All() {
		uid, ok := record.Attributes().Get("log.record.uid")
		all = append(all, fmt.Sprint(uid.AsString(), ok))
	}
	return all
}
