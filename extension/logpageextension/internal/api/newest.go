package api

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"github.com/mina-observability/otelcol-mina/extension/logpageextension/internal/engine"
)

// maxPageBytes bounds the texts of the records that are held for a page. A page of larger
// ones is shorter.
const maxPageBytes = 32 << 20

var errTooMuch = errors.New("the records are too large for a page of so many")

// newest returns a page of at most limit records, newest first, from behind a position, and
// the position that it ends at.
//
// The store is asked twice. Its own way to the newest N repeats records, and so leaves others
// out; it is only asked which time they begin at, which is also a fraction of the work. All
// records from there on are the answer.
func (a *API) newest(ctx context.Context, q engine.Query, after *position, limit int) ([]*record, *position, error) {
	for {
		found, next, err := a.newestOf(ctx, q, after, limit)
		if !errors.Is(err, errTooMuch) || limit == 1 {
			return found, next, err
		}
		limit = max(1, limit/8)
	}
}

func (a *API) newestOf(ctx context.Context, q engine.Query, after *position, limit int) ([]*record, *position, error) {
	p := &page{limit: limit, after: after}
	if after != nil {
		q.To = earlier(q.To, time.Unix(0, after.at+1))
	}
	oldest := q.From
	for q.From.Before(q.To) && len(p.records) <= limit {
		var err error
		if q.From, err = a.beginOf(ctx, q, limit+1, oldest); err != nil {
			return nil, nil, err
		}
		if err = a.store.Each(ctx, q, p.add); err != nil {
			return nil, nil, err
		}
		p.sort()
		q.From, q.To = oldest, q.From
	}
	found, next := p.end()
	return found, next, nil
}

// beginOf returns the time that about so many of the newest records begin at, or the
// earliest where there are fewer.
func (a *API) beginOf(ctx context.Context, q engine.Query, limit int, earliest time.Time) (time.Time, error) {
	begin, seen := q.To.Add(-1), 0 // there is no record at the end of a range
	q.Pipes, q.Limit = "| fields _time", limit
	err := a.store.Each(ctx, q, func(row engine.Row) error {
		at, err := engine.Time(row["_time"])
		begin, seen = earlier(begin, at), seen+1
		return err
	})
	if seen < limit {
		return earliest, err
	}
	return begin, err
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

// page collects the newest records behind a position.
type page struct {
	limit   int
	after   *position
	skipped int
	records []*record
	size    int
}

// add takes a record of a row, unless it is one of an earlier page.
func (p *page) add(row engine.Row) error {
	r, err := newRecord(row)
	if err != nil || p.isBefore(r) {
		return err
	}
	p.records = append(p.records, r)
	if p.size += r.size; p.size > maxPageBytes || len(p.records) > 4*(p.limit+1) {
		p.sort()
		if p.size > maxPageBytes && p.limit > 1 {
			return errTooMuch
		}
	}
	return nil
}

// isBefore reports whether an earlier page has had a record. Copies of one cannot be told
// apart, but counted.
func (p *page) isBefore(r *record) bool {
	if p.after == nil || r.at.UnixNano() != p.after.at {
		return false
	}
	if r.hash == p.after.hash && !r.unique && p.skipped < p.after.copies {
		p.skipped++
		return true
	}
	return r.hash < p.after.hash || r.hash == p.after.hash && r.unique
}

// sort orders the records, newest first, and keeps as many as the page has, and one that
// says that there are more.
func (p *page) sort() {
	slices.SortFunc(p.records, func(a, b *record) int {
		return cmp.Or(b.at.Compare(a.at), cmp.Compare(a.hash, b.hash))
	})
	p.records = slices.CompactFunc(p.records, func(a, b *record) bool {
		return a.unique && b.unique && a.hash == b.hash && a.at.Equal(b.at)
	})
	if len(p.records) > p.limit+1 {
		clear(p.records[p.limit+1:])
		p.records = p.records[:p.limit+1]
	}
	p.size = 0
	for _, r := range p.records {
		p.size += r.size
	}
}

// end returns the records of the page, and where the next one begins, if there is one.
func (p *page) end() ([]*record, *position) {
	if len(p.records) <= p.limit {
		return append([]*record{}, p.records...), nil
	}
	found := p.records[:p.limit]
	last := found[len(found)-1]
	next := &position{at: last.at.UnixNano(), hash: last.hash}
	for _, r := range found {
		if r.hash == last.hash && r.at.Equal(last.at) {
			next.copies++
		}
	}
	if p.after != nil && p.after.at == next.at && p.after.hash == next.hash {
		next.copies += p.after.copies
	}
	return found, next
}
