package destination

import (
	"sync/atomic"
	"time"
)

// maxPatience bounds how long an answer is waited for.
const maxPatience = 5 * time.Minute

// patience is how long a destination has to answer. One that is slower than our
// timeout may have taken the batch each time, and would get it for ever.
type patience struct {
	configured time.Duration
	current    atomic.Int64
}

func newPatience(timeout time.Duration) *patience {
	p := &patience{configured: timeout}
	p.current.Store(int64(timeout))
	return p
}

// timeout is that of the next try; none is 0.
func (p *patience) timeout() time.Duration { return time.Duration(p.current.Load()) }

// exceeded doubles a timeout that was not enough, once for all tries that had it.
func (p *patience) exceeded(timeout time.Duration) {
	longer := min(2*timeout, max(maxPatience, p.configured))
	p.current.CompareAndSwap(int64(timeout), int64(longer))
}

// answered takes back what an answer did not need, by halves.
func (p *patience) answered(after time.Duration) {
	current := p.timeout()
	if current > p.configured && after < current/2 {
		p.current.CompareAndSwap(int64(current), int64(max(current/2, p.configured)))
	}
}
