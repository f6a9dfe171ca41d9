package window

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var many = Spec{Kind: Count, Window: 5 * time.Minute, Threshold: 2000, Lateness: 5 * time.Second}

// Records are counted that are in the window, and no others than those of one sub-window
// before it, whenever they come.
func TestSubWindowsCountNoFewerThanAskedAndAtMostOneSubWindowMore(t *testing.T) {
	for seed := range uint64(30) {
		random := rand.New(rand.NewPCG(seed, 5))
		w, m := many.New(), &model{spec: many}
		for range 500 {
			r := Record{Time: start + random.Int64N(int64(10*time.Minute))}
			w.Add(r)
			m.records = append(m.records, r)
			now := m.newest() + random.Int64N(int64(6*time.Minute))
			value := w.At(now).Value
			require.GreaterOrEqual(t, value, m.within(now, many.Window))
			require.LessOrEqual(t, value, m.within(now, many.Window+many.Window/SubWindows))
		}
	}
}

// within counts the records of a window of a length.
func (m *model) within(now int64, length time.Duration) (n float64) {
	for _, r := range m.records {
		if r.Time > now-int64(length) {
			n++
		}
	}
	return n
}

func TestSubWindowsHoldAboveTheThreshold(t *testing.T) {
	w := many.New()
	for i := range many.Threshold {
		w.Add(Record{Time: at(float64(i) / 100)})
	}
	assert.Equal(t, State{Value: 2000, Until: never, First: at(0), Last: at(19.99)}, w.At(at(20)))
	w.Add(Record{Time: at(20)})
	state := w.At(at(20))
	assert.True(t, state.Holds)
	assert.InDelta(t, 2001, state.Value, 0)
	assert.InDelta(t, 305, seconds(state.Until), 0, "when its first sub-window of five seconds has left it")
	checkUntil(t, w, at(20))
	assert.False(t, w.At(at(3600)).Holds)
}

func TestSubWindowsInAnyOrder(t *testing.T) {
	for seed := range uint64(30) {
		random := rand.New(rand.NewPCG(seed, 6))
		made := make([]Record, 400)
		for i := range made {
			made[i].Time = start + random.Int64N(int64(20*time.Minute))
		}
		want := bytesAfter(t, &many, made)
		random.Shuffle(len(made), func(i, j int) { made[i], made[j] = made[j], made[i] })
		require.Equal(t, want, bytesAfter(t, &many, made))
	}
}

func TestSubWindowsAreStoredWhole(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 7))
	small := Spec{Kind: Count, Window: 61, Threshold: MaxExact + 1, Lateness: 10}
	for _, spec := range []*Spec{&many, &small} {
		w := spec.New()
		now := start
		for range 5000 {
			now += random.Int64N(int64(spec.Window) / 30)
			w.Add(Record{Time: now})
			if random.IntN(10) == 0 {
				w = again(t, spec, w)
				checkUntil(t, w, now)
			}
		}
	}
}

func TestSubWindowDoesNotOverflow(t *testing.T) {
	w := &subWindows{spec: &many}
	w.Add(Record{Time: start})
	*w.count(w.number(start)) = math.MaxUint32
	w.Add(Record{Time: start})
	assert.InDelta(t, math.MaxUint32, w.At(start).Value, 0)
	assert.InDelta(t, math.MaxUint32, again(t, &many, w).At(start).Value, 0)
}
