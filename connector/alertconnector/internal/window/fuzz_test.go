package window

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// fuzzed are the kinds of windows that fuzz targets try.
var fuzzed = []Spec{
	specs["any"], specs["count"], specs["distinct"], specs["consecutive"], specs["absence"],
	{Kind: Count, Window: time.Minute, Threshold: 2000, Lateness: 5 * time.Second},
}

func FuzzWindow(f *testing.F) {
	for kind := range fuzzed {
		f.Add(uint8(kind), uint64(1), uint8(20), int64(time.Second))
	}
	f.Fuzz(func(t *testing.T, kind uint8, seed uint64, n uint8, spread int64) {
		spec := fuzzed[int(kind)%(len(fuzzed)-1)]
		if spread <= 0 || spread > int64(time.Hour) {
			return
		}
		compare(t, &spec, records(rand.New(rand.NewPCG(seed, 1)), int(n%100), time.Duration(spread)))
	})
}

// What is read is what was written, or an error, and a window of it does as any does.
func FuzzUnmarshalBinary(f *testing.F) {
	for kind := range fuzzed {
		w := fuzzed[kind].New()
		for _, r := range records(rand.New(rand.NewPCG(1, 1)), 30, time.Second) {
			stored, err := w.AppendBinary(nil)
			require.NoError(f, err)
			f.Add(uint8(kind), stored)
			w.Add(r)
		}
	}
	f.Fuzz(func(t *testing.T, kind uint8, stored []byte) {
		spec := fuzzed[int(kind)%len(fuzzed)]
		w := spec.New()
		if w.UnmarshalBinary(stored) != nil {
			return
		}
		again(t, &spec, w)
		w.At(start)
		for _, r := range records(rand.New(rand.NewPCG(1, 1)), 30, time.Second) {
			w.Add(r)
			w.At(r.Time)
		}
		again(t, &spec, w)
	})
}
