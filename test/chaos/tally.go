package main

import (
	"sync"

	"github.com/mina-observability/otelcol-mina/test/loglines"
)

// tally counts how often each record was written and delivered.
type tally struct {
	mu        sync.Mutex
	written   int
	delivered []uint16
	unknown   int
}

// next gives out the numbers of n records.
func (t *tally) next(n int) (first int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	first = t.written
	t.written += n
	t.delivered = append(t.delivered, make([]uint16, n)...)
	return first
}

// deliver counts a record by its body.
func (t *tally) deliver(body []byte) {
	n := loglines.Number(body)
	t.mu.Lock()
	defer t.mu.Unlock()
	if n < 0 || n >= len(t.delivered) {
		t.unknown++
		return
	}
	t.delivered[n]++
}

// counts are the results of a run.
type counts struct{ written, delivered, lost, duplicated, unknown int }

func (t *tally) counts() counts {
	t.mu.Lock()
	defer t.mu.Unlock()
	c := counts{written: t.written, unknown: t.unknown}
	for _, n := range t.delivered {
		c.delivered += int(n)
		switch {
		case n == 0:
			c.lost++
		case n > 1:
			c.duplicated += int(n) - 1
		}
	}
	return c
}
