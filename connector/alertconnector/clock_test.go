package alertconnector

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
)

// What was seen while the clock was ahead does not keep rules from judging when it is set
// back, and an alert of that time ends.
func TestAClockThatIsSetBackKeepsNothingFromBeingJudged(t *testing.T) {
	for name, while := range map[string][]logged{
		"nothing came":        nil,
		"a record came":       {failedLogin(3*time.Hour, "203.0.113.9")},
		"it fired":            every(6, time.Second, func(at time.Duration) logged { return failedLogin(3*time.Hour+at, "203.0.113.9") }),
		"it fired before":     every(6, time.Second, func(at time.Duration) logged { return failedLogin(-time.Hour+at, "203.0.113.9") }),
		"others came":         every(3, time.Second, func(at time.Duration) logged { return handled(3*time.Hour+at, 9000) }),
		"it fired in a row":   every(3, time.Second, func(at time.Duration) logged { return handled(3*time.Hour+at, 9000) }),
		"it fired all around": every(20, time.Second, func(at time.Duration) logged { return failure(3*time.Hour + at) }),
	} {
		t.Run(name, func(t *testing.T) {
			keep := newMemory()
			a := start(t, four, keep, begin.Add(-time.Hour))
			a.clock.Store(begin.Add(3*time.Hour + 20*time.Second).UnixNano())
			if len(while) > 0 {
				a.give(while...)
			}
			a.pass(0)
			before := a.said()
			a.clock.Store(begin.Add(time.Minute).UnixNano())
			a.pass(0)
			a.give(every(6, time.Second, func(at time.Duration) logged { return failedLogin(at, "203.0.113.9") })...)
			a.give(every(3, time.Second, func(at time.Duration) logged { return handled(at, 9000) })...)
			a.give(every(11, time.Second, failure)...)
			a.pass(10 * time.Minute)
			a.pass(30 * time.Minute)
			said := a.said()[len(before):]
			assert.Contains(t, said, "firing FailedLogins 5s client.address=203.0.113.9")
			assert.Contains(t, said, "firing SlowProcessing 2s process.pid=7 scope.name=app")
			assert.Contains(t, said, "firing ErrorBurst 10s")
			for _, each := range a.ruler.evaluator.rules {
				assert.Zero(t, each.Active(), each.Name)
			}
		})
	}
}

// Records that do not say when they were read are taken in the order in which they come,
// also after one that was read in a time to come.
func TestRecordsInARowWithoutATimeOfReading(t *testing.T) {
	for name, first := range map[string]time.Time{"none": {}, "one that has one": begin, "one of 2099": begin.Add(600_000 * time.Hour)} {
		t.Run(name, func(t *testing.T) {
			a := start(t, four, nil, begin.Add(time.Minute))
			give := func(seconds int, milliseconds float64, read time.Time) {
				logs := batchOf(handled(time.Duration(seconds)*time.Second, milliseconds))
				record := logs.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(0)
				record.SetObservedTimestamp(0)
				if !read.IsZero() {
					record.SetObservedTimestamp(pcommon.NewTimestampFromTime(read))
				}
				require.NoError(t, a.ConsumeLogs(t.Context(), logs))
				a.clock.Add(int64(time.Second))
			}
			give(0, 1, first)
			for i := range 30 {
				give(1+i, 1, time.Time{})
			}
			give(31, 9000, time.Time{})
			give(32, 9000, time.Time{})
			require.Empty(t, a.said())
			give(33, 9000, time.Time{})
			give(34, 1, time.Time{})
			require.Equal(t, []string{"firing SlowProcessing 33s process.pid=7 scope.name=app", "resolved SlowProcessing 33s..34s process.pid=7 scope.name=app"}, a.said())
		})
	}
}

// Those that are fine make no groups, which others would have to go for.
func TestRecordsThatDoNotMatchEvictNoRow(t *testing.T) {
	a := start(t, `
rules:
  Slow: {kind: consecutive, condition: 'attributes["processing_time_ms"] > 5000', records: 2, group_by: [client.address], max_groups: 10}
`, newMemory(), begin.Add(time.Minute))
	request := func(at time.Duration, address string, milliseconds float64) logged {
		return logged{at: at, attributes: map[string]any{"client.address": address, "processing_time_ms": milliseconds}}
	}
	a.give(request(0, "203.0.113.9", 9000))
	a.give(every(100, time.Millisecond, func(at time.Duration) logged { return request(at, at.String(), 1) })...)
	a.give(request(time.Second, "203.0.113.9", 9000))
	require.Equal(t, []string{"firing Slow 1s client.address=203.0.113.9"}, a.said())
	require.Zero(t, a.ruler.evaluator.rules[0].Counts.Evicted)
}
