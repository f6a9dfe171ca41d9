package inflight

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mina-observability/otelcol-mina/internal/minalog"
	"github.com/mina-observability/otelcol-mina/receiver/minareceiver/internal/checkpoint"
)

// identified is an origin whose records get an identity.
var identified = minalog.Origin{Text: 1}

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
	s := NewSource(identified, limit, checkpoint.Position{})
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
	s := NewSource(identified, 1<<20, checkpoint.Position{})
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
	assert.Equal(t, texts(b.records), texts(again), "what is behind the hole stands where it stood")
}

// A record of one writer does not wait for as long as another goes on writing, and is in
// the batch also when that is decoded again.
func TestEveryWriterOfASourceHasItsOwnPatience(t *testing.T) {
	config := minalog.DefaultConfig()
	decoder, err := minalog.NewDecoder(&config)
	require.NoError(t, err)
	const (
		failed = "2025-10-01T16:12:05Z stderr F 2025-10-01 16:12:05,785 ERROR app: failed\n"
		busy   = "2025-10-01T16:12:05Z stdout F 2025-10-01 16:12:05,785 INFO app: busy\n"
		more   = "2025-10-01T16:12:06Z stderr F more\n"
	)
	s := NewSource(identified, 1<<20, checkpoint.Position{})
	b := NewBatcher(TransportFile, decoder, nil)
	handOver := func() (all []string) {
		p := s.handOver()
		again := minalog.NewBatch(time.Now())
		p.decode(decoder, again)
		all = texts(again)
		assert.ElementsMatch(t, texts(b.records), all)
		b.records, s.batched = nil, false
		b.sources = b.sources[:0]
		return all
	}
	b.Write(s, failed+busy)
	assert.True(t, b.FlushIdle(s, time.Nanosecond), "nobody writes")
	assert.Len(t, handOver(), 2)

	s.marked = time.Now()
	b.Write(s, failed)
	b.Write(s, busy)
	assert.False(t, b.FlushIdle(s, time.Hour))
	s.mark, s.marked = s.Offset(), time.Now().Add(-time.Hour)
	b.Write(s, busy+more+busy)
	assert.True(t, b.FlushIdle(s, time.Minute))
	assert.Len(t, handOver(), 2, "what is open has been written to")
	s.marked = time.Now().Add(-time.Hour)
	b.Write(s, busy)
	assert.True(t, b.FlushIdle(s, time.Minute))
	assert.Len(t, handOver(), 2, "one writer has been idle")
	b.Write(s, more)
	b.End(s)
	assert.Len(t, handOver(), 2)
}

var marker = regexp.MustCompile(`#\d+#`)

// markersOf returns the markers in the records of a batch.
func markersOf(records *minalog.Batch) (markers []string) {
	for _, text := range texts(records) {
		markers = append(markers, marker.FindAllString(text, -1)...)
	}
	slices.Sort(markers)
	return slices.Compact(markers)
}

// identities know the records that have been seen.
type identities struct{ bodies, uids map[string]string }

// require sees to it that the records of a batch have identities of their own, and that
// one which has been seen has that which it had. The marker in its body tells which it is.
func (i *identities) require(t *testing.T, records *minalog.Batch) {
	t.Helper()
	seen := map[string]bool{}
	for _, rl := range records.Logs().ResourceLogs().All() {
		for _, sl := range rl.ScopeLogs().All() {
			for _, record := range sl.LogRecords().All() {
				body := record.Body().AsString()
				if original, ok := record.Attributes().Get("log.record.original"); ok {
					body = original.Str()
				}
				v, _ := record.Attributes().Get("log.record.uid")
				require.False(t, seen[v.Str()], "two records of a batch are one: %s", body)
				seen[v.Str()] = true
				if !marker.MatchString(body) {
					continue
				}
				if uid, ok := i.uids[body]; ok {
					require.Equal(t, uid, v.Str(), "%s has been another one", body)
				}
				if known, ok := i.bodies[v.Str()]; ok { // as far as it was there
					require.Equal(t, marker.FindString(known), marker.FindString(body), "two records are one: %q %q", known, body)
				}
				i.uids[body], i.bodies[v.Str()] = v.Str(), body
			}
		}
	}
}

