package api

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/mina-observability/otelcol-mina/extension/logpageextension/internal/engine"
)

const (
	// maxPaths bounds the paths that are told, and consideredPaths those of which the
	// slowest are chosen: the most frequent.
	maxPaths        = 100
	consideredPaths = 1000
)

type slowAnswer struct {
	Paths []*slowPath `json:"paths"`
	More  bool        `json:"more"`
}

// slowPath is how requests for a path did.
type slowPath struct {
	Method     string  `json:"method"`
	Path       string  `json:"path"`
	Requests   int64   `json:"requests"`
	P50        float64 `json:"p50_ms"`
	P95        float64 `json:"p95_ms"`
	Max        float64 `json:"max_ms"`
	Errors     int64   `json:"errors"`
	ErrorShare float64 `json:"error_share"`
	Measured   int64   `json:"measured"`
}

const (
	requestsOnly = `"url.path":* ("http.response.status_code":* or processing_time_ms:* or latency_ms:*)`
	// foldedPath has numbers, UUIDs, hexadecimal ids and ULIDs as {id}.
	foldedPath = `| copy "url.path" as mina_path | replace_regexp ("/(?:[0-9a-fA-F-]{16,}|[0-9A-Z]{26}|[0-9]+)\\b", "/{id}") at mina_path`
	// The records of the application and those of its server are about the same requests.
	// Only the application's have the id.
	ofApplication = `| format if ("mina.request.id":*) "application" as mina_source | coalesce (processing_time_ms, latency_ms) as mina_took`
	pathFields    = `mina_source, "http.request.method", mina_path`
	countStats    = `| stats by (` + pathFields + `) %s records, count() if ("http.response.status_code":>=500) errors,
		count(mina_took) measured, max(mina_took) max, count(duration_seconds) timed, max(duration_seconds) smax | sort by (records desc) limit %d`
	timeStats = `| stats by (` + pathFields + `) quantile(0.5, mina_took) if (mina_took:*) p50, quantile(0.95, mina_took) if (mina_took:*) p95,
		quantile(0.5, duration_seconds) if (duration_seconds:*) s50, quantile(0.95, duration_seconds) if (duration_seconds:*) s95`
	// timedWhole is of how many records all times are put in order; of more, only so many
	// are, since the store needs memory for each.
	timedWhole = 100_000
)

// slow says how long the requests of each path take, and how many of them fail.
func (a *API) slow(ctx context.Context, p *parameters) (any, error) {
	q, err := p.query()
	if err != nil {
		return nil, err
	}
	q.Where = requestsOnly
	rows, err := a.pathRows(ctx, q, fmt.Sprintf(countStats, `count_uniq_hash("mina.request.id") ids, count()`, consideredPaths))
	if isTooMuch(err) {
		rows, err = a.pathRows(ctx, q, fmt.Sprintf(countStats, `count()`, consideredPaths)) // there is no room for so many ids
	}
	if err != nil {
		return nil, err
	}
	if err := a.addTimes(ctx, q, rows); err != nil {
		return nil, err
	}
	paths := slowest(rows)
	return slowAnswer{Paths: paths[:min(len(paths), maxPaths)], More: len(paths) > maxPaths}, nil
}

func (a *API) pathRows(ctx context.Context, q engine.Query, stats string) ([]engine.Row, error) {
	q.Pipes += foldedPath + ofApplication + stats
	return a.store.Rows(ctx, q)
}

// addTimes adds how long requests take to rows of how many there are.
func (a *API) addTimes(ctx context.Context, q engine.Query, rows []engine.Row) error {
	if len(rows) == 0 {
		return nil
	}
	total := int64(0)
	of := map[[3]string]engine.Row{}
	for _, row := range rows {
		total += count(row["records"])
		of[pathOf(row)] = row
	}
	if total > timedWhole {
		q.Pipes = fmt.Sprintf("| sample %d ", total/timedWhole)
	}
	times, err := a.pathRows(ctx, q, timeStats)
	for _, row := range times {
		if counted := of[pathOf(row)]; counted != nil {
			maps.Copy(counted, row)
		}
	}
	return err
}

func pathOf(row engine.Row) [3]string {
	return [3]string{row["mina_source"], row["http.request.method"], row["mina_path"]}
}

// slowest returns the paths of rows, of which a path may have two: what the application
// says, and what its server says of the same requests. The one that knows more requests
// counts, and the times of the other where it has none.
func slowest(rows []engine.Row) []*slowPath {
	type key struct{ method, path string }
	found := map[key]*slowPath{}
	for _, row := range rows {
		of := newSlowPath(row)
		known := found[key{of.Method, of.Path}]
		switch {
		case known == nil:
			found[key{of.Method, of.Path}] = of
		case of.Requests > known.Requests:
			of.timeBy(known)
			*known = *of
		default:
			known.timeBy(of)
		}
	}
	paths := []*slowPath{}
	for _, of := range found {
		paths = append(paths, of)
	}
	slices.SortFunc(paths, func(a, b *slowPath) int {
		return cmp.Or(cmp.Compare(b.P95, a.P95), cmp.Compare(b.Requests, a.Requests), strings.Compare(a.Path, b.Path), strings.Compare(a.Method, b.Method))
	})
	return paths
}

func newSlowPath(row engine.Row) *slowPath {
	of := &slowPath{
		Method: row["http.request.method"], Path: row["mina_path"], Requests: count(row["records"]), Errors: count(row["errors"]), Measured: count(row["measured"]),
	}
	if ids := count(row["ids"]); ids > 0 {
		of.Requests = ids
	}
	p50, p95, longest, unit := "p50", "p95", "max", 1.0
	if of.Measured == 0 && row["mina_source"] == "" {
		of.Measured = count(row["timed"])
		p50, p95, longest, unit = "s50", "s95", "smax", 1000
	}
	of.Max = unit * numberOr(row[longest], 0)
	// Of a path that is too rare to be among the records whose times are put in order, only
	// the longest time is known.
	of.P50, of.P95 = unit*numberOr(row[p50], of.Max/unit), unit*numberOr(row[p95], of.Max/unit)
	of.Errors = min(of.Errors, of.Requests)
	if of.Requests > 0 {
		of.ErrorShare = float64(of.Errors) / float64(of.Requests)
	}
	return of
}

// timeBy takes the times of another path, if there are none.
func (s *slowPath) timeBy(other *slowPath) {
	if s.Measured == 0 {
		s.Measured, s.P50, s.P95, s.Max = other.Measured, other.P50, other.P95, other.Max
	}
}
