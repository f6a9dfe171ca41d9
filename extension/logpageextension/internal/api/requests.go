package api

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/mina-observability/otelcol-mina/extension/logpageextension/internal/engine"
	"github.com/mina-observability/otelcol-mina/internal/logsql"
	"github.com/mina-observability/otelcol-mina/internal/minaattr"
)

const (
	// maxTimeline bounds the records of a request.
	maxTimeline = 5000
	// longPause is the pause that a timeline marks.
	longPause = time.Second
	// leastError is the severity number of ERROR.
	leastError = 17
	// maxID is the length in bytes of the longest id of a request.
	maxID = 512
)

type requestAnswer struct {
	ID      string  `json:"id"`
	Kind    string  `json:"kind"`
	Head    head    `json:"head"`
	Lanes   []lane  `json:"lanes"`
	Records []*step `json:"records"`
	// More says that only the first of the records are here.
	More bool `json:"more"`
}

// head is what the records say of a request together.
type head struct {
	Method     string  `json:"method"`
	Path       string  `json:"path"`
	Status     string  `json:"status"`
	User       string  `json:"user"`
	Address    string  `json:"address"`
	DurationMS float64 `json:"duration_ms"`
	Processes  int     `json:"processes"`
	Errors     int     `json:"errors"`
	Records    int     `json:"records"`
	Start      string  `json:"start"`
	End        string  `json:"end"`
}

// lane is a process that a request has been in.
type lane struct {
	Name string `json:"name"`
}

// step is a record of a request, with its place in it.
type step struct {
	Record          *record `json:"record"`
	SinceStartMS    float64 `json:"since_start_ms"`
	SincePreviousMS float64 `json:"since_previous_ms"`
	Lane            int     `json:"lane"`
	Gap             bool    `json:"gap"`
}

var errNoRequest = &Failure{
	Status: http.StatusNotFound, Message: "There are no records of such a request or trace.", Do: "Compare the id; its records may also be older than what log_store keeps.",
}

// request returns the records of a request or a trace in order of time.
func (a *API) request(ctx context.Context, p *parameters) (any, error) {
	id := p.path("id")
	if id == "" || len(id) > maxID {
		return nil, errNoRequest
	}
	filter := logsql.Or(logsql.Exact(minaattr.RequestID, id), logsql.Exact("trace_id", id))
	q := engine.Query{Filter: filter.String(), Pipes: "| sort by (_time)", From: time.Unix(0, 0), To: p.now.Add(futureDays), Limit: maxTimeline + 1}
	found, more, err := a.oldest(ctx, q)
	switch {
	case err != nil:
		return nil, err
	case len(found) == 0:
		return nil, errNoRequest
	}
	answer := &requestAnswer{ID: id, Kind: "trace", More: more}
	for _, r := range found {
		answer.add(r)
	}
	answer.summarize(found)
	return answer, nil
}

// futureDays is how far ahead of ours the clocks of the records may be.
const futureDays = 2 * 24 * time.Hour

// oldest returns the first records that a query finds, in order of time, and whether there
// are more.
func (a *API) oldest(ctx context.Context, q engine.Query) (found []*record, more bool, err error) {
	size := 0
	err = a.store.Each(ctx, q, func(row engine.Row) error {
		r, err := newRecord(row)
		if err != nil {
			return err
		}
		if size += r.size; size > maxPageBytes || len(found) == maxTimeline {
			more = true
			return nil
		}
		found = append(found, r)
		return nil
	})
	slices.SortStableFunc(found, func(a, b *record) int { return a.at.Compare(b.at) })
	return onlyOnce(found), more, err
}

// onlyOnce leaves out records that have been sent, and stored, again.
func onlyOnce(records []*record) []*record {
	seen := map[uint64]bool{}
	return slices.DeleteFunc(records, func(r *record) bool {
		repeated := r.unique && seen[r.hash]
		seen[r.hash] = true
		return repeated
	})
}

func (a *requestAnswer) add(r *record) {
	s := &step{Record: r, Lane: a.laneOf(r)}
	if last := len(a.Records) - 1; last >= 0 {
		pause := r.at.Sub(a.Records[last].Record.at)
		s.SinceStartMS, s.SincePreviousMS, s.Gap = milliseconds(r.at.Sub(a.Records[0].Record.at)), milliseconds(pause), pause > longPause
	}
	a.Records = append(a.Records, s)
	if r.Fields[minaattr.RequestID] == a.ID {
		a.Kind = "request"
	}
	if r.SeverityNumber >= leastError {
		a.Head.Errors++
	}
}

// laneOf returns the lane of a record's process, also a new one.
func (a *requestAnswer) laneOf(r *record) int {
	name := strings.TrimSpace(r.Host + " " + r.Fields["process.pid"])
	if name == "" {
		name = r.Service
	}
	for i, l := range a.Lanes {
		if l.Name == name {
			return i
		}
	}
	a.Lanes = append(a.Lanes, lane{name})
	return len(a.Lanes) - 1
}

// summarize says what a request was by the first record that says so, and how it ended by
// the last.
func (a *requestAnswer) summarize(found []*record) {
	first, last := found[0], found[len(found)-1]
	h := &a.Head
	h.Records, h.Processes, h.Start, h.End = len(found), len(a.Lanes), first.Time, last.Time
	h.DurationMS = milliseconds(last.at.Sub(first.at))
	h.Method, h.Path, h.Address = firstOf(found, "http.request.method"), firstOf(found, "url.path"), firstOf(found, "client.address")
	if h.User = firstOf(found, "user.name"); h.User == "" {
		h.User = firstOf(found, "user.id")
	}
	slices.Reverse(found)
	h.Status = firstOf(found, "http.response.status_code")
	for _, name := range []string{"processing_time_ms", "latency_ms"} {
		if took, ok := number(firstOf(found, name)); ok {
			h.DurationMS = took
			break
		}
	}
}

func firstOf(records []*record, name string) string {
	for _, r := range records {
		if value := r.Fields[name]; value != "" {
			return value
		}
	}
	return ""
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
