package logstoreextension

import (
	"time"

	"github.com/mina-observability/otelcol-mina/extension/logstoreextension/internal/engine"
)

const (
	// mostDeaths is how many deaths by one cause say that the next will be another.
	mostDeaths = 3
	// longEnough is how long an engine lives whose death is not of what it found at its start.
	longEnough = time.Minute
)

// deaths counts the engines that have ended by the same cause, without a long life between.
type deaths struct {
	cause string
	count int
}

// another reports whether it is no use to start one more. An engine that was killed from
// outside says nothing of itself.
func (d *deaths) another(of engine.Death, lived time.Duration) bool {
	if of.Clean || of.Killed {
		return false
	}
	if lived >= longEnough || of.Cause() != d.cause {
		*d = deaths{cause: of.Cause()}
	}
	d.count++
	return d.count >= mostDeaths
}
