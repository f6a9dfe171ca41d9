package window

import (
	"cmp"
	"slices"
)

// latest holds the latest records (Count) or values (Distinct), one more than the
// threshold, each once and with the newest of its times. That is all that has to be
// known to tell whether there are more than the threshold in any window that ends at
// the newest of them or later.
type latest struct {
	spec *Spec
	// seen are in order.
	seen []sighting
}

// sighting is a record by its identity, or a value, and when it was last seen.
type sighting struct {
	time int64
	key  uint64
}

func (s sighting) compare(other sighting) int {
	return cmp.Or(cmp.Compare(s.time, other.time), cmp.Compare(s.key, other.key))
}

func (w *latest) Newest() int64 {
	if len(w.seen) == 0 {
		return 0
	}
	return w.seen[len(w.seen)-1].time
}

func (w *latest) Add(r Record) Outcome {
	newest := w.Newest()
	if w.spec.late(r.Time, newest) {
		return Outcome{Late: true}
	}
	s := sighting{time: r.Time, key: r.ID}
	if w.spec.Kind == Distinct {
		s.key = r.Value
	}
	if !w.put(s) {
		return Outcome{}
	}
	if r.Time > newest {
		w.forget()
	}
	return Outcome{Changed: true}
}

// put takes a sighting in, and reports whether that has changed anything. It takes the
// place of an older one of the same key or, where there is no room, of the oldest.
func (w *latest) put(s sighting) bool {
	at, known := slices.BinarySearchFunc(w.seen, s, sighting.compare)
	if known {
		return false
	}
	gone := w.find(s.key)
	if gone < 0 {
		if len(w.seen) <= w.spec.Threshold {
			w.seen = slices.Insert(withRoom(w.seen, w.spec.Threshold+1), at, s)
			return true
		}
		gone = 0
	}
	if at <= gone {
		return false
	}
	copy(w.seen[gone:], w.seen[gone+1:at])
	w.seen[at-1] = s
	return true
}

func (w *latest) find(key uint64) int {
	for i := range w.seen {
		if w.seen[i].key == key {
			return i
		}
	}
	return -1
}

// forget drops what would be late now, so that a window does not depend on what came
// when.
func (w *latest) forget() {
	newest, old := w.Newest(), 0
	for w.spec.late(w.seen[old].time, newest) {
		old++
	}
	if old > 0 {
		w.seen = append(w.seen[:0], w.seen[old:]...)
	}
}

func (w *latest) At(now int64) State {
	now = max(now, w.Newest())
	first := 0
	for first < len(w.seen) && w.seen[first].time <= now-int64(w.spec.Window) {
		first++
	}
	in := w.seen[first:]
	state := State{Value: float64(len(in)), Until: never}
	if len(in) > 0 {
		state.First, state.Last = in[0].time, in[len(in)-1].time
	}
	if len(in) > w.spec.Threshold {
		state.Holds, state.Until = true, in[0].time+int64(w.spec.Window)
	}
	return state
}

func (w *latest) AppendBinary(b []byte) ([]byte, error) {
	e := newEncoder(b, w.spec)
	e.uint(uint64(len(w.seen)))
	last := int64(0)
	for _, s := range w.seen {
		e.int(s.time - last)
		e.word(s.key)
		last = s.time
	}
	return e.bytes, nil
}

func (w *latest) UnmarshalBinary(b []byte) error {
	d := newDecoder(b, w.spec)
	n := d.length(w.spec.Threshold + 1)
	seen := make([]sighting, n)
	last := int64(0)
	for i := range seen {
		last += d.int()
		seen[i] = sighting{time: last, key: d.word()}
	}
	if err := d.end(); err != nil {
		return err
	}
	if !slices.IsSortedFunc(seen, sighting.compare) {
		return errDamaged
	}
	w.seen = seen
	return nil
}
