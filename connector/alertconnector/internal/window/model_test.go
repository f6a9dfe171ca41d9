package window

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// model remembers every record, and looks at all of them to tell how things stand.
type model struct {
	spec    Spec
	records []Record
}

func (m *model) newest() (newest int64) {
	for _, r := range m.records {
		newest = max(newest, r.Time)
	}
	return newest
}

func (m *model) at(now int64) State {
	now = max(now, m.newest())
	switch m.spec.Kind {
	case Count, Distinct:
		return m.latest(now)
	case Consecutive:
		return m.consecutive(now)
	default:
		return m.absence(now)
	}
}

func (m *model) latest(now int64) State {
	times := map[uint64]int64{}
	for _, r := range m.records {
		key := r.ID
		if m.spec.Kind == Distinct {
			key = r.Value
		}
		times[key] = max(times[key], r.Time)
	}
	var in []int64
	for _, at := range times {
		if at > now-int64(m.spec.Window) {
			in = append(in, at)
		}
	}
	slices.Sort(in)
	in = in[max(0, len(in)-m.spec.Threshold-1):]
	state := State{Value: float64(len(in)), Until: never}
	if len(in) > 0 {
		state.First, state.Last = in[0], in[len(in)-1]
	}
	if len(in) > m.spec.Threshold {
		state.Holds, state.Until = true, in[0]+int64(m.spec.Window)
	}
	return state
}

func (m *model) consecutive(now int64) State {
	runs := m.runs()
	run := runs[len(runs)-1]
	run = run[max(0, len(run)-roomFor(m.spec.Records)):]
	if len(run) == 0 || now >= slices.Max(run)+int64(m.spec.Within) {
		return State{Until: never}
	}
	state := State{Value: float64(len(run)), First: slices.Min(run), Last: slices.Max(run), Until: never}
	if len(run) >= m.spec.Records {
		state.Holds, state.Until = true, state.Last+int64(m.spec.Within)
	}
	return state
}

// runs returns the times of the matches in a row; after the last one that does not match
// there may be none.
func (m *model) runs() [][]int64 {
	sorted := slices.Clone(m.records)
	slices.SortStableFunc(sorted, func(a, b Record) int { return cmp.Compare(a.Order, b.Order) })
	runs := [][]int64{nil}
	for _, r := range sorted {
		last := runs[len(runs)-1]
		switch {
		case !r.Match && len(last) > 0:
			runs = append(runs, nil)
		case r.Match && len(last) > 0 && max(r.Time-last[len(last)-1], last[len(last)-1]-r.Time) >= int64(m.spec.Within):
			runs = append(runs, []int64{r.Time})
		case r.Match:
			runs[len(runs)-1] = append(last, r.Time)
		}
	}
	return runs
}

func (m *model) absence(now int64) State {
	last := m.newest()
	silence := time.Duration(now - last)
	state := State{Value: silence.Seconds(), Until: last + int64(m.spec.Window), First: last, Last: last}
	if silence >= m.spec.Window {
		state.Holds, state.Until = true, never
	}
	return state
}

// records are what a test makes out of random bytes: times that mostly go on, of few
// values, and often again.
func records(random *rand.Rand, n int, spread time.Duration) []Record {
	made := make([]Record, 0, n)
	at := int64(time.Hour)
	for i := range n {
		if len(made) > 0 && random.IntN(8) == 0 {
			made = append(made, made[random.IntN(len(made))])
			continue
		}
		at += random.Int64N(int64(spread))
		made = append(made, Record{
			Time: at - random.Int64N(int64(spread)*4), Order: int64(i), ID: random.Uint64(), Value: random.Uint64N(9), Match: random.IntN(4) > 0,
		})
	}
	return made
}

// check compares a window with the model of all its records, at several times.
func check(t *testing.T, w Window, m *model) {
	t.Helper()
	newest := m.newest()
	require.Equal(t, newest, w.Newest())
	for _, now := range []int64{0, newest, newest + 1, newest + int64(m.spec.Window)/2, newest + int64(m.spec.Window), newest + 3*int64(time.Hour)} {
		require.Equal(t, m.at(now), w.At(now), "at %d after the newest", now-newest)
		checkUntil(t, w, now)
	}
}

