package window

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// start is when the records of tests begin.
const start = int64(1_700_000_000_000_000_000)

// at is a time after start.
func at(seconds float64) int64 { return start + int64(seconds*float64(time.Second)) }

// seconds is a time as one after start, for what a test says.
func seconds(at int64) float64 { return time.Duration(at - start).Seconds() }

func ids(times ...float64) (records []Record) {
	for i, seconds := range times {
		records = append(records, Record{Time: at(seconds), Order: int64(i), ID: uint64(i), Match: true})
	}
	return records
}

func values(times []float64, values ...uint64) (records []Record) {
	for i, r := range ids(times...) {
		r.Value = values[i]
		records = append(records, r)
	}
	return records
}

func TestHolds(t *testing.T) {
	fiveInAMinute := Spec{Kind: Count, Window: time.Minute, Threshold: 5, Lateness: 5 * time.Second}
	twoValues := Spec{Kind: Distinct, Window: time.Minute, Threshold: 2}
	silence := Spec{Kind: Absence, Window: 10 * time.Minute}
	same := Record{Time: at(1), ID: 7}
	tests := map[string]struct {
		spec    Spec
		records []Record
		now     float64
		holds   bool
		value   float64
		until   float64 // 0: never
	}{
		"nothing":                                {spec: fiveInAMinute},
		"as many as the threshold":               {spec: fiveInAMinute, records: ids(0, 1, 2, 3, 4), now: 4, value: 5},
		"one more":                               {spec: fiveInAMinute, records: ids(0, 1, 2, 3, 4, 5), now: 5, holds: true, value: 6, until: 60},
		"many more, of which the latest count":   {spec: fiveInAMinute, records: ids(0, 1, 2, 3, 4, 5, 6, 7), now: 7, holds: true, value: 6, until: 62},
		"until the first one leaves the window":  {spec: fiveInAMinute, records: ids(0, 1, 2, 3, 4, 5), now: 60, value: 5},
		"just before":                            {spec: fiveInAMinute, records: ids(0, 1, 2, 3, 4, 5), now: 59.999, holds: true, value: 6, until: 60},
		"long after":                             {spec: fiveInAMinute, records: ids(0, 1, 2, 3, 4, 5), now: 3600},
		"a minute apart":                         {spec: fiveInAMinute, records: ids(0, 1, 2, 3, 4, 60), now: 60, value: 5},
		"less than a minute apart":               {spec: fiveInAMinute, records: ids(0, 1, 2, 3, 4, 59.999), now: 59.999, holds: true, value: 6, until: 60},
		"in any order":                           {spec: fiveInAMinute, records: ids(5, 3, 4, 0, 2, 1), now: 5, holds: true, value: 6, until: 60},
		"all at once":                            {spec: fiveInAMinute, records: ids(1, 1, 1, 1, 1, 1, 1, 1), now: 1, holds: true, value: 6, until: 61},
		"one that comes again and again":         {spec: fiveInAMinute, records: []Record{same, same, same, same, same, same, same}, now: 1, value: 1},
		"asked for a time before the newest one": {spec: fiveInAMinute, records: ids(0, 1, 2, 3, 4, 90), now: 10, value: 1},
		"any record at all":                      {spec: Spec{Kind: Count, Window: time.Minute}, records: ids(3), now: 3, holds: true, value: 1, until: 63},

		"as many values":               {spec: twoValues, records: values([]float64{0, 1, 2, 3}, 1, 2, 1, 2), now: 3, value: 2},
		"one value more":               {spec: twoValues, records: values([]float64{0, 1, 2, 3}, 1, 2, 1, 3), now: 3, holds: true, value: 3, until: 61},
		"a value that is seen again":   {spec: twoValues, records: values([]float64{0, 1, 2, 50}, 1, 2, 3, 1), now: 50, holds: true, value: 3, until: 61},
		"values that are too far away": {spec: twoValues, records: values([]float64{0, 1, 60}, 1, 2, 3), now: 60, value: 2},

		"silence that has not begun":       {spec: silence, now: 5000},
		"silence not long enough":          {spec: silence, records: ids(0), now: 599.5, value: 599.5, until: 600},
		"silence":                          {spec: silence, records: ids(0), now: 600, holds: true, value: 600},
		"silence since the last":           {spec: silence, records: ids(0, 300), now: 600, value: 300, until: 900},
		"silence that a late one does not": {spec: silence, records: ids(300, 0), now: 600, value: 300, until: 900},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			w := test.spec.New()
			for _, r := range test.records {
				w.Add(r)
			}
			state := w.At(at(test.now))
			assert.Equal(t, test.holds, state.Holds)
			assert.InDelta(t, test.value, state.Value, 0)
			if test.until == 0 {
				assert.Equal(t, int64(never), state.Until)
			} else {
				assert.InDelta(t, test.until, seconds(state.Until), 0)
			}
		})
	}
}