// Whatever several writers write into one file, and wherever it is cut into batches:
// a batch that is decoded again has the same lines, and maybe some that have waited for
// more before the others, and what is read behind a checkpoint has all that was not
// acknowledged.
func TestInterleavedWritersLoseNothing(t *testing.T) {
	config := minalog.DefaultConfig()
	config.IncludeOriginal = true
	decoder, err := minalog.NewDecoder(&config)
	require.NoError(t, err)
	forms := []string{
		"2025-10-01T16:12:05Z stderr F 2025-10-01 16:12:05,785 ERROR app: %s\n", "2025-10-01T16:12:05Z stderr F Traceback (most recent call last):\n", "2025-10-01T16:12:05Z stderr F   File \"%s\", line 1, in f\n",
		"2025-10-01T16:12:05Z stderr F ValueError: %s\n", "2025-10-01T16:12:05Z stdout F {\"message\": \"%s\"}\n", "2025-10-01T16:12:05Z stdout P part %s\n", "2025-10-01T16:12:05Z stdout F rest %s\n",
		"web-1  | 2025-10-01 16:12:05,785 INFO app: %s\n", "web-1  | more %s\n", "db-1  | {\n", "db-1  |   \"message\": \"%s\"\n", "db-1  | }\n", "printed %s\n", "[2025-10-01 16:12:05 +0000] [7] [INFO] %s\n", "{\"message\": \"%s\"}\n",
		"2025-10-01T16:12:05Z stdout F " + strings.Repeat("x ", 300) + "%s\n", "2025-10-01 16:12:05 ~ %s\n",
	}
	for seed := range uint64(100) {
		random := rand.New(rand.NewPCG(seed, 0))
		var text strings.Builder
		for i := range 60 {
			form := forms[random.IntN(len(forms))]
			if strings.Contains(form, "%s") {
				form = fmt.Sprintf(form, fmt.Sprintf("#%d#", i))
			}
			text.WriteString(form)
		}
		all := marker.FindAllString(text.String(), -1)
		slices.Sort(all)

		s, b := NewSource(identified, 512, checkpoint.Position{}), NewBatcher(TransportFile, decoder, nil)
		known := identities{map[string]string{}, map[string]string{}}
		var acknowledged []string
		rest := text.String()
		for rest != "" {
			n := strings.IndexByte(rest, '\n') + 1
			b.Write(s, rest[:n])
			rest = rest[n:]
			if random.IntN(4) == 0 {
				s.marked = time.Time{}
				b.FlushIdle(s, time.Hour)
				b.FlushIdle(s, time.Nanosecond*time.Duration(1+random.IntN(2)*int(time.Hour)))
			}
			if rest == "" {
				b.End(s)
			} else if random.IntN(5) > 0 {
				continue
			}
			p := s.handOver()
			again := minalog.NewBatch(time.Now())
			p.decode(decoder, again)
			require.Subset(t, markersOf(again), markersOf(b.records), "seed %d\n%s", seed, text.String())
			known.require(t, b.records)
			known.require(t, again)
			acknowledged = append(acknowledged, markersOf(b.records)...)
			b.records, s.batched = nil, false
			b.sources = b.sources[:0]

			s.acks.Done(p.ack)
			at := s.acks.Acknowledged().Offset
			restarted, behind := NewSource(identified, 512, checkpoint.Position{Offset: at}), NewBatcher(TransportFile, decoder, nil)
			restarted.Follows([]byte(text.String()[:at]))
			behind.Write(restarted, text.String()[at:])
			behind.End(restarted)
			known.require(t, behind.records)
			delivered := slices.Concat(acknowledged, markersOf(behind.records))
			slices.Sort(delivered)
			require.Equal(t, all, slices.Compact(delivered), "killed at %d, seed %d\n%s", at, seed, text.String())
		}
		slices.Sort(acknowledged)
		require.Equal(t, all, slices.Compact(acknowledged), "seed %d", seed)
	}
}
