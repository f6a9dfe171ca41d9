package alertconnector

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/mina-observability/otelcol-mina/internal/turn"
)

// The four alerts that Mina's documents ask for.
const four = `
rules:
  ErrorBurst: {kind: count, condition: severity_number >= SEVERITY_NUMBER_ERROR, window: 5m, threshold: 10}
  CriticalRecord: {kind: count, condition: severity_number >= SEVERITY_NUMBER_FATAL, window: 1m, keep_firing_for: 5m, group_by: [scope.name]}
  SlowProcessing: {kind: consecutive, condition: 'attributes["processing_time_ms"] > 5000', among: 'attributes["processing_time_ms"] != nil', records: 3}
  FailedLogins: {kind: count, condition: 'IsMatch(body, "Login failed")', window: 1m, threshold: 5, group_by: [client.address]}
`

func failedLogin(at time.Duration, address string) logged {
	return logged{at: at, severity: plog.SeverityNumberWarn, body: "Login failed for ana", attributes: map[string]any{"client.address": address}}
}

func failure(at time.Duration) logged {
	return logged{at: at, severity: plog.SeverityNumberError, body: "boom"}
}

func handled(at time.Duration, milliseconds float64) logged {
	return logged{at: at, body: "Request handled", logger: "app", attributes: map[string]any{"processing_time_ms": milliseconds}}
}

// every returns n records with so much time between them.
func every(n int, step time.Duration, make func(time.Duration) logged) (records []logged) {
	for i := range n {
		records = append(records, make(time.Duration(i)*step))
	}
	return records
}

func TestAnAlertFiresWhenItsConditionIsMetExactly(t *testing.T) {
	for name, tt := range map[string]struct {
		records []logged
		said    []string
	}{
		"ten errors are not too many":         {every(10, 20*time.Second, failure), nil},
		"eleven are":                          {every(11, 20*time.Second, failure), []string{"firing ErrorBurst 3m20s"}},
		"eleven over more than five minutes":  {every(11, 30*time.Second, failure), nil},
		"eleven in less by a nanosecond":      {every(11, 30*time.Second-1, failure), []string{"firing ErrorBurst 4m59.99999999s"}},
		"one critical record":                 {[]logged{{severity: plog.SeverityNumberFatal, logger: "app.pay"}}, []string{"firing CriticalRecord 0s scope.name=app.pay"}},
		"one of no logger":                    {[]logged{{severity: plog.SeverityNumberFatal}}, []string{"firing CriticalRecord 0s"}},
		"three slow requests in a row":        {[]logged{handled(0, 5001), handled(1, 9000), handled(2, 5000.5)}, []string{"firing SlowProcessing 2ns process.pid=7 scope.name=app"}},
		"what takes five seconds is not slow": {[]logged{handled(0, 5001), handled(1, 5000), handled(2, 5001), handled(3, 5001)}, nil},
		"what has no time is not in the row":  {[]logged{handled(0, 5001), handled(1, 5001), {at: 2, body: "x", logger: "app"}, handled(3, 5001)}, []string{"firing SlowProcessing 3ns process.pid=7 scope.name=app"}},
		"six failed logins from one address": {
			every(6, time.Second, func(at time.Duration) logged { return failedLogin(at, "203.0.113.9") }),
			[]string{"firing FailedLogins 5s client.address=203.0.113.9"},
		},
		"six from six": {every(6, time.Second, func(at time.Duration) logged { return failedLogin(at, "203.0.113."+at.String()) }), nil},
		"six from nowhere": {every(6, time.Second, func(at time.Duration) logged {
			return logged{at: at, body: "Login failed"}
		}), nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Run("in one batch", func(t *testing.T) {
				a := start(t, four, nil, begin.Add(5*time.Minute))
				a.give(tt.records...)
				assert.ElementsMatch(t, tt.said, a.said())
			})
			t.Run("one by one, and each twice", func(t *testing.T) {
				a := start(t, four, newMemory(), begin.Add(5*time.Minute))
				for _, record := range tt.records {
					a.give(record)
					a.give(record)
				}
				assert.ElementsMatch(t, tt.said, a.said())
			})
			t.Run("with a kill after each record", func(t *testing.T) {
				keep, said := newMemory(), map[string]bool{}
				for i := range tt.records {
					a := start(t, four, keep, begin.Add(5*time.Minute))
					a.give(tt.records[max(0, i-5):min(i+1, len(tt.records))]...) // the last five come again
					keep = keep.copied()
					for _, transition := range a.said() {
						said[transition] = true
					}
					a.stop()
				}
				assert.Len(t, said, len(tt.said))
				for _, transition := range tt.said {
					assert.True(t, said[transition], transition)
				}
			})
		})
	}
}

