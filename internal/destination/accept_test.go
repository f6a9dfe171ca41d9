package destination

import (
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/consumer/consumererror"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
)

// now is the time of these tests.
var now = time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)

// at returns records whose bodies are their names, and that are so old.
func at(ages map[string]time.Duration) plog.Logs {
	logs := plog.NewLogs()
	for name, age := range ages {
		rl := logs.ResourceLogs().AppendEmpty()
		rl.Resource().Attributes().PutStr("of", name)
		record := rl.ScopeLogs().AppendEmpty().LogRecords().AppendEmpty()
		record.Body().SetStr(name)
		record.SetTimestamp(pcommon.NewTimestampFromTime(now.Add(-age)))
	}
	return logs
}

func namesOf(logs plog.Logs) (names []string) {
	for _, rl := range logs.ResourceLogs().All() {
		name, _ := rl.Resource().Attributes().Get("of")
		for _, sl := range rl.ScopeLogs().All() {
			for _, record := range sl.LogRecords().All() {
				names = append(names, record.Body().Str())
				if name.Str() != record.Body().Str() {
					names = append(names, "a record of another resource")
				}
			}
		}
	}
	return names
}

func TestTimesThatADestinationTakes(t *testing.T) {
	const day = 24 * time.Hour
	ages := map[string]time.Duration{"old": 8 * day, "at the bound": 7 * day, "new": 0, "ahead": -time.Minute, "far ahead": -time.Hour, "1969": 57 * 365 * day}
	for name, test := range map[string]struct {
		accept         AcceptConfig
		tooOld, tooNew []string
	}{
		"no bounds":                 {},
		"past":                      {accept: AcceptConfig{Past: 7 * day}, tooOld: []string{"old", "1969"}},
		"future":                    {accept: AcceptConfig{Future: 10 * time.Minute}, tooNew: []string{"far ahead", "1969"}},
		"both":                      {accept: AcceptConfig{Past: 7 * day, Future: time.Minute}, tooOld: []string{"old", "1969"}, tooNew: []string{"far ahead"}},
		"a past longer than time":   {accept: AcceptConfig{Past: 1<<63 - 1}},
		"a future longer than time": {accept: AcceptConfig{Future: 1<<63 - 1}, tooNew: []string{"1969"}},
	} {
		t.Run(name, func(t *testing.T) {
			logs := at(ages)
			without := logs
			for i, want := range [][]string{test.tooOld, test.tooNew} {
				within, beyond, divided := test.accept.Bounds(now)[i].Divide(without)
				assert.Equal(t, want != nil, divided)
				if divided {
					assert.ElementsMatch(t, want, namesOf(beyond))
				}
				without = within
			}
			assert.Equal(t, logs.LogRecordCount(), without.LogRecordCount()+len(test.tooOld)+len(test.tooNew))
		})
	}
}

func TestTimeThatCounts(t *testing.T) {
	accept := AcceptConfig{Past: time.Hour, Future: time.Hour}
	for name, test := range map[string]struct {
		timestamp, observed time.Time
		outside             bool
	}{
		"none":                   {},
		"observed now":           {observed: now},
		"observed long ago":      {observed: now.Add(-2 * time.Hour), outside: true},
		"old, and observed now":  {timestamp: now.Add(-2 * time.Hour), observed: now, outside: true},
		"now, and observed then": {timestamp: now, observed: now.Add(-2 * time.Hour)},
		"of 1970":                {timestamp: time.Unix(0, 1), outside: true},
	} {
		t.Run(name, func(t *testing.T) {
			logs := plog.NewLogs()
			record := logs.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords().AppendEmpty()
			for set, value := range map[*time.Time]func(pcommon.Timestamp){&test.timestamp: record.SetTimestamp, &test.observed: record.SetObservedTimestamp} {
				if !set.IsZero() {
					value(pcommon.NewTimestampFromTime(*set))
				}
			}
			outside := false
			for _, bound := range accept.Bounds(now) {
				_, _, divided := bound.Divide(logs)
				outside = outside || divided
			}
			assert.Equal(t, test.outside, outside)
		})
	}
}

