package e2e

import (
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mina-observability/otelcol-mina/test/program"
)

// What the log has had when a kept state was left: records that were delivered, with one that
// was refused, and then those that no destination has taken.
const (
	keptDelivered = 100
	keptQueued    = 150
	keptAll       = 200
)

func keptText(to int) string {
	return strings.Replace(numbered(0, to), "record 42\"", "poison 42\"", 1)
}

// keptPath is where the log is, from the root of the repository: a checkpoint is of a path,
// and this one is the same in every checkout.
const keptPath = "_build/kept/app.log"

// startKept starts a collector on a state, and a log with a text. On another machine than that
// of the state, the log is known only as its copy: rotated.
func startKept(t *testing.T, state, endpoint, text, rotated string) *program.Collector {
	t.Helper()
	log := filepath.Join(program.Root(), keptPath+rotated)
	require.NoError(t, os.MkdirAll(filepath.Dir(log), 0o755))
	t.Cleanup(func() { require.NoError(t, os.RemoveAll(filepath.Dir(log))) })
	require.NoError(t, os.WriteFile(log, []byte(text), 0o600))
	s := program.OTLP(state, keptPath+"*", endpoint, "queued")
	s.Configs = append(s.Configs, "alerts.yaml")
	return startCollector(t, s)
}

// TestKeepState writes the state that the built collector leaves, for the releases after it:
// docs/upgrading.md.
func TestKeepState(t *testing.T) {
	version := os.Getenv("MINA_KEEP_STATE")
	if version == "" {
		t.Skip("MINA_KEEP_STATE=0.2.0 keeps what the built collector leaves, in testdata/state")
	}
	e, state := newChoosy(t, "poison"), t.TempDir()
	c := startKept(t, state, e.URL, keptText(keptDelivered), "")
	eventually(t, func() bool { return len(e.bodies()) == keptDelivered-1 }, "the first records")
	e.setRefuse(func() int { return http.StatusServiceUnavailable })
	appendTo(t, filepath.Join(program.Root(), keptPath), numbered(keptDelivered, keptQueued))
	eventually(t, func() bool { return c.Health("logs/otlp") != http.StatusOK }, "the others wait")
	c.Stop()
	output, err := exec.Command("tar", "-C", state, "--sort=name", "--owner=0", "--group=0", "-czf", filepath.Join("testdata/state", version+".tar.gz"), ".").CombinedOutput()
	require.NoError(t, err, string(output))
}

// TestStateOfEarlierVersionsIsReadOn holds what docs/upgrading.md promises: no record is lost
// with an upgrade, and none is sent again.
func TestStateOfEarlierVersionsIsReadOn(t *testing.T) {
	kept, err := filepath.Glob("testdata/state/*.tar.gz")
	require.NoError(t, err)
	require.NotEmpty(t, kept)
	for _, archive := range kept {
		t.Run(strings.TrimSuffix(filepath.Base(archive), ".tar.gz"), func(t *testing.T) {
			e, state := newEndpoint(t), t.TempDir()
			output, err := exec.Command("tar", "-C", state, "-xzf", archive).CombinedOutput()
			require.NoError(t, err, string(output))
			// What waits is in the queue, and is not read again.
			text := strings.Replace(keptText(keptAll), "record 110\"", "reread 110\"", 1)
			c := startKept(t, state, e.URL, text, ".1")
			eventually(t, func() bool { return len(e.bodies()) >= keptAll-keptDelivered }, "what waited, and what is new")
			c.Stop()
			bodies := e.bodies()
			assert.Len(t, bodies, keptAll-keptDelivered)
			for i := keptDelivered; i < keptAll; i++ {
				assert.Equal(t, 1, bodies[fmt.Sprintf("record %d", i)], "record %d", i)
			}
			aside, err := filepath.Glob(filepath.Join(state, "*.corrupt-*"))
			require.NoError(t, err)
			assert.Empty(t, aside, c.Output())

			code, printed := resend(t, state, e.URL, "otlp", filepath.Join(state, "dead-letter/lossless_otlp_http.jsonl"))
			assert.Zero(t, code, printed)
			assert.Equal(t, 1, e.bodies()["poison 42"])
		})
	}
}
