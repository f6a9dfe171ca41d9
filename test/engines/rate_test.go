package engines

import (
	"path/filepath"
	"testing"
	"time"
)

// What Loki has no room for now, it takes later, and nothing of it twice.
func TestTheRateLimitOfLokiIsWaitedFor(t *testing.T) {
	t.Parallel()
	kind := kinds["Loki"]
	e, state, logs := newLoki(t, "ingestion_rate_mb: 2, ingestion_burst_size_mb: 4").start(t), t.TempDir(), filepath.Join(t.TempDir(), "app.log")
	writeLines(t, logs, 0, lines, recent())
	begun := time.Now()
	c := kind.collect(t, e, state, logs)
	kind.wait(t, e, state, begun)
	c.Stop()
	kind.verify(t, e, state, byAge)
}
