package api

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/mina-observability/otelcol-mina/extension/logpageextension/internal/engine"
	"github.com/mina-observability/otelcol-mina/internal/logsql"
)

const (
	// facetValues is how many values of a field are named.
	facetValues = 10
	// countedWhole is how many records are all counted; of more, only a part is.
	countedWhole = 1_000_000
	// sampled is about how many records are counted instead.
	sampledRecords = 200_000
	// rareShare is the share of the records that the most frequent value of a field has at
	// least, unless the field is one of the useful ones.
	rareShare = 1000
)

// useful are the fields that one searches by first, and what they are called.
var useful = []struct{ field, label string }{
	{"severity_text", "level"},
	{"scope.name", "logger"},
	{"user.name", "user"},
	{"user.id", "user id"},
	{"http.request.method", "method"},
	{"url.path", "path"},
	{"http.response.status_code", "status"},
	{"exception.type", "exception"},
	{"mina.exception.frame", "frame"},
	{"client.address", "address"},
	{"host.name", "host"},
	{"service.name", "service"},
	{"process.pid", "process"},
	{"thread.name", "thread"},
}

// manyValued are fields of which the store names no values with the others' where they have
// more than a thousand.
var manyValued = []string{"url.path", "user.name", "user.id", "client.address"}

// unusual are fields that are another value in nearly every record, or say what another
// facet says.
const unusual = "_msg, _stream, _stream_id, _time, severity_number, scope.version, exception.stacktrace, exception.message, " +
	"mina.request.id, trace_id, span_id, log.record.uid, thread.id, code.line.number"

type facetsAnswer struct {
	Facets []*facet `json:"facets"`
	// Sampled says that the numbers are estimated.
	Sampled bool `json:"sampled"`
}

type facet struct {
	Field  string       `json:"field"`
	Label  string       `json:"label"`
	Values []facetValue `json:"values"`
}

type facetValue struct {
	Value   string `json:"value"`
	Records int64  `json:"records"`
}

// facets counts the most frequent values of the fields.
func (a *API) facets(ctx context.Context, p *parameters) (any, error) {
	q, err := p.query()
	if err != nil {
		return nil, err
	}
	total, err := a.total(ctx, q)
	if err != nil {
		return nil, err
	}
	sample, pipe := int64(1), ""
	if total > countedWhole {
		sample = total / sampledRecords
		pipe = fmt.Sprintf("| sample %d ", sample)
	}
	rows, err := a.facetRows(ctx, q, pipe)
	if err != nil {
		return nil, err
	}
	return facetsAnswer{Facets: facetsOf(rows, total, sample), Sampled: sample > 1}, nil
}

// facetRows returns the most frequent values of the fields, as they are or of a sample.
func (a *API) facetRows(ctx context.Context, q engine.Query, sample string) ([]engine.Row, error) {
	q.Pipes = sample + fmt.Sprintf("| delete %s | facets %d keep_const_fields", unusual, facetValues)
	rows, err := a.store.Rows(ctx, q)
	if err != nil {
		return nil, err
	}
	named := map[string]bool{}
	for _, row := range rows {
		named[row["field_name"]] = true
	}
	for _, field := range manyValued {
		if named[field] {
			continue
		}
		q.Where, q.Pipes = logsql.Exists(field).String(), sample+fmt.Sprintf("| top %d by (%s)", facetValues, logsql.Name(field))
		values, err := a.store.Rows(ctx, q)
		if err != nil && !isTooMuch(err) {
			return nil, err
		}
		for _, row := range values {
			rows = append(rows, engine.Row{"field_name": field, "field_value": row[field], "hits": row["hits"]})
		}
	}
	return rows, nil
}

// total counts the records.
func (a *API) total(ctx context.Context, q engine.Query) (int64, error) {
	q.Pipes = "| stats count() records"
	rows, err := a.store.Rows(ctx, q)
	if err != nil || len(rows) == 0 {
		return 0, err
	}
	return count(rows[0]["records"]), nil
}

// facetsOf puts the values of each field together, the useful fields first.
func facetsOf(rows []engine.Row, total, sample int64) []*facet {
	fields := map[string]*facet{}
	for _, row := range rows {
		name := row["field_name"]
		f := fields[name]
		if f == nil {
			f = &facet{Field: name, Label: name}
			fields[name] = f
		}
		f.Values = append(f.Values, facetValue{row["field_value"], sample * count(row["hits"])})
	}
	found := []*facet{}
	for _, u := range useful {
		if f := fields[u.field]; f != nil {
			f.Label = u.label
			found = append(found, f)
			delete(fields, u.field)
		}
	}
	known := len(found)
	for _, f := range fields {
		found = append(found, f)
	}
	for _, f := range found {
		slices.SortFunc(f.Values, byRecords)
	}
	found = append(found[:known], slices.DeleteFunc(found[known:], func(f *facet) bool { return f.Values[0].Records <= max(1, total/rareShare) })...)
	slices.SortFunc(found[known:], func(a, b *facet) int { return strings.Compare(a.Field, b.Field) })
	return found
}

func byRecords(a, b facetValue) int {
	if a.Records != b.Records {
		return int(b.Records - a.Records)
	}
	return strings.Compare(a.Value, b.Value)
}
