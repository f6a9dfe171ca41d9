package engines

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// An engine that is stopped and started again while it is sent to has every line, and
// at most what was on its way twice.
func TestAnEngineMayRestart(t *testing.T) {
	for name, kind := range kinds {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			restart := kind.restartable(t)
			e, state, logs := restart(), t.TempDir(), filepath.Join(t.TempDir(), "app.log")
			at := recent()
			c := kind.collect(t, e, state, logs)
			for part := range 4 {
				writeLines(t, logs, part*lines/4, (part+1)*lines/4, at)
				eventuallyHolds(t, func(t require.TestingT) bool { return kind.stored(e, t) > part*lines/4 }, "lines arrive")
				e.Stop()
				e = restart()
			}
			require.NoError(t, c.WaitReady())
			kind.wait(t, e, state, time.Now())
			c.Stop()
			kind.verify(t, e, state, byAge)
		})
	}
}