func TestRequestsOfASpan(t *testing.T) {
	const day = 24 * time.Hour
	logs := at(map[string]time.Duration{"3.5": 84 * time.Hour, "3": 3 * day, "2.5": 60 * time.Hour, "1": day, "0": 0})
	rl := logs.ResourceLogs().AppendEmpty()
	rl.Resource().Attributes().PutStr("of", "timeless")
	rl.ScopeLogs().AppendEmpty().LogRecords().AppendEmpty().Body().SetStr("timeless")
	accept := AcceptConfig{Span: day}
	var requests [][]string
	for divided := true; divided; {
		var next plog.Logs
		next, logs, divided = accept.NextRequest(logs)
		requests = append(requests, namesOf(next))
	}
	require.Len(t, requests, 2)
	assert.ElementsMatch(t, []string{"timeless", "3.5", "3", "2.5"}, requests[0])
	assert.ElementsMatch(t, []string{"1", "0"}, requests[1])
	_, _, divided := (&AcceptConfig{}).NextRequest(at(map[string]time.Duration{"0": 0, "9": 9 * day}))
	assert.False(t, divided, "0 is no bound")
}

func TestRecordsThatAreTakenCostNothing(t *testing.T) {
	logs, accept := at(map[string]time.Duration{"0": 0, "1": time.Hour}), AcceptConfig{Past: 2 * time.Hour, Future: time.Hour, Span: 2 * time.Hour}
	assert.Zero(t, testing.AllocsPerRun(100, func() {
		for _, bound := range accept.Bounds(now) {
			_, _, _ = bound.Divide(logs)
		}
		_, _, _ = accept.NextRequest(logs)
	}))
}

func TestErrorHoldsWhatIsLeft(t *testing.T) {
	failed := errors.New("failed")
	one, two := records(1), records(2)
	for name, test := range map[string]struct {
		err  error
		left int
	}{
		"all of it":         {Holding(failed, two), 2},
		"what it holds":     {Holding(consumererror.NewLogs(failed, one), two), 1},
		"and what follows":  {Holding(failed, two, one), 3},
		"both":              {Holding(consumererror.NewLogs(failed, one), two, two), 3},
		"nothing has gone":  {Holding(nil, two, one), -1},
		"and says what for": {Holding(NewRefusal(Throttled, "slowly"), two), 2},
	} {
		t.Run(name, func(t *testing.T) {
			held := consumererror.Logs{}
			if test.left < 0 {
				require.NoError(t, test.err)
				return
			}
			require.ErrorAs(t, test.err, &held)
			assert.Equal(t, test.left, held.Data().LogRecordCount())
		})
	}
	assert.Equal(t, Throttled, OfError(Holding(NewRefusal(Throttled, "slowly"), two)))
}

func TestBoundsOfTimeAreChecked(t *testing.T) {
	require.NoError(t, (&AcceptConfig{Past: time.Hour}).Validate())
	require.EqualError(t, (&AcceptConfig{Past: -time.Hour, Span: -1}).Validate(),
		"past must not be negative (got -1h0m0s); 0 is no bound\nspan must not be negative (got -1ns); 0 is no bound")
}

// BenchmarkAccept is what a batch pays of which nothing is outside.
func BenchmarkAccept(b *testing.B) {
	logs, accept := records(1000), AcceptConfig{Past: time.Hour, Future: time.Hour, Span: time.Hour}
	for _, rl := range logs.ResourceLogs().All() {
		for _, sl := range rl.ScopeLogs().All() {
			for _, record := range sl.LogRecords().All() {
				record.SetTimestamp(pcommon.NewTimestampFromTime(now))
			}
		}
	}
	b.ReportAllocs()
	for b.Loop() {
		for _, bound := range accept.Bounds(now) {
			_, _, _ = bound.Divide(logs)
		}
		_, _, _ = accept.NextRequest(logs)
	}
}
