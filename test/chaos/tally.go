package main

import (
	"sync"

	"github.com/mina-observability/otelcol-mina/test/loglines"
)

// tally counts how often each record was written, and delivered to each destination.
type tally struct {
	mu        sync.Mutex
	written   int
	delivered [][]uint16
	unknown   int
}

func newTally(destinations int) *tally { return &tally{delivered: make([][]uint16, destinations)} }

// next gives out the numbers of n records.
func (t *tally) next(n int) (first int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	first = t.written
	t.written += n
	for i := range t.delivered {
		t.delivered[i] = append(t.delivered[i], make([]uint16, n)...)
	}
	return first
}

// deliverTo returns what counts a record of a destination by its body.
func (t *tally) deliverTo(destination int) func(body []byte) {
	return func(body []byte) {
		n := loglines.Number(body)
		t.mu.Lock()
		defer t.mu.Unlock()
		if n < 0 || n >= t.written {
			t.unknown++
			return
		}
		t.delivered[destination][n]++
	}
}

// counts are the results of a run. What one of several destinations has not got is lost.
type counts struct{ written, delivered, lost, duplicated, unknown int }

// and adds what has become of the same records elsewhere.
func (c counts) and(elsewhere counts) counts {
	c.delivered += elsewhere.delivered
	c.lost += elsewhere.lost
	c.duplicated += elsewhere.duplicated
	return c
}

func (t *tally) counts() counts {
	t.mu.Lock()
	defer t.mu.Unlock()
	c := counts{written: t.written, unknown: t.unknown}
	for _, destination := range t.delivered {
		for _, n := range destination {
			c.delivered += int(n)
			switch {
			case n == 0:
				c.lost++
			case n > 1:
				c.duplicated += int(n) - 1
			}
		}
	}
	return c
}
