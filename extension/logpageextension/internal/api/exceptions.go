package api

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/mina-observability/otelcol-mina/extension/logpageextension/internal/engine"
	"github.com/mina-observability/otelcol-mina/internal/pytrace"
)

const (
	// maxGroups bounds the groups of exceptions that are told.
	maxGroups = 100
	// sparks is how many numbers a sparkline has.
	sparks = 24
)

type exceptionsAnswer struct {
	Groups []*group `json:"groups"`
	// More says that there are rarer ones.
	More bool `json:"more"`
}

// group are the exceptions of a type that come from one place.
type group struct {
	Type     string        `json:"type"`
	Frame    string        `json:"frame"`
	Count    int64         `json:"count"`
	Requests int64         `json:"requests"`
	Users    int64         `json:"users"`
	First    string        `json:"first"`
	Last     string        `json:"last"`
	Spark    [sparks]int64 `json:"spark"`
	Newest   *record       `json:"newest"`
}

// Of records whose processor has not named the frame, the store finds the innermost call of
// all by itself.
const (
	exceptionsOnly = `"exception.type":*`
	callOfOthers   = `| extract_regexp if ("mina.exception.frame":"") "(?s).*File \"(?P<mina_file>[^\"]+)\", line [0-9]+, in (?P<mina_function>[^\n]+)" from "exception.stacktrace"`
	groupFields    = `"exception.type", "mina.exception.frame", mina_file, mina_function`
)

// place is what exceptions are grouped by.
type place struct{ class, frame, file, function string }

func placeOf(row engine.Row) place {
	return place{row["exception.type"], row["mina.exception.frame"], row["mina_file"], row["mina_function"]}
}

// exceptions groups exceptions by their types and where they come from.
func (a *API) exceptions(ctx context.Context, p *parameters) (any, error) {
	q, err := p.query()
	if err != nil {
		return nil, err
	}
	q.Where = exceptionsOnly
	q.Pipes = callOfOthers + `| stats by (` + groupFields + `) count() count, count_uniq_hash("mina.request.id") requests, count_uniq_hash("user.id") users,
		min(_time) first, max(_time) last, row_max(_time) newest | sort by (count desc) limit ` + fmt.Sprint(maxGroups+1)
	rows, err := a.store.Rows(ctx, q)
	if err != nil {
		return nil, err
	}
	answer := exceptionsAnswer{Groups: []*group{}, More: len(rows) > maxGroups}
	places := map[place]*group{}
	for _, row := range rows[:min(len(rows), maxGroups)] {
		g, err := newGroup(row)
		if err != nil {
			return nil, err
		}
		places[placeOf(row)] = answer.put(g)
	}
	slices.SortStableFunc(answer.Groups, func(a, b *group) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Type, b.Type), cmp.Compare(a.Frame, b.Frame))
	})
	return answer, a.spark(ctx, q, places)
}

func newGroup(row engine.Row) (*group, error) {
	g := &group{
		Type: row["exception.type"], Frame: row["mina.exception.frame"], Count: count(row["count"]),
		Requests: count(row["requests"]), Users: count(row["users"]), First: row["first"], Last: row["last"],
	}
	var newest engine.Row
	err := json.Unmarshal([]byte(row["newest"]), &newest)
	if err != nil {
		return nil, fmt.Errorf("the store has answered with a record that is none: %w", err)
	}
	delete(newest, "mina_file")
	delete(newest, "mina_function")
	if g.Newest, err = newRecord(newest); err != nil {
		return nil, err
	}
	if g.Frame == "" {
		g.Frame = pytrace.Innermost([]byte(newest["exception.stacktrace"]))
	}
	return g, nil
}

// put adds a group, or puts it together with one of the same place, and returns that.
func (a *exceptionsAnswer) put(g *group) *group {
	for _, known := range a.Groups {
		if known.Type == g.Type && known.Frame == g.Frame {
			known.join(g)
			return known
		}
	}
	a.Groups = append(a.Groups, g)
	return g
}

func (g *group) join(other *group) {
	g.Count, g.Requests, g.Users = g.Count+other.Count, g.Requests+other.Requests, g.Users+other.Users
	g.First = min(g.First, other.First)
	if other.Last > g.Last {
		g.Last, g.Newest = other.Last, other.Newest
	}
}

// spark counts the groups over time.
func (a *API) spark(ctx context.Context, q engine.Query, places map[place]*group) error {
	if len(places) == 0 {
		return nil
	}
	step := (q.To.Sub(q.From) + sparks - 1) / sparks
	offset := time.Duration(q.From.UnixNano() % int64(step))
	q.Pipes = callOfOthers + fmt.Sprintf(`| stats by (%s, _time:%dns offset %dns) count() count`, groupFields, step, offset)
	return a.store.Each(ctx, q, func(row engine.Row) error {
		at, err := engine.Time(row["_time"])
		if g := places[placeOf(row)]; g != nil && err == nil {
			g.Spark[min(max(0, at.Sub(q.From)/step), sparks-1)] += count(row["count"])
		}
		return err
	})
}
