package tail

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/stanza/fileconsumer"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"

	"github.com/mina-observability/otelcol-mina/receiver/minareceiver/internal/checkpoint/checkpointtest"
)

const reasonIsGone = "fileconsumer does better: look at docs/decisions/002-tailer.md again"

// upstream is contrib's fileconsumer in a directory, and what it has given.
type upstream struct {
	t           *testing.T
	directory   string
	checkpoints *checkpointtest.Memory

	mu    sync.Mutex
	lines map[string]int
	// refused is the line whose batches are refused.
	refused string
}

func newUpstream(t *testing.T) *upstream {
	return &upstream{t: t, directory: t.TempDir(), checkpoints: checkpointtest.NewMemory(), lines: map[string]int{}}
}

// start starts a fileconsumer, and returns what stops it.
func (u *upstream) start() (stop func()) {
	cfg := fileconsumer.NewConfig()
	cfg.Include, cfg.StartAt, cfg.PollInterval = []string{filepath.Join(u.directory, "*.log")}, "beginning", 5*time.Millisecond
	manager, err := cfg.Build(componenttest.NewNopTelemetrySettings(), u.emit)
	require.NoError(u.t, err)
	require.NoError(u.t, manager.Start(u.checkpoints))
	return func() { require.NoError(u.t, manager.Stop()) }
}

func (u *upstream) emit(_ context.Context, lines [][]byte, _ map[string]any, _ int64, _ []int64) (err error) {
	u.mu.Lock()
	defer u.mu.Unlock()
	for _, line := range lines {
		u.lines[string(line)]++
		if string(line) == u.refused {
			err = errors.New("refused")
		}
	}
	return err
}

// given returns how often a line was given.
func (u *upstream) given(line string) int {
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.lines[line]
}

// write appends a line to a file, and waits until it is given.
func (u *upstream) write(name, line string) {
	u.put(name, line+"\n")
	require.Eventually(u.t, func() bool { return u.given(line) > 0 }, 10*time.Second, time.Millisecond, line)
}

func (u *upstream) put(name, text string) {
	file, err := os.OpenFile(filepath.Join(u.directory, name), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	require.NoError(u.t, err)
	_, err = file.WriteString(text)
	require.NoError(u.t, errors.Join(err, file.Close()))
}

// poll waits until a poll has begun and ended.
func (u *upstream) poll(number string) {
	u.write("polls.log", "a poll has begun: "+number)
	u.write("polls.log", "and has ended: "+number)
}

func (u *upstream) move(from, to string) {
	require.NoError(u.t, os.Rename(filepath.Join(u.directory, from), filepath.Join(u.directory, to)))
}

// TestUpstreamStillForgetsLinesThatWereRefused fails when fileconsumer gives again, in
// the same process or after a restart, what was not taken.
func TestUpstreamStillForgetsLinesThatWereRefused(t *testing.T) {
	u := newUpstream(t)
	u.refused = "refused"
	stop := u.start()
	u.write("app.log", "refused")
	u.poll("before the restart")
	stop()
	stop = u.start()
	u.write("app.log", "next")
	stop()
	assert.Equal(t, 1, u.given("refused"), reasonIsGone)
}

// TestUpstreamStillTakesFilesThatBeginAlikeForOne fails when fileconsumer reads both of
// two files whose first 1000 bytes are the same.
func TestUpstreamStillTakesFilesThatBeginAlikeForOne(t *testing.T) {
	u := newUpstream(t)
	banner := strings.Repeat("*", 1000) + "\n"
	u.put("a.log", banner+"of a\n")
	u.put("b.log", banner+"of b\n")
	stop := u.start()
	u.poll("with both files")
	u.poll("again")
	stop()
	assert.Equal(t, 1, u.given("of a")+u.given("of b"), reasonIsGone)
}

// TestUpstreamStillForgetsFilesThatAreAway fails when fileconsumer knows a file again
// that was not there for some polls, as one that is rotated out of the pattern and back.
func TestUpstreamStillForgetsFilesThatAreAway(t *testing.T) {
	u := newUpstream(t)
	stop := u.start()
	u.write("a.log", "once")
	u.move("a.log", "away")
	for _, number := range []string{"1", "2", "3", "4", "5"} {
		u.poll(number)
	}
	u.move("away", "a.log")
	u.poll("with the file")
	u.poll("again")
	stop()
	assert.Equal(t, 2, u.given("once"), reasonIsGone)
}
