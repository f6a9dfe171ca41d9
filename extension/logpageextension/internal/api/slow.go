package api

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
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
	slowStats     = `| stats by (mina_source, "http.request.method", mina_path) %s requests, count() if ("http.response.status_code":>=500) errors,
		count(mina_took) measured, quantile(0.5, mina_took) p50, quantile(0.95, mina_took) p95, max(mina_took) max,
		count(duration_seconds) timed, quantile(0.5, duration_seconds) s50, quantile(0.95, duration_seconds) s95, max(duration_seconds) smax
		| sort by (requests desc) limit %d`
)

// slow says how long the requests of each path take, and how many of them fail.
func (a *API) slow(ctx context.Context, p *parameters) (any, error) {
	q, err := p.query()
	if err != nil {
		return nil, err
	}
	q.Where = requestsOnly
	rows, err := a.slowRows(ctx, q, `count_uniq_hash("mina.request.id") ids, count()`)
	var unanswered *engine.Error
	if errors.As(err, &unanswered) && unanswered.Status == http.StatusUnprocessableEntity {
		rows, err = a.slowRows(ctx, q, `count()`) // there is no room for so many ids
	}
	if err != nil {
		return nil, err
	}
	paths := slowest(rows)
	return slowAnswer{Paths: paths[:min(len(paths), maxPaths)], More: len(paths) > maxPaths}, nil
}

func (a *API) slowRows(ctx context.Context, q engine.Query, requests string) ([]engine.Row, error) {
	q.Pipes = foldedPath + ofApplication + fmt.Sprintf(slowStats, requests, consideredPaths)
	return a.store.Rows(ctx, q)
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
		Method: row["http.request.method"], Path: row["mina_path"], Requests: count(row["requests"]), Errors: count(row["errors"]), Measured: count(row["measured"]),
	}
	if ids := count(row["ids"]); ids > 0 {
		of.Requests = ids
	}
	of.P50, _ = number(row["p50"])
	of.P95, _ = number(row["p95"])
	of.Max, _ = number(row["max"])
	if of.Measured == 0 && row["mina_source"] == "" {
		of.Measured = count(row["timed"])
		of.P50, of.P95, of.Max = inMilliseconds(row["s50"]), inMilliseconds(row["s95"]), inMilliseconds(row["smax"])
	}
	of.Errors = min(of.Errors, of.Requests)
	if of.Requests > 0 {
		of.ErrorShare = float64(of.Errors) / float64(of.Requests)
	}
	return of
}

func inMilliseconds(seconds string) float64 {
	n, _ := number(seconds)
	return 1000 * n
}

// timeBy takes the times of another path, if there are none.
func (s *slowPath) timeBy(other *slowPath) {
	if s.Measured == 0 {
		s.Measured, s.P50, s.P95, s.Max = other.Measured, other.P50, other.P95, other.Max
	}
}
