package window

import "time"

// absence holds when nothing has come for as long as the window. It does not hold before
// anything has: since when a rule sees records is told to it as a first record.
type absence struct {
	spec *Spec
	// last is when something came, and told what of that was to be stored.
	last, told int64
}

func (w *absence) Newest() int64 { return w.last }

// Add notes a record. What is stored may be older than the last one by up to a sixtieth of
// the window, so that not every record has to be.
func (w *absence) Add(r Record) Outcome {
	if w.spec.late(r.Time, w.last) {
		return Outcome{Late: true}
	}
	w.last = max(w.last, r.Time)
	if w.last-w.told < int64(w.spec.Window)/parts || w.last == w.told {
		return Outcome{}
	}
	w.told = w.last
	return Outcome{Changed: true}
}

func (w *absence) At(now int64) State {
	if w.last == 0 {
		return State{Until: never}
	}
	silence := max(now-w.last, 0)
	state := State{Value: time.Duration(silence).Seconds(), Until: w.last + int64(w.spec.Window), First: w.last, Last: w.last}
	if silence >= int64(w.spec.Window) {
		state.Holds, state.Until = true, never
	}
	return state
}

func (w *absence) AppendBinary(b []byte) ([]byte, error) {
	e := newEncoder(b, w.spec)
	e.int(w.last)
	return e.bytes, nil
}

func (w *absence) UnmarshalBinary(b []byte) error {
	d := newDecoder(b, w.spec)
	last := d.int()
	if err := d.end(); err != nil {
		return err
	}
	w.last, w.told = last, last
	return nil
}
