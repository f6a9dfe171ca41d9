package identities

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// storage keeps chunks by their numbers, as the caller's does.
type storage map[uint64][]byte

func (s storage) take(chunks []Chunk) {
	for _, chunk := range chunks {
		s[chunk.Number] = chunk.Value
	}
}

func (s storage) load(t *testing.T, capacity int) *Set {
	t.Helper()
	set := New(capacity)
	require.NoError(t, set.Load(s.chunks()))
	return set
}

func (s storage) chunks() (chunks []Chunk) {
	for number, value := range s { // in no order
		chunks = append(chunks, Chunk{Number: number, Value: value})
	}
	return chunks
}

func TestKnowsTheLatest(t *testing.T) {
	set := New(chunkLen)
	for id := range uint64(3 * chunkLen) {
		assert.True(t, set.Add(id))
		assert.False(t, set.Add(id))
	}
	for id := range uint64(chunkLen) {
		assert.False(t, set.Add(2*chunkLen+id))
	}
	assert.True(t, set.Add(2*chunkLen-1), "one that is forgotten")
}

// A set knows what one knows that remembers all identities in the order of their coming,
// also where it was stored and loaded again in between, at any moment.
func TestKnowsWhatAListKnows(t *testing.T) {
	for seed := range uint64(20) {
		random := rand.New(rand.NewPCG(seed, 1))
		const capacity = 4 * chunkLen
		set, kept := New(capacity), storage{}
		var known []uint64
		for range 3000 + random.IntN(6000) {
			id := random.Uint64N(3 * capacity)
			latest := known[max(0, len(known)-capacity):]
			isNew := !slices.Contains(latest, id)
			require.Equal(t, isNew, set.Add(id))
			if isNew {
				known = append(known, id)
			}
			if random.IntN(500) == 0 {
				kept.take(set.Unstored())
				set = kept.load(t, capacity)
			}
		}
		assert.LessOrEqual(t, uint64(len(kept)), set.Chunks())
	}
}

func TestStoresOnlyWhatIsNew(t *testing.T) {
	set := New(DefaultCapacity)
	assert.Empty(t, set.Unstored())
	for id := range uint64(1000) {
		set.Add(id)
	}
	assert.Len(t, set.Unstored(), 4)
	assert.Empty(t, set.Unstored())
	set.Add(0)
	assert.Empty(t, set.Unstored())
	set.Add(1000)
	chunks := set.Unstored()
	require.Len(t, chunks, 1)
	assert.Equal(t, uint64(3), chunks[0].Number)
	for id := range uint64(3 * DefaultCapacity) {
		set.Add(id)
	}
	assert.LessOrEqual(t, uint64(len(set.Unstored())), set.Chunks(), "no more than it knows")
}

func TestLoadsTheOthersWhereAChunkIsDamaged(t *testing.T) {
	set, kept := New(DefaultCapacity), storage{}
	for id := range uint64(1000) {
		set.Add(id)
	}
	kept.take(set.Unstored())
	kept[1] = kept[1][:13]
	loaded := New(DefaultCapacity)
	require.EqualError(t, loaded.Load(kept.chunks()), "part 1 of the identities of records: it is damaged")
	assert.False(t, loaded.Add(100))
	assert.True(t, loaded.Add(300))
	assert.False(t, loaded.Add(999))
	loaded.Unstored()
}

func FuzzLoad(f *testing.F) {
	set := New(chunkLen)
	set.Add(1)
	f.Add(set.Unstored()[0].Value, []byte(nil))
	f.Add(make([]byte, 16), make([]byte, 24))
	f.Fuzz(func(t *testing.T, first, second []byte) {
		set := New(chunkLen)
		_ = set.Load([]Chunk{{Number: 0, Value: first}, {Number: 1, Value: second}})
		for id := range uint64(2 * chunkLen) {
			set.Add(id)
		}
		kept := storage{}
		kept.take(set.Unstored())
		assert.False(t, kept.load(t, chunkLen).Add(2*chunkLen-1))
	})
}

func BenchmarkAdd(b *testing.B) {
	set := New(DefaultCapacity)
	for id := range uint64(DefaultCapacity) {
		set.Add(id)
	}
	b.ReportAllocs()
	id := uint64(DefaultCapacity)
	for b.Loop() {
		set.Add(id)
		id++
	}
}
