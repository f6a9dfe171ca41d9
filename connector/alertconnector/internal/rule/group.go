package rule

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/mina-observability/otelcol-mina/connector/alertconnector/internal/transition"
	"github.com/mina-observability/otelcol-mina/connector/alertconnector/internal/window"
)

// Group is the records of a rule with the same values.
type Group struct {
	alert
	fingerprint uint64
	values      []string
	window      window.Window
	// previous and next are its neighbours in the list of idle groups.
	previous, next *Group
}

// group returns the group of a record. Where there are too many, the least recent one
// without an alert has to go; nil, where all have one.
func (r *Rule) group(hit *Hit) *Group {
	if g, ok := r.groups[hit.Group]; ok {
		return g
	}
	if len(r.groups) >= r.MaxGroups {
		r.Counts.Evicted++
		oldest := r.idle.front()
		if oldest == nil {
			return nil
		}
		r.remove(oldest)
	}
	values := make([]string, len(r.GroupBy))
	for i, by := range r.GroupBy {
		value, _ := by.Of(hit.Source)
		values[i] = strings.Clone(value) // it is a part of its batch
	}
	g := r.add(hit.Group, values)
	r.changed(g)
	return g
}

func (r *Rule) add(fingerprint uint64, values []string) *Group {
	g := &Group{fingerprint: fingerprint, values: values, window: r.Window.New(), alert: alert{until: never, ended: never}}
	r.groups[fingerprint] = g
	r.idle.pushBack(g)
	if r.Window.Kind == window.Absence { // whose alert begins when nothing comes
		r.active[g] = struct{}{}
	}
	return g
}

func (r *Rule) remove(g *Group) {
	r.idle.remove(g)
	delete(r.active, g)
	delete(r.dirty, g)
	delete(r.groups, g.fingerprint)
	r.gone = append(r.gone, g.fingerprint)
}

func (r *Rule) activate(g *Group) {
	r.idle.remove(g)
	r.active[g] = struct{}{}
}

func (r *Rule) deactivate(g *Group) {
	r.idle.pushBack(g)
	if r.Window.Kind != window.Absence {
		delete(r.active, g)
	}
}

func (r *Rule) changed(g *Group) { r.dirty[g] = struct{}{} }

// forget removes the groups without an alert that are as good as empty.
func (r *Rule) forget(now int64) {
	if r.Window.Kind == window.Absence {
		return
	}
	span := int64(max(r.Window.Window, r.Window.Within) + r.Window.Lateness)
	for g := r.idle.front(); g != nil && g.window.Newest()+span < now; g = r.idle.front() {
		r.remove(g)
	}
}

// labels returns the fields that make a group, with its values.
func (r *Rule) labels(g *Group) []transition.Label {
	labels := make([]transition.Label, len(g.values))
	for i, value := range g.values {
		labels[i] = transition.Label{Name: r.GroupBy[i].Name(), Value: value}
	}
	return labels
}

// Begin ends the taking over of what was stored. It returns what was damaged of that.
func (r *Rule) Begin(now time.Time, latest int64) error {
	err := r.seen.Load(r.chunks)
	r.chunks = nil
	r.sortIdle()
	r.setBack(now, latest)
	for len(r.groups) > r.MaxGroups && r.idle.front() != nil {
		r.remove(r.idle.front())
	}
	return err
}

// SetBack says that no time can be later than one that is a little after now. Groups that
// have seen one begin anew, and their alerts end: those of a clock that has been set back.
func (r *Rule) SetBack(now time.Time, latest int64) {
	r.setBack(now, latest)
	r.Expect(now.UnixNano())
}

func (r *Rule) setBack(now time.Time, latest int64) {
	for _, g := range r.groups {
		switch newest := g.window.Newest(); {
		case newest > latest:
			if g.state == Firing {
				r.resolve(g, now, 0)
			}
			r.remove(g)
		case g.clock > latest:
			g.clock, g.ended = newest, never
			r.judge(g, now.UnixNano(), nil)
		}
	}
	r.due = 0
}

// Expect has silence begin, where a rule waits for records: what came before is not known.
func (r *Rule) Expect(now int64) {
	if r.Window.Kind != window.Absence {
		return
	}
	if len(r.GroupBy) == 0 && len(r.groups) == 0 {
		r.add(r.Seed, nil)
	}
	for _, g := range r.groups {
		if g.state == Inactive {
			g.window.Add(window.Record{Time: now, Match: true})
		}
	}
}

// sortIdle brings the groups that were stored into the order in which they have to go.
func (r *Rule) sortIdle() {
	var idle []*Group
	for g := r.idle.front(); g != nil; g = r.idle.front() {
		r.idle.remove(g)
		idle = append(idle, g)
	}
	slices.SortFunc(idle, func(a, b *Group) int { return cmp.Compare(a.window.Newest(), b.window.Newest()) })
	for _, g := range idle {
		r.idle.pushBack(g)
	}
}

// list is a list of groups, whose links they have themselves: there may be many.
type list struct{ first, last *Group }

func (l *list) front() *Group { return l.first }

func (l *list) pushBack(g *Group) {
	g.previous, g.next = l.last, nil
	if l.last == nil {
		l.first = g
	} else {
		l.last.next = g
	}
	l.last = g
}

// remove takes a group out of the list, if it is in it.
func (l *list) remove(g *Group) {
	if g.previous == nil && l.first != g {
		return
	}
	if g.previous == nil {
		l.first = g.next
	} else {
		g.previous.next = g.next
	}
	if g.next == nil {
		l.last = g.previous
	} else {
		g.next.previous = g.previous
	}
	g.previous, g.next = nil, nil
}

func (l *list) moveToBack(g *Group) {
	l.remove(g)
	l.pushBack(g)
}
