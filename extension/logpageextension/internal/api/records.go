package api

import "context"

const defaultLimit, maxLimit = 200, 1000

type recordsAnswer struct {
	Records []*record `json:"records"`
	// Before is where the older records go on, or "" where there are none.
	Before string `json:"before"`
}

// records returns a page of records, newest first.
func (a *API) records(ctx context.Context, p *parameters) (any, error) {
	q, err := p.query()
	if err != nil {
		return nil, err
	}
	limit, err := p.number("limit", defaultLimit, maxLimit)
	if err != nil {
		return nil, err
	}
	after, err := readPosition(p.Get("before"))
	if err != nil {
		return nil, err
	}
	found, next, err := a.newest(ctx, q, after, limit)
	return recordsAnswer{Records: found, Before: next.String()}, err
}
