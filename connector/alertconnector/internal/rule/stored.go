package rule

import (
	"encoding/json"
	"errors"
	"fmt"

	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/mina-observability/otelcol-mina/connector/alertconnector/internal/identities"
)

// stored is a group as it is kept in the storage.
type stored struct {
	// Version is that of the rule's definition.
	Version uint64   `json:"version"`
	Values  []string `json:"values,omitempty"`
	State   State    `json:"state,omitempty"`
	Clock   int64    `json:"clock,omitempty"`
	Since   int64    `json:"since,omitempty"`
	Until   int64    `json:"until,omitempty"`
	Ended   int64    `json:"ended,omitempty"`
	Window  []byte   `json:"window"`
}

// Changes are what has come to be since they were last asked for.
type Changes struct {
	// Groups are those to store, by their fingerprints; without a value, to delete.
	Groups map[uint64][]byte
	// Beginnings are those of the alerts that fire, likewise.
	Beginnings map[uint64][]byte
	// Seen are parts of what must not be counted twice, by their numbers.
	Seen []identities.Chunk
	// Transitions are the records of alerts that began or ended.
	Transitions []plog.Logs
}

// Changed reports whether there are changes.
func (r *Rule) Changed() bool { return len(r.dirty) > 0 || len(r.gone) > 0 || len(r.transitions) > 0 }

// Changes returns what has changed since the last call.
func (r *Rule) Changes() (Changes, error) {
	c := Changes{Groups: make(map[uint64][]byte, len(r.dirty)+len(r.gone)), Beginnings: r.beginnings, Transitions: r.transitions, Seen: r.seen.Unstored()}
	for _, fingerprint := range r.gone {
		c.Groups[fingerprint] = nil
	}
	var errs []error
	for g := range r.dirty {
		value, err := r.store(g)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		c.Groups[g.fingerprint] = value
	}
	clear(r.dirty)
	r.gone, r.transitions, r.beginnings = r.gone[:0], nil, map[uint64][]byte{}
	return c, errors.Join(errs...)
}

func (r *Rule) store(g *Group) ([]byte, error) {
	records, err := g.window.AppendBinary(nil)
	if err != nil {
		return nil, err
	}
	return json.Marshal(stored{
		Version: r.Version, Values: g.values, State: g.state, Clock: g.clock, Since: g.since, Until: g.until, Ended: g.ended,
		Window: records,
	})
}

var (
	// errOther says that a group was stored by another definition of its rule.
	errOther = errors.New("it is of another definition of the rule")
	// errNoBeginning says that an alert fires of which nobody knows what it said.
	errNoBeginning = errors.New("the beginning of its alert is missing")
)

// Restore takes over a group that was stored, with the beginning of its alert if that
// fires.
func (r *Rule) Restore(fingerprint uint64, value, beginning []byte) error {
	var s stored
	if err := json.Unmarshal(value, &s); err != nil {
		return err
	}
	switch {
	case s.Version != r.Version || len(s.Values) != len(r.GroupBy):
		return errOther
	case s.State == Firing && beginning == nil:
		return errNoBeginning
	}
	g := r.add(fingerprint, s.Values)
	if err := g.window.UnmarshalBinary(s.Window); err != nil {
		r.remove(g)
		return fmt.Errorf("its window: %w", err)
	}
	g.alert = alert{state: s.State, clock: s.Clock, since: s.Since, until: s.Until, ended: s.Ended}
	if s.State == Firing {
		g.firing = beginning
	}
	if s.State != Inactive {
		r.activate(g)
	}
	return nil
}

// RestoreSeen takes over a part of what must not be counted twice. Begin takes them all.
func (r *Rule) RestoreSeen(number uint64, value []byte) {
	r.chunks = append(r.chunks, identities.Chunk{Number: number, Value: value})
}
