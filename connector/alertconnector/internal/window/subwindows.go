package window

import "math"

// SubWindows is how many sub-windows a window above MaxExact has.
const SubWindows = 60

// held is how many of them are kept: the oldest one reaches out of the window.
const held = SubWindows + 1

// subWindows counts records by sub-windows, each a sixtieth of the window. The oldest one
// counts whole for as long as the window reaches into it: no record of the window goes
// uncounted, and those of at most one sub-window before it are counted too. The caller
// sees to it that no record comes twice.
type subWindows struct {
	spec   *Spec
	newest int64
	// counts are those of the sub-windows up to that of the newest record, each at its
	// number modulo held.
	counts [held]uint32
}

// length is how long a sub-window is.
func (w *subWindows) length() int64 { return max((int64(w.spec.Window)+SubWindows-1)/SubWindows, 1) }

// number is that of the sub-window of a time.
func (w *subWindows) number(at int64) int64 { return at / w.length() }

// count is that of a sub-window that is kept.
func (w *subWindows) count(number int64) *uint32 { return &w.counts[uint64(number)%held] }

func (w *subWindows) Newest() int64 { return w.newest }

func (w *subWindows) Add(r Record) Outcome {
	if w.spec.late(r.Time, w.newest) {
		return Outcome{Late: true}
	}
	number, last := w.number(r.Time), w.number(w.newest)
	if number <= last-held {
		return Outcome{}
	}
	for n := max(last+1, number-held+1); n <= number; n++ {
		*w.count(n) = 0
	}
	w.newest = max(w.newest, r.Time)
	if count := w.count(number); *count < math.MaxUint32 {
		*count++
	}
	return Outcome{Changed: true}
}

func (w *subWindows) At(now int64) State {
	now = max(now, w.newest)
	oldest, last := w.number(now-int64(w.spec.Window)), w.number(w.newest)
	length, total := w.length(), 0
	state := State{Until: never}
	for n := last; n >= max(oldest, last-held+1); n-- {
		count := int(*w.count(n))
		if count == 0 {
			continue
		}
		if total <= w.spec.Threshold && total+count > w.spec.Threshold {
			state.Holds, state.Until = true, (n+1)*length+int64(w.spec.Window)
		}
		total += count
		state.First, state.Last = n*length, w.newest
	}
	state.Value = float64(total)
	return state
}

func (w *subWindows) AppendBinary(b []byte) ([]byte, error) {
	e := newEncoder(b, w.spec)
	e.int(w.length())
	e.int(w.newest)
	for n := range w.counts {
		e.uint(uint64(w.counts[n]))
	}
	return e.bytes, nil
}

func (w *subWindows) UnmarshalBinary(b []byte) error {
	d := newDecoder(b, w.spec)
	length := d.int()
	read := subWindows{spec: w.spec, newest: d.int()}
	for n := range read.counts {
		read.counts[n] = uint32(d.length(math.MaxUint32))
	}
	if err := d.end(); err != nil {
		return err
	}
	if length != w.length() {
		return errOther
	}
	*w = read
	return nil
}
