package rule

import (
	"math"
	"time"

	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/mina-observability/otelcol-mina/connector/alertconnector/internal/field"
	"github.com/mina-observability/otelcol-mina/connector/alertconnector/internal/transition"
	"github.com/mina-observability/otelcol-mina/connector/alertconnector/internal/window"
)

// State is that of an alert, as in Prometheus.
type State uint8

// The states.
const (
	// Inactive says that the condition does not hold.
	Inactive State = iota
	// Pending says that it holds, and not yet as long as the rule's For.
	Pending
	// Firing says that it has held so long, until it has not for the rule's KeepFiringFor.
	Firing
)

// never is later than any time.
const never = math.MaxInt64

// alert is the state of a group. Its times are in nanoseconds since the epoch.
type alert struct {
	state State
	// clock is up to when the group has been judged.
	clock int64
	// since is when the condition began to hold, for a pending alert.
	since int64
	// until is when it ceases to hold, or begins to, if nothing comes, or never.
	until int64
	// ended is when it ceased to hold, for an alert that fires on, or never.
	ended int64
	// firing is the record of its beginning, as protobuf, which its end repeats.
	firing []byte
	// example is the last record that matched, of a pending alert.
	example *field.Source
}

// advance lets time pass for a group without a record.
func (r *Rule) advance(g *Group, now int64) {
	if now <= g.clock {
		return
	}
	if r.Window.Kind == window.Absence {
		r.judge(g, now, nil)
		return
	}
	if g.state != Inactive && g.until <= now {
		r.mature(g, g.until)
		r.cease(g, g.until)
	}
	r.mature(g, now)
	r.expire(g, now)
	g.clock = now
	r.schedule(g)
}

// schedule notes when time alone may change a group's alert.
func (r *Rule) schedule(g *Group) {
	until := g.until
	switch {
	case g.state == Pending:
		until = min(until, g.since+int64(r.For))
	case g.state == Firing && g.ended != never:
		until = g.ended + int64(r.KeepFiringFor)
	}
	r.due = min(r.due, until)
}

// miss makes an alert of what held and has ended by the time that it is known.
func (r *Rule) miss(g *Group, held window.State, record *field.Source) {
	if !held.Holds || g.state == Firing || r.For > 0 {
		return
	}
	r.begin(g, held.Last, held, record)
	r.cease(g, held.Until)
}

// judge asks the window of a group at a time, with the record that has come, if one has.
func (r *Rule) judge(g *Group, now int64, record *field.Source) {
	now = max(now, g.clock)
	g.clock = now
	at := g.window.At(now)
	defer func() {
		g.until = at.Until
		r.schedule(g)
	}()
	if !at.Holds {
		r.cease(g, now)
		r.expire(g, now)
		return
	}
	g.ended = never
	if g.state == Inactive {
		g.state, g.since = Pending, now
		if r.Window.Kind == window.Absence {
			g.since = at.Last + int64(r.Window.Window)
		}
		r.activate(g)
	}
	if g.state == Pending {
		if record != nil && r.For > 0 {
			g.example = transition.Keep(record)
			record = g.example
		}
		r.fire(g, now, record)
	}
}

// cease notes that the condition does not hold any more.
func (r *Rule) cease(g *Group, when int64) {
	switch {
	case g.state == Pending:
		r.rest(g)
	case g.state == Firing && g.ended == never:
		g.ended = when
		r.changed(g)
	}
}

// mature makes a pending alert fire whose condition has held long enough by now.
func (r *Rule) mature(g *Group, now int64) {
	if g.state == Pending {
		r.fire(g, now, g.example)
	}
}

// fire begins an alert if the condition has held long enough by now.
func (r *Rule) fire(g *Group, now int64, example *field.Source) {
	begins := g.since + int64(r.For)
	if begins > now {
		return
	}
	at := g.window.At(begins)
	if !at.Holds { // a record that came late has moved the window
		at = g.window.At(now)
	}
	r.begin(g, begins, at, example)
}

// begin makes an alert fire.
func (r *Rule) begin(g *Group, when int64, at window.State, example *field.Source) {
	record := r.Writer.Firing(transition.Moment{
		Fingerprint: g.fingerprint,
		At:          time.Unix(0, when),
		Value:       at.Value,
		Group:       r.labels(g),
		First:       time.Unix(0, at.First),
		Last:        time.Unix(0, at.Last),
		Example:     example,
	})
	g.state, g.ended, g.example = Firing, never, nil
	g.firing, _ = encoder.MarshalLogs(record) // which fails for no logs
	r.beginnings[g.fingerprint] = g.firing
	r.activate(g)
	r.changed(g)
	r.transitions = append(r.transitions, record)
	r.Counts.Fired++
}

// expire ends an alert whose condition has not held long enough by now.
func (r *Rule) expire(g *Group, now int64) {
	if g.state != Firing || g.ended == never || g.ended+int64(r.KeepFiringFor) > now {
		return
	}
	ends := g.ended + int64(r.KeepFiringFor)
	r.resolve(g, time.Unix(0, ends), g.window.At(ends).Value)
}

func (r *Rule) resolve(g *Group, at time.Time, value float64) {
	if record, err := Resolved(g.firing, at, value); err == nil {
		r.transitions = append(r.transitions, record)
		r.Counts.Resolved++
	}
	r.rest(g)
}

// Resolved returns the record of an alert's end, from that of its beginning as protobuf.
func Resolved(firing []byte, at time.Time, value float64) (plog.Logs, error) {
	record, err := decoder.UnmarshalLogs(firing)
	if err != nil {
		return plog.Logs{}, err
	}
	return transition.Resolved(record, at, value), nil
}

// rest makes a group's alert inactive.
func (r *Rule) rest(g *Group) {
	if g.firing != nil {
		r.beginnings[g.fingerprint] = nil
	}
	g.alert = alert{clock: g.clock, until: never, ended: never}
	r.deactivate(g)
	r.changed(g)
}

var (
	encoder plog.ProtoMarshaler
	decoder plog.ProtoUnmarshaler
)