func TestAnAlertEnds(t *testing.T) {
	const rules = `
rules:
  Plain: {kind: count, condition: body == "a", window: 1m, threshold: 1}
  Kept: {kind: count, condition: body == "b", window: 1m, keep_firing_for: 2m}
  Held: {kind: count, condition: body == "c", window: 1m, for: 30s}
  Row: {kind: consecutive, condition: body == "d", records: 2, within: 1m, group_by: [scope.name]}
  None: {kind: absence, condition: body == "e", window: 10m}
  Many: {kind: distinct, condition: body == "f", attribute: client.address, window: 1m, threshold: 1}
`
	say := func(at time.Duration, body string) logged { return logged{at: at, body: body, logger: "app"} }
	from := func(at time.Duration, address string) logged {
		return logged{at: at, body: "f", attributes: map[string]any{"client.address": address}}
	}
	for name, tt := range map[string]struct {
		records []logged
		pass    time.Duration
		said    []string
	}{
		"when the window has passed":            {[]logged{say(0, "a"), say(10*time.Second, "a")}, 2 * time.Minute, []string{"firing Plain 10s", "resolved Plain 10s..1m0s"}},
		"not before, less what may be late":     {[]logged{say(0, "a"), say(10*time.Second, "a")}, time.Minute + 4*time.Second, []string{"firing Plain 10s"}},
		"after it is kept firing":               {[]logged{say(0, "b")}, 4 * time.Minute, []string{"firing Kept 0s", "resolved Kept 0s..3m0s"}},
		"not while it is kept firing":           {[]logged{say(0, "b")}, 3 * time.Minute, []string{"firing Kept 0s"}},
		"when it has held for long enough":      {[]logged{say(0, "c"), say(time.Second, "c")}, 40 * time.Second, []string{"firing Held 30s"}},
		"it does not fire before":               {[]logged{say(0, "c")}, 34 * time.Second, nil},
		"it ends by what is not in the row":     {[]logged{say(0, "d"), say(1, "d"), say(2, "x")}, 0, []string{"firing Row 1ns scope.name=app", "resolved Row 1ns..2ns scope.name=app"}},
		"or by the time that passes":            {[]logged{say(0, "d"), say(1, "d")}, 2 * time.Minute, []string{"firing Row 1ns scope.name=app", "resolved Row 1ns..1m0.000000001s scope.name=app"}},
		"nothing has come since the start":      {nil, 11 * time.Minute, []string{"firing None 10m0s"}},
		"nothing has come since the last":       {[]logged{say(5*time.Minute, "e")}, 16 * time.Minute, []string{"firing None 15m0s"}},
		"one value twice is one":                {[]logged{from(0, "a"), from(1, "a")}, 0, nil},
		"two values are more than one":          {[]logged{from(0, "a"), from(1, "b")}, 2 * time.Minute, []string{"firing Many 1ns", "resolved Many 1ns..1m0s"}},
		"a new record ends what is long over":   {[]logged{say(0, "a"), say(1, "a"), say(3*time.Minute, "a")}, 0, []string{"firing Plain 1ns", "resolved Plain 1ns..1m0s"}},
		"and more of them begin it anew":        {[]logged{say(0, "a"), say(1, "a"), say(3*time.Minute, "a"), say(3*time.Minute+1, "a")}, 0, []string{"firing Plain 1ns", "resolved Plain 1ns..1m0s", "firing Plain 3m0.000000001s"}},
		"what holds on has one beginning":       {every(100, time.Second, func(at time.Duration) logged { return say(at, "a") }), 0, []string{"firing Plain 1s"}},
		"a record of 2099 ends nothing":         {[]logged{say(0, "a"), say(1, "a"), say(10_000*time.Hour, "x")}, 0, []string{"firing Plain 1ns"}},
		"and does not keep others from judging": {[]logged{say(10_000*time.Hour, "a"), say(0, "a")}, 0, []string{"firing Plain 0s"}},
	} {
		t.Run(name, func(t *testing.T) {
			a := start(t, rules, newMemory(), begin)
			for _, record := range tt.records {
				a.clock.Store(max(a.clock.Load(), begin.Add(record.at%time.Hour).UnixNano()))
				a.give(record)
			}
			a.pass(begin.Add(tt.pass).Sub(a.ruler.now()))
			assert.ElementsMatch(t, append([]string{}, tt.said...), a.said())
		})
	}
}

