package alertconnector

import "time"

// streamIdle is how long nothing may come before time passes by the wall clock.
const streamIdle = 2 * time.Second

// streamClock is what time it is for windows to which nothing comes. While records come,
// these tell, so that a backlog is judged as it would have been; and then the wall clock.
type streamClock struct {
	lateness time.Duration
	// newest is the time of the newest record since the stream was last idle, and came
	// when the last one came.
	newest int64
	came   time.Time
}

// begin has time pass by what comes, if that is soon.
func (c *streamClock) begin(now time.Time) { c.newest, c.came = 0, now }

// come notes the newest record of a batch, and returns what time it is.
func (c *streamClock) come(newest int64, now time.Time) int64 {
	if newest == 0 {
		return c.now(now)
	}
	if c.idle(now) {
		c.newest = newest
	}
	c.newest, c.came = max(c.newest, newest), now
	return c.now(now)
}

// now returns what time it is, less what may be late.
func (c *streamClock) now(now time.Time) int64 {
	at := now.UnixNano()
	if !c.idle(now) {
		at = min(at, c.newest)
	}
	return at - int64(c.lateness)
}

// idle reports whether nothing comes.
func (c *streamClock) idle(now time.Time) bool { return now.Sub(c.came) > streamIdle }
