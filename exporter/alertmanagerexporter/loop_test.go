package alertmanagerexporter

import (
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mina-observability/otelcol-mina/test/contract"
)

// inBubble runs a test with a clock of its own, which goes on when everything waits. The
// double is outside of it, where time is what it is; so its connections are not kept.
func inBubble(t *testing.T, am *contract.Alertmanager, storage *memory, test func(t *testing.T, s *setup)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		cfg := createDefaultConfig().(*Config)
		cfg.Endpoints = []string{am.URL}
		cfg.ClientConfig.DisableKeepAlives = true
		test(t, start(t, cfg, storage))
	})
}

// pass lets a time of the bubble pass.
func pass(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

func now() string { return time.Now().UTC().Format(time.RFC3339Nano) }

func TestWhatFiresIsRepeatedUntilItIsResolved(t *testing.T) {
	am := double(t)
	inBubble(t, am, nil, func(t *testing.T, s *setup) {
		s.consume(t, transition(map[string]any{"alert.starts_at": now()}))
		pass(time.Hour + time.Second)
		taken := am.Taken()
		require.Len(t, taken, 61, "at once and each minute")
		for i, alert := range taken {
			assert.Equal(t, taken[0].StartsAt, alert.StartsAt)
			assert.WithinDuration(t, taken[0].StartsAt.Add(time.Duration(i)*time.Minute+4*time.Minute), alert.EndsAt, time.Second)
		}
		s.consume(t, transition(map[string]any{"alert.starts_at": "2000-01-01T00:00:00Z", "alert.state": "resolved", "alert.ends_at": now()}))
		pass(time.Hour)
		taken = am.Taken()
		require.Len(t, taken, 62, "resolved is said once")
		assert.WithinDuration(t, time.Now().Add(-time.Hour), taken[61].EndsAt, time.Second)
		assert.EqualValues(t, 60, s.metric(t, "resent_alerts"))
		assert.EqualValues(t, 2, s.metric(t, "sent_alerts"))
		assert.Zero(t, s.metric(t, "dropped_alerts"))
	})
}

func TestRepetitionThatFailsIsNotTriedAgain(t *testing.T) {
	am := double(t)
	inBubble(t, am, nil, func(t *testing.T, s *setup) {
		s.consume(t, transition(map[string]any{"alert.starts_at": now()}))
		pass(time.Second)
		am.SetFault(func(int) contract.Fault { return contract.Fault{Status: http.StatusServiceUnavailable} })
		pass(10 * time.Minute)
		assert.Equal(t, 11, am.Requests(), "one a minute")
		am.SetFault(nil)
		pass(time.Minute)
		assert.Len(t, am.Taken(), 2)
	})
}

func TestNewsAreTriedUntilTheyAreThrough(t *testing.T) {
	am := double(t)
	am.SetFault(func(int) contract.Fault { return contract.Fault{Status: http.StatusServiceUnavailable} })
	inBubble(t, am, nil, func(t *testing.T, s *setup) {
		s.consume(t, transition(map[string]any{"alert.starts_at": now()}))
		pass(time.Hour)
		assert.Empty(t, am.Taken())
		assert.InDelta(t, 360, am.Requests(), 150, "with pauses of about 10 s")
		am.SetFault(nil)
		pass(16 * time.Second)
		assert.Len(t, am.Taken(), 1, "and soon, when it is back")
	})
}

func TestResolutionIsTriedUntilItExpires(t *testing.T) {
	am := double(t)
	keep := &memory{kept: map[string]string{}}
	inBubble(t, am, keep, func(t *testing.T, s *setup) {
		s.consume(t, transition(map[string]any{"alert.starts_at": now()}))
		pass(time.Minute)
		am.SetFault(func(int) contract.Fault { return contract.Fault{Status: http.StatusServiceUnavailable} })
		s.consume(t, transition(map[string]any{"alert.starts_at": "2000-01-01T00:00:00Z", "alert.state": "resolved", "alert.ends_at": now()}))
		pass(14 * time.Minute)
		assert.EqualValues(t, 1, s.table.waiting(0))
		assert.Len(t, keep.all(), 1)
		pass(3 * time.Minute)
		assert.Zero(t, s.table.waiting(0))
		assert.Empty(t, keep.all())
		assert.EqualValues(t, 1, s.metric(t, "dropped_alerts", "expired"))
		assert.Equal(t, 1, s.logged.FilterMessageSnippet("resolve_expiry").Len())
		requests := am.Requests()
		pass(time.Hour)
		assert.Equal(t, requests, am.Requests())
	})
}

func TestNewerStateReplacesWhatWaits(t *testing.T) {
	am := double(t)
	am.SetFault(func(int) contract.Fault { return contract.Fault{Status: http.StatusServiceUnavailable} })
	inBubble(t, am, nil, func(t *testing.T, s *setup) {
		s.consume(t, transition(map[string]any{"alert.starts_at": "2000-01-01T00:00:00Z"}))
		pass(time.Minute)
		s.consume(t, transition(map[string]any{"alert.starts_at": "2000-01-01T00:00:00Z", "alert.state": "resolved", "alert.ends_at": now()}))
		pass(time.Minute)
		again := now()
		s.consume(t, transition(map[string]any{"alert.starts_at": again}))
		am.SetFault(nil)
		pass(30 * time.Second)
		taken := am.Taken()
		require.Len(t, taken, 1)
		assert.Equal(t, again, taken[0].StartsAt.Format(time.RFC3339Nano))
	})
}

func TestAlertThatIsOverWhenAlertmanagerIsBackIsHeardOf(t *testing.T) {
	am := double(t)
	am.SetFault(func(int) contract.Fault { return contract.Fault{Status: http.StatusServiceUnavailable} })
	inBubble(t, am, nil, func(t *testing.T, s *setup) {
		began := now()
		s.consume(t, transition(map[string]any{"alert.starts_at": began}))
		pass(time.Minute)
		s.consume(t, transition(map[string]any{"alert.starts_at": began, "alert.state": "resolved", "alert.ends_at": now()}))
		pass(5 * time.Minute)
		am.SetFault(nil)
		pass(30 * time.Second)
		taken := am.Taken()
		require.Len(t, taken, 1)
		assert.False(t, taken[0].ResolvedAt(time.Now()), "for a minute")
		pass(time.Hour)
		assert.Len(t, am.Taken(), 1, "then it is over by itself")
	})
}

func TestPauseThatIsAskedForIsKept(t *testing.T) {
	am := double(t)
	am.SetFault(func(int) contract.Fault { return contract.Fault{Status: http.StatusTooManyRequests, RetryAfter: 120} })
	inBubble(t, am, nil, func(t *testing.T, s *setup) {
		s.consume(t, transition(map[string]any{"alert.starts_at": now()}))
		pass(110 * time.Second)
		assert.Equal(t, 1, am.Requests())
		am.SetFault(nil)
		s.consume(t, numbered(2))
		pass(5 * time.Second)
		assert.Equal(t, 1, am.Requests(), "also for what is new")
		pass(20 * time.Second)
		assert.Len(t, am.Alerts(), 2)
	})
}

func TestAlertmanagerThatHangsIsGivenUpInTime(t *testing.T) {
	am := double(t)
	letGo := am.Hang()
	defer letGo()
	cfg := quick(am.URL)
	cfg.ClientConfig.Timeout = 50 * time.Millisecond
	s := start(t, cfg, nil)
	s.consume(t, transition(nil))
	eventually(t, func() bool { return am.Requests() > 3 }, "the next try does not wait longer")
	letGo()
	eventually(t, func() bool { return len(am.Taken()) == 1 }, "it gets through")
}

func TestStorageThatHangsHoldsUpNobodyForLong(t *testing.T) {
	am := double(t)
	keep := &memory{kept: map[string]string{}}
	synctest.Test(t, func(t *testing.T) {
		cfg := createDefaultConfig().(*Config)
		cfg.Endpoints, cfg.ClientConfig.DisableKeepAlives = []string{am.URL}, true
		s := start(t, cfg, keep)
		hanging := make(chan struct{})
		keep.set(nil, hanging)
		begun := time.Now()
		s.consume(t, transition(map[string]any{"alert.starts_at": now()}))
		assert.Equal(t, saveGrace, time.Since(begun))
		assert.EqualValues(t, 1, s.metric(t, "unsaved_alerts"))
		keep.set(nil, nil)
		close(hanging)
	})
	assert.Len(t, am.Taken(), 1)
}

func TestStorageThatHangsDoesNotHoldUpTheEnd(t *testing.T) {
	am := double(t)
	keep := &memory{kept: map[string]string{}}
	synctest.Test(t, func(t *testing.T) {
		cfg := createDefaultConfig().(*Config)
		cfg.Endpoints, cfg.ClientConfig.DisableKeepAlives = []string{am.URL}, true
		s := start(t, cfg, keep)
		hanging := make(chan struct{})
		keep.set(nil, hanging)
		s.consume(t, transition(map[string]any{"alert.starts_at": now()}))
		begun := time.Now()
		s.stopped = true
		require.ErrorIs(t, s.Shutdown(t.Context()), errSlow)
		assert.Less(t, time.Since(begun), 4*time.Second)
		close(hanging)
	})
}
