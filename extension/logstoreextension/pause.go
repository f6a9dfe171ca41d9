package logstoreextension

import "time"

// The pauses between two engines.
const (
	firstPause = 100 * time.Millisecond
	lastPause  = 30 * time.Second
	// awhile is how long an engine lives that does not end of how it was started.
	awhile = time.Second
)

// pauses get longer while engines live for a short time.
type pauses struct{ last time.Duration }

// next returns the pause behind an engine that has lived so long.
func (p *pauses) next(lived time.Duration) time.Duration {
	if lived > awhile {
		p.last = 0
	}
	p.last = min(max(firstPause, 2*p.last), lastPause)
	return p.last
}
