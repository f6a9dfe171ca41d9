package inflight

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mina-observability/otelcol-mina/internal/minalog"
	"github.com/mina-observability/otelcol-mina/receiver/minareceiver/internal/checkpoint"
)

// texts returns what a batch has of every record, with what stands around its cuts.
func texts(records *minalog.Batch) (all []string) {
	for _, rl := range records.Logs().ResourceLogs().All() {
		for _, sl := range rl.ScopeLogs().All() {
			for _, record := range sl.LogRecords().All() {
				all = append(all, fmt.Sprint(record.Body().AsString(), record.SeverityText(), record.Timestamp(), record.Attributes().AsRaw()))
			}
		}
	}
	return all
}

// A batch that is refused is decoded again, also one that begins in the middle of a line.
func TestABatchIsDecodedAgainAsItWas(t *testing.T) {
	const limit = 1 << 10
	config := minalog.DefaultConfig()
	decoder, err := minalog.NewDecoder(&config)
	require.NoError(t, err)
	text := `{"timestamp": "2025-10-01T16:12:05Z", "level": "ERROR", "message": "` + strings.Repeat("a b c ", 1000) + `"}` + "\n" +
		"2025-10-01 16:12:05,785 ERROR app: text\n" + strings.Repeat("  goes on\n", 300) + "half"
	s := NewSource(minalog.Origin{}, limit, checkpoint.Position{})
	b := NewBatcher(TransportFile, decoder, nil)
	for i := 0; i < len(text); i += limit {
		b.Write(s, text[i:min(i+limit, len(text))])
		switch {
		case i+limit >= len(text):
			b.End(s)
		case i > 8*limit:
			b.Flush(s)
		}
		p := s.handOver()
		again := minalog.NewBatch(time.Now())
		p.decode(decoder, again)
		assert.Equal(t, texts(b.records), texts(again), i)
		b.records, s.batched = nil, false
		b.sources = b.sources[:0]
	}
}

func TestAHoleIsPassedOver(t *testing.T) {
	const hole = 1 << 30
	config := minalog.DefaultConfig()
	decoder, err := minalog.NewDecoder(&config)
	require.NoError(t, err)
	s := NewSource(minalog.Origin{}, 1<<20, checkpoint.Position{})
	b := NewBatcher(TransportFile, decoder, nil)
	const first, last = "2025-10-01 16:12:05,785 ERROR app: before\n", `{"message": "behind"}` + "\n"
	b.Write(s, first)
	b.SkipNULs(s, hole)
	assert.False(t, s.Pending())
	assert.Equal(t, strings.Repeat("\x00", checkpoint.FingerprintSize), string(s.Before()))
	b.Write(s, last)
	assert.EqualValues(t, len(first)+hole+len(last), s.Offset())
	assert.Len(t, texts(b.records), 2)
	assert.EqualValues(t, hole, b.records.NULs)
	p := s.handOver()
	again := minalog.NewBatch(time.Now())
	p.decode(decoder, again)
	assert.Len(t, texts(again), 2)
}
