package alertconnector

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
)

// all has rules of every kind.
const all = four + `
  ManyAddresses: {kind: distinct, condition: 'IsMatch(body, "Login failed")', attribute: client.address, window: 1m, threshold: 3, for: 5s}
  Burst: {kind: count, condition: severity_number >= SEVERITY_NUMBER_WARN, window: 1m, threshold: 3, keep_firing_for: 30s}
`

// anything returns records of all kinds, some of them as late as they may be.
func anything(random *rand.Rand, n int) (records []logged) {
	at := time.Duration(0)
	for i := range n {
		at += time.Duration(random.Int64N(int64(6 * time.Second)))
		if random.IntN(40) == 0 {
			at += 2 * time.Minute
		}
		var r logged
		switch random.IntN(4) {
		case 0:
			r = failure(at)
		case 1:
			r = handled(at, 4000+2000*random.Float64())
		default:
			r = failedLogin(at, fmt.Sprint(random.IntN(4)))
		}
		if random.IntN(30) == 0 {
			r.severity = plog.SeverityNumberFatal
		}
		r.uid = fmt.Sprint(i)
		r.at -= time.Duration(random.Int64N(int64(4 * time.Second)))
		records = append(records, r)
	}
	return records
}

// life is one of a process, which may be killed.
type life struct {
	*alerts
	keep *memory
	ctx  context.Context
}

// live starts a process on what another has left, that is killed before the nth write.
func live(t *testing.T, left *memory, kill int) life {
	t.Helper()
	ctx, killed := context.WithCancel(t.Context())
	keep := left.copied()
	keep.left, keep.killed = kill, killed
	return life{start(t, all, keep, begin.Add(50*time.Minute)), keep, ctx}
}

// spared has a process that is alive go on.
func (l life) spared() bool {
	l.keep.mu.Lock()
	defer l.keep.mu.Unlock()
	l.keep.killed = nil
	return l.ctx.Err() == nil
}

// end ends a process as a kill does, and returns what it has handed on.
func (l life) end() []string {
	l.keep.failing.Store(true)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	l.ended = true
	_ = l.Shutdown(ctx)
	return l.handedOn()
}

// read has records read at a time of their own, which is another one when they come again.
func read(records []logged, reading *int) plog.Logs {
	logs := batchOf(records...)
	for _, scope := range logs.ResourceLogs().At(0).ScopeLogs().All() {
		*reading++
		scope.LogRecords().At(0).SetObservedTimestamp(pcommon.Timestamp(begin.UnixNano() + int64(*reading)))
	}
	return logs
}

// Whatever the batches, wherever a process is killed, and however much of what it has
// judged comes again: the same alerts begin and end at the same times.
func TestKillsAndRepetitionsChangeNoAlert(t *testing.T) {
	for seed := range uint64(40) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			random := rand.New(rand.NewPCG(seed, 8))
			records := anything(random, 120)
			reading := 0
			undisturbed := live(t, newMemory(), 0)
			for i := range records {
				require.NoError(t, undisturbed.ConsumeLogs(t.Context(), read(records[i:i+1], &reading)))
			}
			undisturbed.pass(time.Hour)
			want := undisturbed.said()
			slices.Sort(want)

			said, left, done := ledger{}, newMemory(), 0
			for done < len(records) {
				l := live(t, left, 1+random.IntN(40))
				for done < len(records) {
					n := min(1+random.IntN(12), len(records)-done)
					err := l.ConsumeLogs(l.ctx, read(records[done:done+n], &reading))
					if errors.Is(err, context.Canceled) {
						break
					}
					require.NoError(t, err)
					done += n
				}
				if done == len(records) && l.spared() {
					l.pass(time.Hour)
					said.enter(t, left, l.said())
					break
				}
				said.enter(t, left, l.end())
				left = l.keep
				done -= random.IntN(done + 1) // what others have not taken comes again
			}
			require.Equal(t, want, slices.Sorted(maps.Keys(said)))
		})
	}
}

// ledger holds what has been said in all lives.
type ledger map[string]bool

// enter notes what a process has said that began with what was left to it. Of what was said
// before it may only say again what was left to it to say: it is not known to be taken.
func (l ledger) enter(t *testing.T, left *memory, said []string) {
	t.Helper()
	again := map[string]bool{}
	for key, value := range left.items {
		if kind, _, _, err := parseKey(key); err == nil && kind == transitionKind {
			record, err := decoder.UnmarshalLogs(value)
			require.NoError(t, err)
			again[describe(record.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(0))] = true
		}
	}
	for _, each := range said {
		require.True(t, !l[each] || again[each], "said twice: %s", each)
		delete(again, each)
		l[each] = true
	}
}

// A batch that was given up while it was being stored, and is offered again, is answered
// when it is stored, although nothing of it is new.
func TestWhatIsOfferedAgainIsAnsweredWhenItIsStored(t *testing.T) {
	keep := newMemory()
	a := start(t, four, keep, begin)
	_ = a.said()
	keep.failing.Store(true)
	impatient, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	critical := logged{severity: plog.SeverityNumberFatal, logger: "app"}
	require.ErrorIs(t, a.ConsumeLogs(impatient, batchOf(critical)), context.DeadlineExceeded)
	time.AfterFunc(200*time.Millisecond, func() { keep.failing.Store(false) })
	a.give(critical)
	b := start(t, four, keep.copied(), begin.Add(time.Second))
	require.Contains(t, append(b.said(), a.handedOn()...), "firing CriticalRecord 0s scope.name=app", "by one or the other")
	b.pass(time.Hour)
	require.Contains(t, b.said(), "resolved CriticalRecord 0s..6m0s scope.name=app")
}

// A group that has ended and is forgotten does not begin anew with what comes again.
func TestWhatIsForgottenIsNotJudgedAgain(t *testing.T) {
	keep := newMemory()
	logins := every(6, time.Second, func(at time.Duration) logged { return failedLogin(at, "203.0.113.9") })
	a := start(t, four, keep, begin.Add(30*time.Minute))
	a.give(logins...)
	a.give(logged{at: 20 * time.Minute, body: "x"})
	require.Len(t, a.said(), 2)
	a.stop()
	b := start(t, four, keep, begin.Add(31*time.Minute))
	b.give(logins...)
	b.give(logged{at: 20 * time.Minute, body: "x"})
	require.Empty(t, b.said())
}

// What an alert was about goes on after a start that takes longer than the window.
func TestAnAlertThatGoesOnInABacklogIsNotEndedByTheStart(t *testing.T) {
	keep := newMemory()
	logins := every(200, time.Second, func(at time.Duration) logged { return failedLogin(at, "203.0.113.9") })
	a := start(t, four, keep, begin.Add(20*time.Second))
	a.give(logins[:20]...)
	require.Equal(t, []string{"firing FailedLogins 5s client.address=203.0.113.9"}, a.said())
	a.stop()
	b := start(t, four, keep, begin.Add(200*time.Second))
	b.pass(0) // as the first tick may come before the first record
	b.give(logins[20:]...)
	require.Empty(t, b.said())
}