func TestTellsWhetherARecordChangesAnything(t *testing.T) {
	spec := Spec{Kind: Count, Window: time.Minute, Threshold: 2, Lateness: 5 * time.Second}
	many := Spec{Kind: Count, Window: time.Minute, Threshold: MaxExact + 1, Lateness: 5 * time.Second}
	distinct := Spec{Kind: Distinct, Window: time.Minute, Threshold: 2}
	tests := map[string]struct {
		spec    Spec
		records []Record
		record  Record
		want    Outcome
	}{
		"a new one":                           {spec, ids(0), Record{Time: at(1), ID: 9}, Outcome{Changed: true}},
		"one of the same time":                {spec, ids(0), Record{Time: at(0), ID: 9}, Outcome{Changed: true}},
		"one that is known":                   {spec, ids(0, 1), Record{Time: at(0), ID: 0}, Outcome{}},
		"older than all that have room":       {spec, ids(10, 11, 12), Record{Time: at(9), ID: 9}, Outcome{}},
		"older, where there is room":          {spec, ids(10, 11), Record{Time: at(9), ID: 9}, Outcome{Changed: true}},
		"between those that are known":        {spec, ids(10, 11, 13), Record{Time: at(12), ID: 9}, Outcome{Changed: true}},
		"as old as is allowed":                {spec, ids(65), Record{Time: at(0), ID: 9}, Outcome{Changed: true}},
		"older than is allowed":               {spec, ids(65.001), Record{Time: at(0), ID: 9}, Outcome{Late: true}},
		"many: a new one":                     {many, ids(0), Record{Time: at(0), ID: 0}, Outcome{Changed: true}},
		"many: before the window":             {many, ids(63), Record{Time: at(1), ID: 9}, Outcome{}},
		"many: older than is allowed":         {many, ids(65.001), Record{Time: at(0), ID: 9}, Outcome{Late: true}},
		"a value that is seen later":          {distinct, values([]float64{0}, 1), Record{Time: at(1), Value: 1}, Outcome{Changed: true}},
		"a value that was seen before":        {distinct, values([]float64{2}, 1), Record{Time: at(1), Value: 1}, Outcome{}},
		"a value that is older than all":      {distinct, values([]float64{2, 3, 4}, 1, 2, 3), Record{Time: at(1), Value: 4}, Outcome{}},
		"one that ends a silence":             {Spec{Kind: Absence, Window: time.Minute}, ids(0), Record{Time: at(90)}, Outcome{Changed: true}},
		"one that is before the last":         {Spec{Kind: Absence, Window: time.Minute}, ids(1), Record{Time: at(0)}, Outcome{}},
		"one that is long before the last":    {Spec{Kind: Absence, Window: time.Minute}, ids(100), Record{Time: at(0)}, Outcome{Late: true}},
		"a match":                             {row, nil, Record{Match: true}, Outcome{Changed: true}},
		"no match, where there is no run":     {row, nil, Record{}, Outcome{}},
		"no match, where a run has ended":     {row, order("ms"), Record{Time: at(9), Order: 9}, Outcome{}},
		"no match, after a match":             {row, order("sm"), Record{Time: at(9), Order: 9}, Outcome{Changed: true}},
		"no match, late and before the first": {row, order("m"), Record{Time: at(-1), Order: -1}, Outcome{}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			w := test.spec.New()
			for _, r := range test.records {
				w.Add(r)
			}
			assert.Equal(t, test.want, w.Add(test.record))
		})
	}
}

// A window that cannot be read stays as it is.
func TestRefusesWhatIsNotItsOwn(t *testing.T) {
	spec := Spec{Kind: Count, Window: time.Minute, Threshold: 5}
	full := spec.New()
	for _, r := range ids(0, 1, 2, 3, 4, 5) {
		full.Add(r)
	}
	stored, err := full.AppendBinary(nil)
	require.NoError(t, err)
	tests := map[string]struct {
		spec   Spec
		stored []byte
		want   error
	}{
		"nothing":                     {spec, nil, errDamaged},
		"half of it":                  {spec, stored[:len(stored)/2], errDamaged},
		"more than all of it":         {spec, append(stored[:len(stored):len(stored)], 0), errDamaged},
		"more than the rule has room": {Spec{Kind: Count, Window: time.Minute, Threshold: 4}, stored, errDamaged},
		"another kind's":              {Spec{Kind: Distinct, Window: time.Minute, Threshold: 5}, stored, errOther},
		"a kind's of the future":      {spec, []byte("x"), errOther},
		"out of order":                {spec, []byte("c\x02\x04aaaaaaaa\x03aaaaaaaa"), errDamaged},
		"a sub-window's other length": {Spec{Kind: Count, Window: time.Hour, Threshold: 2000}, subWindowsOfAMinute(t), errOther},
		"orders out of order":         {row, []byte("r\x00\x02\x01\x04\x00\x01\x03\x00"), errDamaged},
		"a match that is neither":     {row, []byte("r\x00\x01\x02\x04\x00"), errDamaged},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			w := test.spec.New()
			w.Add(Record{Time: at(0), ID: 1, Value: 1, Match: true})
			before, err := w.AppendBinary(nil)
			require.NoError(t, err)
			require.ErrorIs(t, w.UnmarshalBinary(test.stored), test.want)
			after, err := w.AppendBinary(nil)
			require.NoError(t, err)
			assert.Equal(t, before, after)
		})
	}
}

func subWindowsOfAMinute(t *testing.T) []byte {
	t.Helper()
	spec := Spec{Kind: Count, Window: time.Minute, Threshold: 2000}
	stored, err := spec.New().AppendBinary(nil)
	require.NoError(t, err)
	return stored
}
