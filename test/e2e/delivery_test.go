package e2e

import (
	"fmt"
	"math"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mina-observability/otelcol-mina/test/program"
)

func TestRestartGoesOnAtTheCheckpoint(t *testing.T) {
	t.Parallel()
	for _, delivery := range deliveries {
		t.Run(delivery, func(t *testing.T) {
			e, state, path := newEndpoint(t), t.TempDir(), filepath.Join(t.TempDir(), "app.log")
			for round := range 3 {
				appendTo(t, path, numbered(round*1000, round*1000+1000))
				c := startCollector(t, program.OTLP(state, path, e.URL, delivery))
				eventually(t, func() bool { return len(e.records()) >= (round+1)*1000 }, "round %d", round)
				c.Stop()
			}
			e.requireNumbered(t, 3000, 1)
		})
	}
}

// onTheWay is how many bytes of log text may be sent and not yet answered for when a
// collector has just started: two batches of the receiver, each ended by a whole block.
const onTheWay = 2 * (384<<10 + 64<<10)

func TestKillsAndADeadDestinationLoseNothing(t *testing.T) {
	t.Parallel()
	for _, delivery := range deliveries {
		for _, overrides := range [][]string{nil, {"exporters::lossless_otlp_http::sending_queue::num_consumers: 4"}} {
			t.Run(fmt.Sprint(delivery, overrides), func(t *testing.T) { killedLosesNothing(t, delivery, overrides) })
		}
	}
}

func killedLosesNothing(t *testing.T, delivery string, overrides []string) {
	e, state, path := newEndpoint(t), t.TempDir(), filepath.Join(t.TempDir(), "app.log")
	const rounds, each = 5, 20000
	settings := program.OTLP(state, path, e.URL, delivery)
	settings.Overrides = overrides
	refused := 0
	for round := range rounds {
		appendTo(t, path, numbered(round*each, round*each+each))
		e.setRefuse(func() int {
			if refused++; refused%3 == 0 {
				return http.StatusServiceUnavailable
			}
			return 0
		})
		before := len(e.records())
		c := startCollector(t, settings)
		eventually(t, func() bool { return len(e.records()) > before }, "some of round %d", round)
		c.Kill()
	}
	e.setRefuse(nil)
	c := startCollector(t, settings)
	eventually(t, func() bool { return len(e.bodies()) == rounds*each }, "every record")
	c.Stop()
	// A record that was queued but not noted as read when the kill came is in the queue
	// twice, so that only the sum has a bound: what a kill finds on its way.
	e.requireNumbered(t, rounds*each, math.MaxInt)
	duplicates := len(e.records()) - rounds*each
	t.Logf("%d records, %d duplicates after %d kills", rounds*each, duplicates, rounds)
	assert.LessOrEqual(t, duplicates, rounds*onTheWay/len(numbered(0, 1)))
}

func TestDeadDestinationMakesTheFileWait(t *testing.T) {
	t.Parallel()
	e, state, path := newEndpoint(t), t.TempDir(), filepath.Join(t.TempDir(), "app.log")
	appendTo(t, path, numbered(0, 1000))
	down := true
	attempts := 0
	e.setRefuse(func() int {
		attempts++
		if down {
			return http.StatusBadGateway
		}
		return 0
	})
	c := startCollector(t, program.OTLP(state, path, e.URL, "acknowledged"))
	eventually(t, func() bool { e.mu.Lock(); defer e.mu.Unlock(); return attempts > 0 }, "it tries")
	c.Stop()
	assert.Empty(t, e.records())
	e.mu.Lock()
	down = false
	e.mu.Unlock()
	c = startCollector(t, program.OTLP(state, path, e.URL, "acknowledged"))
	eventually(t, func() bool { return len(e.records()) == 1000 }, "all, after a restart")
	c.Stop()
	e.requireNumbered(t, 1000, 1)
}

func TestLogrotate(t *testing.T) {
	t.Parallel()
	for name, directives := range map[string]string{
		"rename":       "create",
		"copytruncate": "copytruncate",
		"compress":     "create\n compress",
	} {
		t.Run(name, func(t *testing.T) {
			e, dir := newEndpoint(t), t.TempDir()
			path := filepath.Join(dir, "logs", "app.log")
			require.NoError(t, os.Mkdir(filepath.Dir(path), 0o755))
			config := filepath.Join(dir, "logrotate.conf")
			require.NoError(t, os.WriteFile(config, []byte(fmt.Sprintf("%s {\n rotate 20\n size 1\n missingok\n su root root\n %s\n}\n", path, directives)), 0o600))
			if os.Geteuid() != 0 {
				require.NoError(t, os.WriteFile(config, []byte(fmt.Sprintf("%s {\n rotate 20\n size 1\n missingok\n %s\n}\n", path, directives)), 0o600))
			}
			c := startCollector(t, program.OTLP(t.TempDir(), path+"*", e.URL, "acknowledged"))
			const rounds, each = 5, 200
			for round := range rounds {
				appendTo(t, path, numbered(round*each, round*each+each))
				// What copytruncate takes before it is read is lost by its own design.
				eventually(t, func() bool { return len(e.bodies()) == (round+1)*each }, "round %d", round)
				rotate := exec.Command("/usr/sbin/logrotate", "--force", "--state", filepath.Join(dir, "state"), config)
				out, err := rotate.CombinedOutput()
				require.NoError(t, err, string(out))
			}
			appendTo(t, path, numbered(rounds*each, rounds*each+each))
			eventually(t, func() bool { return len(e.bodies()) == (rounds+1)*each }, "the last round")
			c.Stop()
			e.requireNumbered(t, (rounds+1)*each, 1)
		})
	}
}
