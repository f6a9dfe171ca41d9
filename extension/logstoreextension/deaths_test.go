package logstoreextension

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componentstatus"

	"github.com/mina-observability/otelcol-mina/extension/logstoreextension/internal/engine"
	"github.com/mina-observability/otelcol-mina/internal/logstore"
)

// pid returns the process of a store that runs.
func (f *fixture) pid(t *testing.T) int {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(f.cfg.Directory, "victoria-logs.pid"))
	require.NoError(t, err)
	pid, err := strconv.Atoi(string(text))
	require.NoError(t, err)
	return pid
}

// kill ends the store as a crash does, and returns when another one runs.
func (f *fixture) kill(t *testing.T) {
	t.Helper()
	before := f.Status().Restarts
	require.NoError(t, syscall.Kill(f.pid(t), syscall.SIGKILL))
	waitFor(t, "a new process", func() bool {
		now := f.Status()
		return now.Restarts > before && now.State == logstore.StateRunning
	})
}

func TestNothingIsLostOfAStoreThatIsKilledUnderLoad(t *testing.T) {
	t.Parallel()
	const kills, writers, batch = 20, 4, 50
	f := startStore(t, ownConfig(t, realEngine(t)))
	f.waitState(t, logstore.StateRunning)
	var stop atomic.Bool
	var written atomic.Int64
	var work sync.WaitGroup
	for writer := range writers {
		work.Go(func() {
			for n := 0; !stop.Load(); n++ {
				messages := make([]string, batch)
				for i := range messages {
					messages[i] = fmt.Sprintf("record-%d-%d-%d", writer, n, i)
				}
				for !stop.Load() {
					if status, err := f.insert(messages...); err == nil && status == http.StatusOK {
						written.Add(batch)
						break
					}
				}
				time.Sleep(20 * time.Millisecond)
			}
		})
	}
	for range kills {
		before := written.Load()
		waitFor(t, "load", func() bool { return written.Load() > before+20*batch && time.Since(f.Status().Since) > awhile })
		f.kill(t)
	}
	stop.Store(true)
	work.Wait()
	require.NotZero(t, f.Status().Resent)
	require.Zero(t, f.Status().Unkept)
	var kept string
	waitFor(t, fmt.Sprintf("%d records", written.Load()), func() bool {
		kept = f.ask(t, "* | stats count_uniq(_msg) as n")
		n, _ := strconv.ParseInt(kept, 10, 64)
		return n >= written.Load()
	})
	t.Logf("%d records, %s kept, %d batches sent again", written.Load(), kept, f.Status().Resent)
}

// ask returns the field n that a query has.
func (f *fixture) ask(t *testing.T, query string) string {
	t.Helper()
	response, err := f.client.Get("http://log_store/select/logsql/query?query=" + strings.ReplaceAll(query, " ", "+"))
	if err != nil {
		return err.Error()
	}
	defer response.Body.Close()
	var n string
	_, _ = fmt.Fscanf(response.Body, `{"n":%q}`, &n)
	return n
}

func TestStoreThatEndsByItselfIsStartedAgain(t *testing.T) {
	f := startStore(t, ownConfig(t, realEngine(t)))
	f.waitState(t, logstore.StateRunning)
	begin := time.Now()
	f.kill(t)
	assert.Less(t, time.Since(begin), 5*time.Second)
	assert.EqualValues(t, 1, f.Status().Restarts)
	assert.Empty(t, f.Status().Reason)
	assert.Equal(t, 1, f.logged.FilterMessage("The store of the logs has ended by itself").Len())
}

func TestStoreThatDoesNotAnswerIsToldOf(t *testing.T) {
	t.Parallel()
	f := startStore(t, ownConfig(t, realEngine(t)))
	f.waitState(t, logstore.StateRunning)
	pid := f.pid(t)
	require.NoError(t, syscall.Kill(pid, syscall.SIGSTOP))
	defer func() { _ = syscall.Kill(pid, syscall.SIGCONT) }()
	waitFor(t, "a reason", func() bool { return strings.Contains(f.Status().Reason, "has not answered") })
	require.NoError(t, syscall.Kill(pid, syscall.SIGCONT))
	waitFor(t, "an answer", func() bool { return f.Status().Reason == "" })
	assert.Equal(t, logstore.StateRunning, f.Status().State)
	assert.Equal(t, pid, f.pid(t))
	assert.Equal(t, []componentstatus.Status{componentstatus.StatusOK, componentstatus.StatusRecoverableError, componentstatus.StatusOK}, f.events())
}

func TestDeathsByOneCauseInARowAreGivenUp(t *testing.T) {
	const short = time.Second
	died := func(reason string) engine.Death { return engine.Death{Reason: reason} }
	for name, c := range map[string]struct {
		deaths []engine.Death
		lived  []time.Duration
		final  bool
	}{
		"two":                    {[]engine.Death{died("a"), died("a")}, nil, false},
		"three":                  {[]engine.Death{died("a"), died("a"), died("a")}, nil, true},
		"three at other offsets": {[]engine.Death{died("off=1 of 0xc0"), died("off=23 of 0xd1"), died("off=4 of 0xe")}, nil, true},
		"another between":        {[]engine.Death{died("a"), died("b"), died("a"), died("a")}, nil, false},
		"a long life between":    {[]engine.Death{died("a"), died("a"), died("a")}, []time.Duration{short, short, longEnough}, false},
		"killed":                 {[]engine.Death{{Reason: "a", Killed: true}, {Reason: "a", Killed: true}, {Reason: "a", Killed: true}}, nil, false},
		"ended":                  {[]engine.Death{{Reason: "a", Clean: true}, {Reason: "a", Clean: true}, {Reason: "a", Clean: true}}, nil, false},
	} {
		t.Run(name, func(t *testing.T) {
			var d deaths
			var final bool
			for i, death := range c.deaths {
				lived := short
				if c.lived != nil {
					lived = c.lived[i]
				}
				final = d.another(death, lived)
			}
			assert.Equal(t, c.final, final)
		})
	}
}

func TestPausesGrowWhileLivesAreShort(t *testing.T) {
	var p pauses
	var took time.Duration
	for range 9 {
		next := p.next(0)
		assert.Greater(t, next, took)
		took = next
	}
	assert.Equal(t, firstPause<<8, took)
	assert.Equal(t, lastPause, p.next(0))
	assert.Equal(t, lastPause, p.next(0))
	assert.Equal(t, firstPause, p.next(2*awhile))
	assert.Equal(t, 2*firstPause, p.next(0))
}
