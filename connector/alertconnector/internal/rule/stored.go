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
	Firing  []byte   `json:"firing,omitempty"`
	Window  []byte   `json:"window"`
}

// Changes are what has come to be since they were last asked for.
type Changes struct {
	// Groups are those to store, by their fingerprints; without a value, to delete.
	Groups map[uint64][]byte
	// Seen are parts of what must not be counted twice, by their numbers.
	Seen []identities.Chunk
	// Transitions are the records of alerts that began or ended.
	Transitions []plog.Logs
}

// Changed reports whether there are changes.
func (r *Rule) Changed() bool { return len(r.dirty) > 0 || len(r.gone) > 0 || len(r.transitions) > 0 }

// Changes returns what has changed since the last call.
func (r *Rule) Changes() (Changes, error) {
	c := Changes{Groups: make(map[uint64][]byte, len(r.dirty)+len(r.gone)), Transitions: r.transitions, Seen: r.seen.Unstored()}
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
	r.gone, r.transitions = r.gone[:0], nil
	return c, errors.Join(errs...)
}

func (r *Rule) store(g *Group) ([]byte, error) {
	records, err := g.window.AppendBinary(nil)
	if err != nil {
		return nil, err
	}
	return json.Marshal(stored{
		Version: r.Version, Values: g.values, State: g.state, Clock: g.clock, Since: g.since, Until: g.until, Ended: g.ended,
		Firing: g.firing, Window: records,
	})
}

// errOther says that a group was stored by another definition of its rule.
var errOther = errors.New("it is of another definition of the rule")

// Restore takes over a group that was stored. Of one that it cannot take over, it returns
// the beginning of the alert, if that still fires.
func (r *Rule) Restore(fingerprint uint64, value []byte) (firing []byte, err error) {
	var s stored
	if err := json.Unmarshal(value, &s); err != nil {
		return nil, err
	}
	if s.Version != r.Version || len(s.Values) != len(r.GroupBy) {
		return s.Firing, errOther
	}
	g := r.add(fingerprint, s.Values)
	if err := g.window.UnmarshalBinary(s.Window); err != nil {
		r.remove(g)
		return s.Firing, fmt.Errorf("its window: %w", err)
	}
	g.alert = alert{state: s.State, clock: s.Clock, since: s.Since, until: s.Until, ended: s.Ended, firing: s.Firing}
	if s.State != Inactive {
		r.activate(g)
	}
	return nil, nil
}

// RestoreSeen takes over a part of what must not be counted twice. Begin takes them all.
func (r *Rule) RestoreSeen(number uint64, value []byte) {
	r.chunks = append(r.chunks, identities.Chunk{Number: number, Value: value})
}

// FiringOf returns the beginning of the alert of a group that was stored, if it still fires.
func FiringOf(value []byte) []byte {
	var s stored
	_ = json.Unmarshal(value, &s) // what cannot be read does not fire
	return s.Firing
}