func TestAnAbsenceEndsWithTheFirstRecord(t *testing.T) {
	a := start(t, `rules: {None: {kind: absence, condition: 'true', window: 10m, keep_firing_for: 1m}}`, nil, begin)
	a.pass(11 * time.Minute)
	a.give(logged{at: 11 * time.Minute})
	assert.Equal(t, []string{"firing None 10m0s"}, a.said())
	a.pass(2 * time.Minute)
	assert.Equal(t, []string{"firing None 10m0s", "resolved None 10m0s..12m0s"}, a.said())
}

func TestAnAbsenceInALogOfAnyAgeIsFound(t *testing.T) {
	const rules = `
max_age: 0s
rules:
  Beat: {kind: absence, condition: body == "beat", window: 10m}
  Never: {kind: absence, condition: body == "never", window: 10m}
`
	a := start(t, rules, nil, begin.Add(1000*time.Hour))
	beat := func(at time.Duration) logged { return logged{at: at, body: "beat"} }
	a.give(beat(time.Minute), beat(2*time.Minute), beat(20*time.Minute), logged{at: 21 * time.Minute})
	assert.ElementsMatch(t, []string{"firing Never 11m0s", "firing Beat 12m0s", "resolved Beat 12m0s..20m0s"}, a.said())
}

func TestRecordsThatAreTooOldAreCountedAndNotJudged(t *testing.T) {
	a := start(t, four, nil, begin.Add(2*time.Hour))
	a.give(every(11, time.Second, failure)...)
	assert.Empty(t, a.said())
	assert.EqualValues(t, 11, a.ruler.evaluator.rules[1].Counts.Late)
}

func TestABacklogIsJudgedAsItWouldHaveBeen(t *testing.T) {
	a := start(t, four, nil, begin.Add(30*time.Minute))
	a.give(every(11, time.Second, failure)...)
	a.give(logged{at: 20 * time.Minute})
	assert.Equal(t, []string{"firing ErrorBurst 10s", "resolved ErrorBurst 10s..5m0s"}, a.said())
}

func TestAStormOfGroupsIsBoundedAndTheOtherRulesGoOn(t *testing.T) {
	a := start(t, `
rules:
  ByAddress: {kind: count, condition: 'IsMatch(body, "x")', window: 1h, threshold: 1, group_by: [client.address], max_groups: 100}
  All: {kind: count, condition: 'IsMatch(body, "x")', window: 1h, threshold: 999}
`, newMemory(), begin.Add(5*time.Minute))
	a.give(every(1000, time.Millisecond, func(at time.Duration) logged {
		return logged{at: at, body: "x", attributes: map[string]any{"client.address": at.String()}}
	})...)
	assert.Equal(t, []string{"firing All 999ms"}, a.said())
	counts := a.ruler.evaluator.rules[1].Counts
	assert.EqualValues(t, 900, counts.Evicted)
	assert.EqualValues(t, 1000, counts.Matched)
}

