package alertmanagerexporter

import (
	"fmt"
	"testing"
	"time"

	"github.com/prometheus/common/model"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// state returns an alert that began so many minutes after noon, and has ended if it says when.
func state(fingerprint string, starts int, ends ...int) *alert {
	a := &alert{Fingerprint: fingerprint, Starts: minute(starts), Received: minute(starts), Labels: model.LabelSet{"alertname": model.LabelValue(fingerprint)}}
	if len(ends) > 0 {
		a.Resolved, a.Ends, a.Received = true, minute(ends[0]), minute(ends[0])
	}
	return a
}

func minute(n int) time.Time { return noon.Add(time.Duration(n) * time.Minute) }

func fingerprints(batch []message) (all []string) {
	for _, m := range batch {
		all = append(all, m.Fingerprint)
	}
	return all
}

func TestNewestStateIsKept(t *testing.T) {
	fires, ends, again := state("a", 0), state("a", 0, 5), state("a", 10)
	for name, test := range map[string]struct{ come []*alert }{
		"in order":                  {[]*alert{fires, ends, again}},
		"each twice":                {[]*alert{fires, fires, ends, ends, again, again}},
		"all again":                 {[]*alert{fires, ends, again, fires, ends, again}},
		"the other way round":       {[]*alert{again, ends, fires}},
		"the resolution comes late": {[]*alert{fires, again, ends}},
	} {
		t.Run(name, func(t *testing.T) {
			table := newTable(10, 1, time.Minute)
			for _, a := range test.come {
				_, dropped := table.put(a)
				assert.Nil(t, dropped)
			}
			assert.Same(t, again, table.get("a"))
			assert.EqualValues(t, 1, table.active())
		})
	}
	table := newTable(10, 1, time.Minute)
	for _, a := range []*alert{ends, fires, ends} {
		table.put(a)
	}
	assert.Same(t, ends, table.get("a"), "a resolution is not undone by the beginning that comes behind it")
	assert.Zero(t, table.active())
	changed, dropped := table.put(fires)
	assert.Empty(t, changed)
	assert.Nil(t, dropped)
}

func TestFullTableKeepsWhatFires(t *testing.T) {
	table := newTable(3, 1, time.Minute)
	put := func(a *alert, changed []string, dropped string) {
		t.Helper()
		have, lost := table.put(a)
		var names []string
		for _, a := range have {
			names = append(names, a.Fingerprint)
		}
		assert.Equal(t, changed, names)
		if lost == nil {
			lost = &alert{}
		}
		assert.Equal(t, dropped, lost.Fingerprint)
	}
	put(state("a", 0), []string{"a"}, "")
	put(state("b", 0, 1), []string{"b"}, "")
	put(state("c", 0, 2), []string{"c"}, "")
	put(state("d", 0, 3), nil, "d") // a resolution replaces none
	put(state("e", 4), []string{"b", "e"}, "b")
	batch, _ := table.due(0, minute(4))
	table.told(0, batch, minute(4))
	put(state("f", 4), []string{"c", "f"}, "") // everybody knows that c is resolved
	put(state("g", 5), nil, "g")               // nothing that fires is replaced
	put(state("a", 0, 6), []string{"a"}, "")   // and can end
	put(state("g", 5), []string{"a", "g"}, "a")
	assert.EqualValues(t, 3, table.active())
}

func TestEachAlertmanagerIsToldWhatItDoesNotKnow(t *testing.T) {
	table := newTable(10, 2, time.Minute)
	table.put(state("a", 0))
	table.put(state("b", 0, 1))
	for number := range 2 {
		batch, _ := table.due(number, minute(2))
		assert.ElementsMatch(t, []string{"a", "b"}, fingerprints(batch))
	}
	batch, _ := table.due(0, minute(2))
	assert.Equal(t, 2, newsIn(batch))
	table.told(0, batch, minute(2))
	batch, next := table.due(0, minute(2))
	assert.Empty(t, batch)
	assert.Equal(t, minute(3), next, "what fires is repeated")
	assert.Zero(t, table.waiting(0))
	assert.EqualValues(t, 2, table.waiting(1))
	batch, _ = table.due(1, minute(2))
	assert.Len(t, batch, 2)

	batch, _ = table.due(0, minute(3))
	assert.Equal(t, []string{"a"}, fingerprints(batch))
	table.failed(0, batch, minute(3))
	batch, next = table.due(0, minute(3))
	assert.Empty(t, batch, "a repetition is not tried again")
	assert.Equal(t, minute(4), next)
	batch, _ = table.due(0, minute(4))
	assert.Zero(t, newsIn(batch))
	table.told(0, batch, minute(4))

	table.put(state("a", 0, 4))
	batch, _ = table.due(0, minute(4))
	table.failed(0, batch, minute(4))
	batch, next = table.due(0, minute(4))
	assert.Equal(t, []string{"a"}, fingerprints(batch), "news are tried again")
	assert.Zero(t, next)
	table.refused(0, batch[0])
	batch, _ = table.due(0, minute(4))
	assert.Empty(t, batch, "what is refused is not sent again")
}

// TestAlertThatWasOverBeforeAnybodyHeard is one that began and ended while an Alertmanager
// was down, or in records that are read late. Resolved at once, it would notify nobody.
func TestAlertThatWasOverBeforeAnybodyHeard(t *testing.T) {
	for name, test := range map[string]struct {
		toldAt int // when it was told that the alert fires, or 0
		late   bool
	}{
		"not told":          {0, true},
		"told when it was":  {1, false},
		"told when it over": {9, true},
	} {
		t.Run(name, func(t *testing.T) {
			table := newTable(10, 1, time.Minute)
			table.put(state("a", 0))
			if test.toldAt > 0 {
				batch, _ := table.due(0, minute(test.toldAt))
				table.told(0, batch, minute(test.toldAt))
				batch, _ = table.due(0, minute(12))
				table.told(0, batch, minute(12)) // a repetition
			}
			table.put(state("a", 0, 5))
			batch, _ := table.due(0, minute(20))
			require.Len(t, batch, 1)
			assert.Equal(t, test.late, batch[0].late)
			sent := batch[0].wire(minute(20), time.Minute)
			assert.Equal(t, test.late, !sent.ResolvedAt(minute(20)))
			assert.True(t, sent.ResolvedAt(minute(21)), "it ends by itself")
			table.told(0, batch, minute(20))
			batch, next := table.due(0, minute(30))
			assert.Empty(t, batch)
			assert.Zero(t, next)
		})
	}
	table := newTable(10, 1, time.Minute)
	table.put(state("a", 0, 5))
	batch, _ := table.due(0, minute(20))
	assert.False(t, batch[0].late, "of what nobody has seen beginning, only the end is known")
}

// TestAlertsThatAlertmanagerCannotTellApart have the same labels, since what differs was
// redacted: the end of one is not that of the others.
func TestAlertsThatAlertmanagerCannotTellApart(t *testing.T) {
	table := newTable(10, 1, time.Minute)
	redacted := func(fingerprint string, starts int, ends ...int) *alert {
		a := state(fingerprint, starts, ends...)
		a.Labels = model.LabelSet{"alertname": "FailedLogins", "client_address": "[REDACTED]"}
		return a
	}
	send := func() (sent []string) {
		batch, _ := table.due(0, minute(10))
		table.told(0, batch, minute(10))
		return fingerprints(batch)
	}
	table.put(redacted("a", 0))
	table.put(redacted("b", 1))
	assert.Len(t, send(), 2)
	table.put(redacted("a", 0, 2))
	assert.Empty(t, send(), "b fires")
	assert.Zero(t, table.waiting(0))
	table.put(redacted("b", 1, 3))
	assert.Equal(t, []string{"b"}, send())
	assert.Empty(t, table.firing)
}

func TestWhatIsRefusedIsNotRepeated(t *testing.T) {
	table := newTable(10, 1, time.Minute)
	table.put(state("a", 0))
	batch, _ := table.due(0, minute(0))
	table.refused(0, batch[0])
	batch, next := table.due(0, minute(10))
	assert.Empty(t, batch)
	assert.Zero(t, next)
	table.put(state("a", 0, 11))
	batch, _ = table.due(0, minute(11))
	assert.Len(t, batch, 1, "its resolution is another matter")
}

func TestAnswerIsOnlyForWhatWasSent(t *testing.T) {
	table := newTable(10, 1, time.Minute)
	table.put(state("a", 0))
	sent, _ := table.due(0, minute(0))
	table.put(state("a", 0, 1)) // while the request is on its way
	table.told(0, sent, minute(0))
	batch, _ := table.due(0, minute(1))
	require.Len(t, batch, 1)
	assert.True(t, batch[0].Resolved)
	assert.False(t, batch[0].late, "it has heard of it")
	table.put(state("b", 0))
	sent, _ = table.due(0, minute(2))
	table.put(state("b", 0, 1))
	table.told(0, sent, minute(2))
	batch, _ = table.due(0, minute(2))
	for _, m := range batch {
		assert.Equal(t, m.Fingerprint == "b", m.late, "but not in time")
	}
}

func TestRequestsAreBounded(t *testing.T) {
	table := newTable(10000, 1, time.Minute)
	for i := range 1000 {
		table.put(state(fmt.Sprint(i), 0))
	}
	sent, requests := 0, 0
	for batch, _ := table.due(0, noon); len(batch) > 0; batch, _ = table.due(0, noon) {
		assert.LessOrEqual(t, len(batch), maxBatch)
		sent += len(batch)
		table.told(0, batch, noon)
		requests++
	}
	assert.Equal(t, 1000, sent)
	assert.Equal(t, 4, requests)
	large := state("large", 0)
	large.Annotations = model.LabelSet{"a": model.LabelValue(make([]byte, maxBatchBytes))}
	assert.Len(t, fitting([]message{{alert: large}, {alert: large}}), 1)
	assert.Len(t, fitting([]message{{alert: state("small", 0)}, {alert: large}}), 1)
}

func TestResolvedAlertsExpire(t *testing.T) {
	table := newTable(10, 2, time.Minute)
	for _, a := range []*alert{state("a", 0), state("b", 0, 1), state("c", 0, 2), state("d", 0, 3)} {
		table.put(a)
	}
	for number := range 2 {
		batch, _ := table.due(number, minute(3))
		for _, m := range batch {
			if m.Fingerprint == "b" || number == 0 {
				table.told(number, []message{m}, minute(3))
			}
		}
	}
	gone, untold := table.expire(minute(3))
	assert.Len(t, gone, 2)
	assert.Equal(t, 1, untold, "one of them has not got through to the second")
	assert.Nil(t, table.get("b"))
	assert.NotNil(t, table.get("a"), "what fires does not expire")
	assert.NotNil(t, table.get("d"))
}

// BenchmarkDue is what it costs to find out what is due among all that can be there.
func BenchmarkDue(b *testing.B) {
	table := newTable(10_000, 1, time.Minute)
	for i := range 10_000 {
		table.put(state(fmt.Sprint(i), 0))
	}
	for batch, _ := table.due(0, noon); len(batch) > 0; batch, _ = table.due(0, noon) {
		table.told(0, batch, noon)
	}
	b.ReportAllocs()
	for b.Loop() {
		if batch, _ := table.due(0, noon); len(batch) > 0 {
			b.Fatal(len(batch))
		}
	}
}
