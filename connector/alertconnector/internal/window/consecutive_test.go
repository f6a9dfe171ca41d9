package window

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// row asks for three matches in a row.
var row = Spec{Kind: Consecutive, Records: 3, Within: 10 * time.Minute}

// order makes records a second apart out of letters: m matches, s does not, and a blank is
// a minute in which nothing comes.
func order(letters string) (records []Record) {
	now := 0.0
	for i, letter := range letters {
		if letter == ' ' {
			now += 60
			continue
		}
		now++
		records = append(records, Record{Time: at(now), Order: int64(i), Match: letter == 'm'})
	}
	return records
}

func TestMatchesInARow(t *testing.T) {
	tests := map[string]struct {
		records string
		// arrival says which of them come in which order, if not in their own: a letter each.
		arrival string
		holds   bool
		value   float64
	}{
		"none":                         {records: ""},
		"two":                          {records: "mm", value: 2},
		"three":                        {records: "mmm", holds: true, value: 3},
		"on and on":                    {records: "mmmmm", holds: true, value: 5},
		"longer than there is room":    {records: strings.Repeat("m", 100), holds: true, value: 22},
		"one that does not between":    {records: "mmsm", value: 1},
		"one that does not behind":     {records: "mmms"},
		"anew after one that does not": {records: "mmsmmm", holds: true, value: 3},
		"after many that do not":       {records: strings.Repeat("s", 100) + "mmm", holds: true, value: 3},
		"within":                       {records: "m         m         m", holds: true, value: 3},
		"not within":                   {records: "mm          m", value: 1},
		"anew, when it was not within": {records: "mm          mmm", holds: true, value: 3},

		"the last one comes first":             {records: "mmm", arrival: "cab", holds: true, value: 3},
		"the first one comes last":             {records: "mmm", arrival: "bca", holds: true, value: 3},
		"one that does not comes late":         {records: "mmsm", arrival: "abdc", value: 1},
		"it comes late and is before the run":  {records: "smmm", arrival: "bcda", holds: true, value: 3},
		"a run in front of one that came":      {records: "mmms", arrival: "dabc"},
		"a run among those that came":          {records: "ssmmmss", arrival: "abfgcde"},
		"what is behind a run comes before it": {records: "mmmsm", arrival: "deabc", value: 1},
		"the middle comes last":                {records: "mmsmm", arrival: "abdec", value: 2},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			w := row.New()
			records := arrive(order(test.records), test.arrival)
			for _, r := range records {
				w.Add(r)
			}
			state := w.At(0)
			assert.Equal(t, test.holds, state.Holds)
			assert.InDelta(t, test.value, state.Value, 0)
		})
	}
}

func arrive(records []Record, arrival string) []Record {
	if arrival == "" {
		return records
	}
	came := make([]Record, 0, len(records))
	for _, letter := range arrival {
		came = append(came, records[letter-'a'])
	}
	return came
}

func TestRunEndsWhenNothingMatchesForLong(t *testing.T) {
	w := row.New()
	for _, r := range order("mmm") {
		w.Add(r)
	}
	assert.Equal(t, State{Holds: true, Value: 3, Until: at(603), First: at(1), Last: at(3)}, w.At(at(3)))
	assert.True(t, w.At(at(603)-1).Holds)
	assert.Equal(t, State{Until: never}, w.At(at(603)))
}

// A run that is only known when it has ended is told of once.
func TestTellsOfARunThatItMissed(t *testing.T) {
	tests := map[string]struct {
		records, arrival string
		want             []State // of those that were missed
	}{
		"in order": {records: "mmms", arrival: "abcd"},
		"the end overtakes": {
			records: "mmms", arrival: "dabc",
			want: []State{{Holds: true, Value: 3, Until: at(4), First: at(1), Last: at(3)}},
		},
		"the middle comes last": {
			records: "mmms", arrival: "acdb",
			want: []State{{Holds: true, Value: 3, Until: at(4), First: at(1), Last: at(3)}},
		},
		"a longer one, once": {
			records: "mmmmms", arrival: "fabcde",
			want: []State{{Holds: true, Value: 3, Until: at(4 + 2), First: at(1), Last: at(3)}},
		},
		"one that was told of already": {records: "mmmmms", arrival: "abdefc"},
		"too short":                    {records: "mms", arrival: "cab"},
		"two of them": {
			records: "mmmsmmms", arrival: "habcdefg",
			want: []State{{Holds: true, Value: 3, Until: at(8), First: at(1), Last: at(3)}, {Holds: true, Value: 3, Until: at(8), First: at(5), Last: at(7)}},
		},
		"one that time has ended": {
			records: "mmm          ms", arrival: "dabc",
			want: []State{{Holds: true, Value: 3, Until: at(603), First: at(1), Last: at(3)}},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			w := row.New()
			var missed []State
			all := order(test.records)
			for _, r := range arrive(all, test.arrival) {
				if outcome := w.Add(r); outcome.Missed.Holds {
					missed = append(missed, outcome.Missed)
				}
			}
			assert.Equal(t, test.want, missed)
		})
	}
}

// Batches that overtake each other tell of each run once, when it holds or as one that was
// missed, where no run goes on from one into the next.
func TestBatchesThatOvertakeEachOtherTellOfEachRun(t *testing.T) {
	for seed := range uint64(300) {
		random := rand.New(rand.NewPCG(seed, 3))
		var batches [][]Record
		for i := range 12 {
			letters := []byte("s------s")
			for at := range letters[1:7] {
				letters[at+1] = "msmm"[random.IntN(4)]
			}
			batch := order(string(letters))
			for j := range batch {
				batch[j].Order, batch[j].Time = batch[j].Order+int64(100*i), batch[j].Time+int64(i)*int64(time.Minute)
			}
			batches = append(batches, batch)
		}
		want := told(slices.Concat(batches...))
		for i := 0; i+1 < len(batches); i += 2 + random.IntN(2) {
			batches[i], batches[i+1] = batches[i+1], batches[i]
		}
		require.Equal(t, want, told(slices.Concat(batches...)), "seed %d", seed)
	}
}

// told returns how many runs a window tells of.
func told(records []Record) (runs int) {
	w := row.New()
	holds := false
	for _, r := range records {
		if w.Add(r).Missed.Holds {
			runs++
		}
		held := holds
		if holds = w.At(0).Holds; holds && !held {
			runs++
		}
	}
	return runs
}

// Where nothing has the same place, the order of coming does not matter to what holds.
func TestConsecutiveInAnyOrder(t *testing.T) {
	for seed := range uint64(300) {
		random := rand.New(rand.NewPCG(seed, 4))
		made := make([]Record, 22)
		for i := range made {
			made[i] = Record{Time: at(float64(i) * 100), Order: int64(i), Match: random.IntN(4) > 0}
		}
		m := &model{spec: row, records: made}
		want := m.at(0)
		random.Shuffle(len(made), func(i, j int) { made[i], made[j] = made[j], made[i] })
		w := row.New()
		for _, r := range made {
			w.Add(r)
		}
		slices.SortFunc(made, func(a, b Record) int { return cmp.Compare(a.Order, b.Order) })
		require.Equal(t, want, w.At(0), "seed %d", seed)
	}
}