func TestAGroupThatFiresIsNotEvicted(t *testing.T) {
	a := start(t, `rules: {R: {kind: count, condition: 'true', window: 1h, group_by: [client.address], max_groups: 1}}`, nil, begin)
	for i := range 3 {
		a.give(failedLogin(time.Duration(i), fmt.Sprint(i)))
	}
	assert.Equal(t, []string{"firing R 0s client.address=0"}, a.said())
}

func TestAlertsOfRulesThatAreGoneEnd(t *testing.T) {
	keep := newMemory()
	a := start(t, four, keep, begin)
	a.give(logged{severity: plog.SeverityNumberFatal, logger: "app"})
	require.Equal(t, []string{"firing CriticalRecord 0s scope.name=app"}, a.said())
	a.stop()
	for name, rules := range map[string]string{
		"removed": `rules: {}`,
		"changed": `rules: {CriticalRecord: {kind: count, condition: 'false', window: 1m, group_by: [scope.name]}}`,
	} {
		t.Run(name, func(t *testing.T) {
			a := start(t, rules, keep.copied(), begin.Add(time.Second))
			assert.Equal(t, []string{"resolved CriticalRecord 0s..1s scope.name=app"}, a.said())
		})
	}
}

func TestAStorageThatFailsHoldsUpNothing(t *testing.T) {
	keep := newMemory()
	a := start(t, four, keep, begin)
	a.said()
	keep.failing.Store(true)
	began := time.Now()
	a.give(logged{severity: plog.SeverityNumberFatal, logger: "app"})
	assert.Less(t, time.Since(began), commitPatience+patience)
	require.Eventually(t, func() bool { return a.sink.LogRecordCount() == 1 }, patience, 10*time.Millisecond)
	began = time.Now()
	for i := range 10 {
		a.give(failure(time.Duration(i)))
	}
	assert.Less(t, time.Since(began), commitPatience, "each batch waits")
	keep.failing.Store(false)
	assert.Equal(t, []string{"firing CriticalRecord 0s scope.name=app"}, a.said())
}

func TestTheStateOfAlertsOutlivesTheConnector(t *testing.T) {
	keep := newMemory()
	a := start(t, four, keep, begin)
	a.give(logged{severity: plog.SeverityNumberFatal, logger: "app"})
	require.Len(t, a.said(), 1)
	a.stop()
	b := start(t, four, keep, begin.Add(5*time.Minute))
	b.give(logged{severity: plog.SeverityNumberFatal, logger: "app", at: 30 * time.Second})
	assert.Empty(t, b.said(), "it fires already")
	b.pass(time.Hour)
	assert.Equal(t, []string{"resolved CriticalRecord 0s..6m30s scope.name=app"}, b.said())
}

func TestAlertsOfACollectorBeforeAreNoRecordsToJudge(t *testing.T) {
	a := start(t, four, nil, begin)
	critical := batchOf(logged{severity: plog.SeverityNumberFatal, logger: "app"})
	critical.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(0).SetEventName("mina.alert")
	require.NoError(t, a.ConsumeLogs(t.Context(), critical))
	assert.Empty(t, a.said())
}

func TestBatchesThatOvertakeEachOtherAreJudgedInTheirOrder(t *testing.T) {
	a := start(t, four, nil, begin.Add(30*time.Minute))
	var turns turn.Queue
	first, second := turns.Next(), turns.Next()
	var work sync.WaitGroup
	work.Go(func() {
		ctx := turn.NewContext(t.Context(), second)
		assert.NoError(t, a.ConsumeLogs(ctx, batchOf(failure(20*time.Minute)))) // by which the others would be too late
	})
	assert.NoError(t, a.ConsumeLogs(turn.NewContext(t.Context(), first), batchOf(every(11, time.Second, failure)...)))
	work.Wait()
	assert.Equal(t, []string{"firing ErrorBurst 10s", "resolved ErrorBurst 10s..5m0s"}, a.said())
}
