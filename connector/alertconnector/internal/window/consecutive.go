package window

import (
	"cmp"
	"slices"
)

// consecutive holds the latest records in the order in which they were read, so that one
// that comes late is put in its place. Of records in a row that do not match, three are
// enough: the first and the last one, and the one between them that came last.
type consecutive struct {
	spec   *Spec
	newest int64
	events []event
}

type event struct {
	order, time int64
	match       bool
}

// roomFor is how many records are remembered for a run of so many: more than two runs.
func roomFor(records int) int { return 2*records + 16 }

func (w *consecutive) Newest() int64 { return w.newest }

func (w *consecutive) Add(r Record) Outcome {
	at := len(w.events)
	for at > 0 && w.events[at-1].order > r.Order {
		at--
	}
	room := roomFor(w.spec.Records)
	if at == 0 && len(w.events) == room {
		return Outcome{Late: true}
	}
	w.newest = max(w.newest, r.Time)
	if !r.Match {
		ends := at > 0 && w.events[at-1].match
		w.thin(w.insert(at, r))
		return Outcome{Changed: ends}
	}
	before := max(w.run(at-1).length(), w.run(at).length())
	if at > 0 && at < len(w.events) && w.joined(at-1) {
		before = w.run(at).length()
	}
	at = w.insert(at, r)
	run := w.run(at)
	outcome := Outcome{Changed: true}
	if before < w.spec.Records && run.length() >= w.spec.Records {
		outcome.Missed = w.ended(run)
	}
	return outcome
}

// insert puts a record in its place, and returns where that is. What has no room any
// more is the first one.
func (w *consecutive) insert(at int, r Record) int {
	e := event{order: r.Order, time: r.Time, match: r.Match}
	if room := roomFor(w.spec.Records); len(w.events) < room {
		w.events = slices.Insert(withRoom(w.events, room), at, e)
		return at
	}
	at--
	copy(w.events[:at], w.events[1:at+1])
	w.events[at] = e
	return at
}

// thin drops what a record that does not match has made needless on either side.
func (w *consecutive) thin(at int) {
	if w.idle(at) && w.idle(at+1) && w.idle(at+2) {
		w.events = slices.Delete(w.events, at+1, at+2)
	}
	if w.idle(at-2) && w.idle(at-1) && w.idle(at) {
		w.events = slices.Delete(w.events, at-1, at)
	}
}

// idle reports whether there is a record at a place, that does not match.
func (w *consecutive) idle(at int) bool { return at >= 0 && at < len(w.events) && !w.events[at].match }

// joined reports whether the records at a place and the next one are of one run.
func (w *consecutive) joined(at int) bool {
	a, b := w.events[at], w.events[at+1]
	return a.match && b.match && max(a.time-b.time, b.time-a.time) < int64(w.spec.Within)
}

// run is where matches follow each other, from one place up to another.
type run struct{ from, to int }

func (r run) length() int { return r.to - r.from }

// run returns the run that a record is in.
func (w *consecutive) run(at int) run {
	if at < 0 || at >= len(w.events) || !w.events[at].match {
		return run{}
	}
	r := run{from: at, to: at + 1}
	for r.from > 0 && w.joined(r.from-1) {
		r.from--
	}
	for r.to < len(w.events) && w.joined(r.to-1) {
		r.to++
	}
	return r
}

// stateOf returns what there is to say of a run, as if nothing had come after it.
func (w *consecutive) stateOf(r run) State {
	first := w.events[r.from].time
	state := State{Value: float64(r.length()), First: first, Last: first}
	for _, e := range w.events[r.from:r.to] {
		state.First, state.Last = min(state.First, e.time), max(state.Last, e.time)
	}
	state.Holds, state.Until = r.length() >= w.spec.Records, state.Last+int64(w.spec.Within)
	return state
}

// ended returns what there was to say of a run, if it has ended.
func (w *consecutive) ended(r run) State {
	state := w.stateOf(r)
	if r.to < len(w.events) {
		state.Until = max(min(state.Until, w.events[r.to].time), state.Last)
		return state
	}
	if w.newest >= state.Until {
		return state
	}
	return State{}
}

func (w *consecutive) At(now int64) State {
	now = max(now, w.newest)
	if r := w.run(len(w.events) - 1); r.length() > 0 {
		if state := w.stateOf(r); now < state.Until {
			if !state.Holds {
				state.Until = never
			}
			return state
		}
	}
	return State{Until: never}
}

func (w *consecutive) AppendBinary(b []byte) ([]byte, error) {
	e := newEncoder(b, w.spec)
	e.int(w.newest)
	e.uint(uint64(len(w.events)))
	last := event{}
	for _, ev := range w.events {
		match := uint64(0)
		if ev.match {
			match = 1
		}
		e.uint(match)
		e.int(ev.order - last.order)
		e.int(ev.time - last.time)
		last = ev
	}
	return e.bytes, nil
}

func (w *consecutive) UnmarshalBinary(b []byte) error {
	d := newDecoder(b, w.spec)
	newest := d.int()
	events := make([]event, d.length(roomFor(w.spec.Records)))
	last := event{}
	for i := range events {
		last = event{match: d.length(1) == 1, order: last.order + d.int(), time: last.time + d.int()}
		events[i] = last
	}
	if err := d.end(); err != nil {
		return err
	}
	if !slices.IsSortedFunc(events, func(a, b event) int { return cmp.Compare(a.order, b.order) }) {
		return errDamaged
	}
	w.newest, w.events = newest, events
	return nil
}
