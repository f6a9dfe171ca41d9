package window

import (
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

// Groups are many, and most of them have few records.
func TestGroupsAreSmall(t *testing.T) {
	tests := map[string]struct {
		spec    Spec
		records int
		most    int // bytes
	}{
		"count, one record": {specs["count"], 1, 64},
		"count, full":       {specs["count"], 100, 144},
		"distinct, full":    {specs["distinct"], 100, 112},
		"any":               {specs["any"], 100, 64},
		"consecutive, full": {specs["consecutive"], 100, 640},
		"sub-windows":       {many, 100, 288},
		"absence":           {specs["absence"], 100, 32},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			const groups = 10_000
			windows := make([]Window, groups)
			before := heap()
			for i := range windows {
				windows[i] = test.spec.New()
				for n := range test.records {
					windows[i].Add(Record{Time: at(float64(n)), Order: int64(n), ID: uint64(n), Value: uint64(n), Match: true})
				}
			}
			each := int(heap()-before) / groups
			runtime.KeepAlive(windows)
			t.Logf("%d bytes a group", each)
			assert.LessOrEqual(t, each, test.most)
		})
	}
}

func heap() uint64 {
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return stats.HeapAlloc
}

var benchmarks = map[string]Spec{
	"count/1":     specs["any"],
	"count/6":     specs["count"],
	"count/1025":  {Kind: Count, Window: time.Hour, Threshold: MaxExact},
	"sub-windows": many,
	"distinct/6":  {Kind: Distinct, Window: time.Minute, Threshold: 5},
	"consecutive": specs["consecutive"],
	"absence":     specs["absence"],
}

// BenchmarkAdd is what a record costs that is put into a window which is full.
func BenchmarkAdd(b *testing.B) {
	for name, spec := range benchmarks {
		b.Run(name, func(b *testing.B) {
			w := spec.New()
			r := Record{Time: start, Match: true}
			next := func() {
				r.Time += int64(time.Millisecond)
				r.Order, r.ID, r.Value = r.Time, r.ID+1, r.Value+1
				r.Match = r.ID%5 > 0
				w.Add(r)
			}
			for range 2 * MaxExact {
				next()
			}
			b.ReportAllocs()
			for b.Loop() {
				next()
			}
		})
	}
}

// BenchmarkAt is what it costs to ask a window that is full.
func BenchmarkAt(b *testing.B) {
	for name, spec := range benchmarks {
		b.Run(name, func(b *testing.B) {
			w := spec.New()
			for i := range 2 * MaxExact {
				w.Add(Record{Time: at(float64(i) / 1000), Order: int64(i), ID: uint64(i), Value: uint64(i), Match: true})
			}
			b.ReportAllocs()
			for b.Loop() {
				w.At(0)
			}
		})
	}
}

func TestFullWindowTakesARecordWithoutAllocating(t *testing.T) {
	for name, spec := range benchmarks {
		t.Run(name, func(t *testing.T) {
			w := spec.New()
			n := 0
			add := func() {
				n++
				w.Add(Record{Time: at(float64(n) / 1000), Order: int64(n), ID: uint64(n), Value: uint64(n), Match: n%5 > 0})
				w.At(0)
			}
			for range 2 * MaxExact {
				add()
			}
			assert.Zero(t, testing.AllocsPerRun(1000, add))
		})
	}
}
