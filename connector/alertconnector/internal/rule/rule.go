package rule

import (
	"context"
	"time"

	"github.com/cespare/xxhash/v2"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/mina-observability/otelcol-mina/connector/alertconnector/internal/condition"
	"github.com/mina-observability/otelcol-mina/connector/alertconnector/internal/field"
	"github.com/mina-observability/otelcol-mina/connector/alertconnector/internal/identities"
	"github.com/mina-observability/otelcol-mina/connector/alertconnector/internal/transition"
	"github.com/mina-observability/otelcol-mina/connector/alertconnector/internal/window"
)

// Definition is a rule as it is configured.
type Definition struct {
	Name   string
	Window window.Spec
	// Condition is what a record must satisfy. Among, of Consecutive and if it is not
	// nil, tells which records count at all.
	Condition, Among *condition.Condition
	// Attribute is the one whose values are counted, of Distinct.
	Attribute field.Field
	// GroupBy are the fields whose values make a group. Without any, there is one.
	GroupBy []field.Field
	// Anonymous says that records without any of the fields are a group, too.
	Anonymous bool
	// For is how long the condition must hold before the alert fires, and KeepFiringFor
	// how long it must not before the alert ends.
	For, KeepFiringFor time.Duration
	// MaxGroups is how many groups there may be.
	MaxGroups int
	Writer    *transition.Writer
	// Seed is what the fingerprints of the rule's alerts have in common.
	Seed uint64
	// Version tells definitions apart whose windows cannot be told from each other's.
	Version uint64
}

// Counts are those of a rule since the start.
type Counts struct {
	// Matched are the records that satisfied the condition, Late those that were too old
	// to be judged, and Evicted the groups that had to go, or could not come, for others.
	Matched, Late, Evicted int64
	// Fired and Resolved are the transitions.
	Fired, Resolved int64
}

// Rule is a definition with its groups. It must not be used by several goroutines at once.
type Rule struct {
	Definition
	Counts Counts

	groups map[uint64]*Group
	// idle are the groups without an alert, the least recent first, and active those
	// whose alerts time alone can change.
	idle   list
	active map[*Group]struct{}
	// due is when the first of these has to be looked at.
	due int64
	// seen are the latest records that were judged, by this definition: what comes again
	// may be of a group that is forgotten.
	seen *identities.Set
	// transitions are those since the last Changes.
	transitions []plog.Logs
	// chunks are what has been stored of seen.
	chunks []identities.Chunk
	dirty  map[*Group]struct{}
	gone   []uint64
	// beginnings are the records of the alerts that have begun since, nil of those that
	// have ended. They are long, and stored once.
	beginnings map[uint64][]byte
}

// New returns a rule without groups.
func New(d Definition) *Rule {
	return &Rule{
		Definition: d,
		groups:     map[uint64]*Group{},
		active:     map[*Group]struct{}{},
		dirty:      map[*Group]struct{}{},
		beginnings: map[uint64][]byte{},
		seen:       identities.New(identities.DefaultCapacity),
	}
}

// Considers reports whether a rule has to judge a record, and whether the record satisfies
// its condition. It may be called by several goroutines at once.
func (d *Definition) Considers(ctx context.Context, source field.Source) (counts, matches bool, err error) {
	if d.Among != nil {
		if counts, err = d.Among.Match(ctx, source); !counts {
			return false, false, err
		}
	}
	matches, err = d.Condition.Match(ctx, source)
	return matches || d.Window.Kind == window.Consecutive, matches, err
}

// Fingerprint returns that of a record's group, or false for a record that is in none.
func (d *Definition) Fingerprint(source field.Source) (fingerprint uint64, ok bool) {
	if len(d.GroupBy) == 0 {
		return d.Seed, true
	}
	var digest xxhash.Digest
	digest.ResetWithSeed(d.Seed)
	var room [field.Longest + 1]byte
	for i := range d.GroupBy {
		value, there := d.GroupBy[i].AppendTo(room[:0], source)
		ok = ok || there
		_, _ = digest.Write(append(value, 0))
	}
	return digest.Sum64(), ok || d.Anonymous
}

// Value returns what tells the value of Attribute from others.
func (d *Definition) Value(source field.Source) uint64 {
	if d.Window.Kind != window.Distinct {
		return 0
	}
	value, _ := d.Attribute.Of(source)
	return xxhash.Sum64String(value)
}

// Hit is a record that a rule has to judge.
type Hit struct {
	Source field.Source
	Record window.Record
	// Group is the fingerprint of its group.
	Group uint64
	// TooOld says that it is to be counted and not judged.
	TooOld bool
}

// Judge judges a record.
func (r *Rule) Judge(hit *Hit) {
	if hit.Record.Match {
		r.Counts.Matched++
	}
	if hit.TooOld {
		r.Counts.Late++
		return
	}
	if r.Window.Kind != window.Absence && !r.seen.Add(hit.Record.ID^r.Version) {
		return
	}
	if _, known := r.groups[hit.Group]; !known && !hit.Record.Match {
		return // there is no row that it could end
	}
	g := r.group(hit)
	if g == nil {
		return
	}
	r.advance(g, hit.Record.Time)
	outcome := g.window.Add(hit.Record)
	if outcome.Late {
		r.Counts.Late++
	}
	if !outcome.Changed {
		return
	}
	if r.Window.Kind != window.Absence { // whose last record need not be known after a start
		r.changed(g)
	}
	if g.state == Inactive {
		r.idle.moveToBack(g)
	}
	r.miss(g, outcome.Missed, &hit.Source)
	r.judge(g, hit.Record.Time, &hit.Source)
}

// Advance lets time pass.
func (r *Rule) Advance(now int64) {
	if now >= r.due {
		r.due = never
		for g := range r.active {
			r.advance(g, now)
			r.schedule(g)
		}
	}
	r.forget(now)
}

// Active returns how many alerts fire.
func (r *Rule) Active() (firing int64) {
	for g := range r.active {
		if g.state == Firing {
			firing++
		}
	}
	return firing
}
