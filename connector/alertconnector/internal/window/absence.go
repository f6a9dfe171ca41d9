package window

import "time"

// absence holds when nothing has come for as long as the window. It does not hold before
// anything has: since when a rule sees records is told to it as a first record.
type absence struct {
	spec *Spec
	last int64
}

func (w *absence) Newest() int64 { return w.last }

func (w *absence) Add(r Record) Outcome {
	if r.Time <= w.last {
		return Outcome{Late: w.spec.late(r.Time, w.last)}
	}
	w.last = r.Time
	return Outcome{Changed: true}
}

func (w *absence) At(now int64) State {
	if w.last == 0 {
		return State{Until: never}
	}
	silence := time.Duration(max(now-w.last, 0))
	state := State{Value: silence.Seconds(), Until: w.last + int64(w.spec.Window), First: w.last, Last: w.last}
	if silence >= w.spec.Window {
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
	w.last = last
	return nil
}