// checkUntil checks that what a window says holds until it says, and no longer.
func checkUntil(t *testing.T, w Window, now int64) {
	t.Helper()
	state := w.At(now)
	if state.Until == never {
		require.Equal(t, state.Holds, w.At(max(now, w.Newest())+int64(1000*time.Hour)).Holds)
		return
	}
	require.Equal(t, state.Holds, w.At(state.Until-1).Holds)
	require.NotEqual(t, state.Holds, w.At(state.Until).Holds)
}

// again returns a window that was stored and read again.
func again(t *testing.T, s *Spec, w Window) Window {
	t.Helper()
	stored, err := w.AppendBinary(nil)
	require.NoError(t, err)
	read := s.New()
	require.NoError(t, read.UnmarshalBinary(stored))
	twice, err := read.AppendBinary([]byte("before"))
	require.NoError(t, err)
	require.Equal(t, "before"+string(stored), string(twice))
	return read
}

var specs = map[string]Spec{
	"any":                {Kind: Count, Window: time.Minute, Lateness: 5 * time.Second},
	"count":              {Kind: Count, Window: time.Minute, Threshold: 5, Lateness: 5 * time.Second},
	"count of many":      {Kind: Count, Window: time.Minute, Threshold: 40},
	"distinct":           {Kind: Distinct, Window: time.Minute, Threshold: 3, Lateness: 5 * time.Second},
	"consecutive":        {Kind: Consecutive, Records: 3, Within: time.Minute},
	"consecutive of one": {Kind: Consecutive, Records: 1, Within: 5 * time.Second},
	"absence":            {Kind: Absence, Window: time.Minute, Lateness: 5 * time.Second},
}

// A window that remembers little says what one says that remembers everything, also when
// it is stored and read again in between.
func TestWindowSaysWhatAllRecordsSay(t *testing.T) {
	for name, spec := range specs {
		t.Run(name, func(t *testing.T) {
			for seed := range uint64(30) {
				random := rand.New(rand.NewPCG(seed, 1))
				compare(t, &spec, records(random, 60, time.Duration(1+random.Int64N(int64(20*time.Second)))))
			}
		})
	}
}

func compare(t *testing.T, spec *Spec, records []Record) {
	t.Helper()
	w, m := spec.New(), &model{spec: *spec}
	for i, r := range records {
		if spec.Kind == Consecutive && slices.Contains(records[:i], r) {
			continue // which its caller does not give to it twice
		}
		before := w.At(0)
		outcome := w.Add(r)
		if !outcome.Late {
			m.records = append(m.records, r)
		}
		check(t, w, m)
		if !outcome.Changed && spec.Kind != Absence {
			require.Equal(t, before.Holds, w.At(before.First).Holds)
		}
		w = again(t, spec, w)
	}
}

// The same records, in whatever order and however often, make the same window.
func TestOrderAndRepetitionsChangeNothing(t *testing.T) {
	for name, spec := range specs {
		if spec.Kind == Consecutive {
			continue // which has its own test
		}
		t.Run(name, func(t *testing.T) {
			for seed := range uint64(50) {
				random := rand.New(rand.NewPCG(seed, 2))
				made := records(random, 50, 3*time.Second)
				want := bytesAfter(t, &spec, made)
				random.Shuffle(len(made), func(i, j int) { made[i], made[j] = made[j], made[i] })
				assert.Equal(t, want, bytesAfter(t, &spec, append(made, made[:25]...)))
			}
		})
	}
}

func bytesAfter(t *testing.T, spec *Spec, records []Record) []byte {
	t.Helper()
	w := spec.New()
	for _, r := range records {
		w.Add(r)
	}
	stored, err := w.AppendBinary(nil)
	require.NoError(t, err)
	return stored
}
