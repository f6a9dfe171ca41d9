package destination

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/consumer/consumererror"
	"go.opentelemetry.io/collector/pdata/plog"
)

var errContent = &Refusal{verdict: ContentRefused, status: 400, answer: "no", text: "the destination answered 400: no"}

func numbered(n int) plog.Logs { return named("", n) }

func named(prefix string, n int) plog.Logs {
	logs := plog.NewLogs()
	records := logs.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords()
	for i := range n {
		records.AppendEmpty().Body().SetStr(fmt.Sprint(prefix, i))
	}
	return logs
}

func bodiesOf(logs plog.Logs) (bodies []string) {
	for _, rl := range logs.ResourceLogs().All() {
		for _, record := range rl.ScopeLogs().At(0).LogRecords().All() {
			bodies = append(bodies, record.Body().Str())
		}
	}
	return bodies
}

// court is a judge, its destination and its dead letters.
type court struct {
	*Judge
	mu                   sync.Mutex
	requests             int
	taken, letters, said []string
	causes               []Cause
	// answer says what comes of a request, by its number and its bodies.
	answer func(request int, bodies []string) error
	// errBury is why nothing can be buried.
	errBury error
}

func newCourt(answer func(int, []string) error) *court {
	c := &court{answer: answer}
	c.Judge = NewJudge(Judge{
		Send: func(_ context.Context, logs plog.Logs) error {
			c.mu.Lock()
			defer c.mu.Unlock()
			c.requests++
			bodies := bodiesOf(logs)
			err := c.answer(c.requests, bodies)
			if err == nil {
				c.taken = append(c.taken, bodies...)
			}
			return err
		},
		Bury: func(_ context.Context, letters plog.Logs, cause Cause) error {
			c.mu.Lock()
			defer c.mu.Unlock()
			if c.errBury == nil {
				c.letters, c.causes = append(c.letters, bodiesOf(letters)...), append(c.causes, cause)
			}
			return c.errBury
		},
		Waits: func(err error) {
			c.mu.Lock()
			defer c.mu.Unlock()
			c.said = append(c.said, err.Error())
		},
		Pauses: Pauses{First: time.Millisecond, Last: time.Millisecond},
	})
	return c
}

// does changes what the destination does.
func (c *court) does(answer func(int, []string) error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.answer = answer
}

// deliverAll delivers a batch, however often it takes.
func (c *court) deliverAll(t *testing.T, batch plog.Logs) {
	t.Helper()
	for {
		err := c.Deliver(t.Context(), batch)
		left := consumererror.Logs{}
		if err == nil || !assert.ErrorAs(t, err, &left) {
			return
		}
		batch = left.Data()
	}
}

func (c *court) see(what func() bool) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return what()
}

func eventually(t *testing.T, condition func() bool, message string) {
	t.Helper()
	require.Eventually(t, condition, 10*time.Second, time.Millisecond, message)
}

func refuses(poisoned func(body string) bool) func(int, []string) error {
	return func(_ int, bodies []string) error {
		if slices.ContainsFunc(bodies, poisoned) {
			return errContent
		}
		return nil
	}
}

func isBad(body string) bool { return strings.HasPrefix(body, "bad") }

func everything(string) bool { return true }

// once asserts that each record is in one place.
func once(t *testing.T, want int, places ...[]string) {
	t.Helper()
	all := slices.Concat(places...)
	assert.Len(t, all, want, "not once")
	slices.Sort(all)
	assert.Len(t, slices.Compact(all), want, "lost")
}

func TestRefusedRecordsAreBuriedWhereverTheyAreInABatch(t *testing.T) {
	const records = 40
	for name, poisoned := range map[string]func(int) bool{
		"first":          func(i int) bool { return i == 0 },
		"last":           func(i int) bool { return i == records-1 },
		"all but one":    func(i int) bool { return i != records/2 },
		"all but first":  func(i int) bool { return i != 0 },
		"all but last":   func(i int) bool { return i != records-1 },
		"every third":    func(i int) bool { return i%3 == 0 },
		"the first half": func(i int) bool { return i < records/2 },
		"the last half":  func(i int) bool { return i >= records/2 },
	} {
		t.Run(name, func(t *testing.T) {
			poison := map[string]bool{}
			for i := range records {
				poison[fmt.Sprint(i)] = poisoned(i)
			}
			c := newCourt(refuses(func(body string) bool { return poison[body] }))
			require.NoError(t, c.Deliver(t.Context(), numbered(records)))
			once(t, records, c.taken, c.letters)
			for _, body := range c.letters {
				assert.True(t, poison[body], body)
			}
			for _, cause := range c.causes {
				assert.Equal(t, Cause{Reason: "refused", Status: 400, Answer: "no"}, cause)
			}
		})
	}
}

// A refused sender gets the same answer to everything, from the first request or from
// some later one on, and until an operator has acted.
func TestNothingOfARefusedSenderIsBuried(t *testing.T) {
	const batches, records = 6, 50
	for _, from := range []int{1, 2, 3, 5, batches} {
		t.Run(fmt.Sprintf("from request %d on", from), func(t *testing.T) {
			c := newCourt(func(request int, _ []string) error {
				if request >= from {
					return errContent
				}
				return nil
			})
			var source sync.WaitGroup
			for i := range batches {
				source.Go(func() { assert.NoError(t, c.Deliver(t.Context(), named(fmt.Sprint(i, " "), records))) })
			}
			eventually(t, func() bool { return c.see(func() bool { return len(c.said) > 20 }) }, "it is said")
			c.does(func(int, []string) error { return nil })
			source.Wait()
			assert.Empty(t, c.letters)
			once(t, batches*records, c.taken)
			assert.Contains(t, c.said[0], "an operator has to act: the destination answered 400: no")
		})
	}
}

func TestDestinationThatComesToItselfGetsAllOfABatch(t *testing.T) {
	for _, records := range []int{1, 2, 7, 100} {
		for _, refusals := range []int{0, 1, 2, 3, 5, pointless - 1, pointless, pointless + 1, 2*pointless + 1} {
			c := newCourt(func(request int, _ []string) error {
				if request <= refusals {
					return errContent
				}
				return nil
			})
			require.NoError(t, c.Deliver(t.Context(), numbered(records)))
			once(t, records, c.taken)
			assert.Empty(t, c.letters, "after %d refusals", refusals)
		}
	}
}

func TestARefusedSenderIsNotAskedForEachRecord(t *testing.T) {
	c := newCourt(refuses(everything))
	ctx, cancel := context.WithCancel(t.Context())
	c.Waits = func(error) { cancel() }
	err := c.Deliver(ctx, numbered(1000))
	var left consumererror.Logs
	require.ErrorAs(t, err, &left)
	require.ErrorIs(t, err, context.Canceled)
	assert.Equal(t, 1000, left.Data().LogRecordCount())
	assert.Less(t, c.requests, 100)
}

// One of the servers behind an address refuses everything.
func TestRecordsAreFewThatOneOfSeveralServersHasBuried(t *testing.T) {
	const batches, records = 20, 50
	random := rand.New(rand.NewPCG(1, 1))
	c := newCourt(func(int, []string) error {
		if random.IntN(2) == 0 {
			return errContent
		}
		return nil
	})
	var source sync.WaitGroup
	for i := range batches {
		source.Go(func() { assert.NoError(t, c.Deliver(t.Context(), named(fmt.Sprint(i, " "), records))) })
	}
	source.Wait()
	once(t, batches*records, c.taken, c.letters)
	assert.Less(t, len(c.letters), batches*records/200)
}

// What is refused alone is buried when others have been taken, and it is refused again.
func TestABatchThatIsRefusedWholeWaitsForOthersToBeTaken(t *testing.T) {
	c := newCourt(refuses(isBad))
	done := make(chan error, 1)
	go func() { done <- c.Deliver(t.Context(), named("bad", 3)) }()
	eventually(t, func() bool { return c.see(func() bool { return len(c.said) > 3 }) }, "it waits")
	assert.Empty(t, c.letters)
	require.NoError(t, c.Deliver(t.Context(), named("good", 1)))
	require.NoError(t, <-done)
	once(t, 3, c.letters)
	once(t, 1, c.taken)
}

// Where nothing else comes, the first is given up in the end. The next one, that nothing
// has been taken before, shows that it is the sender that is refused.
func TestABatchThatIsRefusedAloneDoesNotWaitForEver(t *testing.T) {
	c := newCourt(refuses(everything))
	c.Pauses.Alone = 10 * time.Millisecond
	waits := func() {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		until := time.Now().Add(5 * c.Pauses.Alone)
		c.Waits = func(error) {
			if time.Now().After(until) {
				cancel()
			}
		}
		require.ErrorIs(t, c.Deliver(ctx, named("x", 3)), context.Canceled)
	}
	waits() // nothing has been taken ever
	for range 2 {
		c.does(refuses(isBad))
		require.NoError(t, c.Deliver(t.Context(), named("good", 1)))
		require.NoError(t, c.Deliver(t.Context(), named("bad", 3)))
		c.does(refuses(everything))
		waits()
	}
	assert.Len(t, c.letters, 6)
	assert.Len(t, c.taken, 2)
}

func TestBatchesWithRefusedRecordsDoNotWaitForEachOther(t *testing.T) {
	c := newCourt(refuses(isBad))
	var source sync.WaitGroup
	for i := range 20 {
		batch := named(fmt.Sprint("good", i, " "), 10)
		named(fmt.Sprint("bad", i, " "), 3).ResourceLogs().MoveAndAppendTo(batch.ResourceLogs())
		source.Go(func() { assert.NoError(t, c.Deliver(t.Context(), batch)) })
	}
	source.Wait()
	once(t, 200, c.taken)
	once(t, 60, c.letters)
}

func TestWhatIsLeftIsInTheError(t *testing.T) {
	errDown := errors.New("down")
	for after := range 40 {
		sends := 0
		c := newCourt(func(_ int, bodies []string) error {
			switch sends++; {
			case sends > after:
				return errDown
			case len(bodies) > 1 || sends%2 == 0:
				return errContent
			}
			return nil
		})
		err := c.Deliver(t.Context(), numbered(50))
		var left consumererror.Logs
		require.ErrorAs(t, err, &left)
		require.ErrorIs(t, err, errDown)
		once(t, 50, c.taken, bodiesOf(left.Data()), c.letters)
	}
}

func TestWhatCannotBeBuriedIsInTheError(t *testing.T) {
	c := newCourt(refuses(isBad))
	c.errBury = errors.New("disk full")
	batch := named("bad", 3)
	named("good", 10).ResourceLogs().MoveAndAppendTo(batch.ResourceLogs())
	err := c.Deliver(t.Context(), batch)
	var left consumererror.Logs
	require.ErrorAs(t, err, &left)
	require.ErrorIs(t, err, c.errBury)
	once(t, 13, c.taken, bodiesOf(left.Data()))
}

func TestWhatADestinationTellsIsBuriedAndTheRestNeverSentAgain(t *testing.T) {
	c := newCourt(nil)
	c.Send = func(_ context.Context, logs plog.Logs) error {
		c.requests++
		return &Partial{Refused: Span(logs, 1, 3), Cause: Cause{Reason: "refused", Status: 400, Answer: "too old"}}
	}
	require.NoError(t, c.Deliver(t.Context(), numbered(10)))
	assert.Equal(t, 1, c.requests)
	assert.Equal(t, []string{"1", "2"}, c.letters)
	assert.Equal(t, "too old", c.causes[0].Answer)
	c.errBury = errors.New("disk full")
	var left consumererror.Logs
	require.ErrorAs(t, c.Deliver(t.Context(), numbered(10)), &left)
	assert.Equal(t, []string{"1", "2"}, bodiesOf(left.Data()), "the rest has been taken")
}

// Sentry takes one event after the other.
func TestWhatWasTakenBeforeARefusalIsNotSentAgain(t *testing.T) {
	c := newCourt(nil)
	c.Send = func(_ context.Context, logs plog.Logs) error {
		for i, body := range bodiesOf(logs) {
			if isBad(body) {
				return consumererror.NewLogs(errContent, Span(logs, i, logs.LogRecordCount()))
			}
			c.taken = append(c.taken, body)
		}
		return nil
	}
	batch := named("good", 5)
	named("bad", 2).ResourceLogs().MoveAndAppendTo(batch.ResourceLogs())
	named("fine", 5).ResourceLogs().MoveAndAppendTo(batch.ResourceLogs())
	require.NoError(t, c.Deliver(t.Context(), batch))
	once(t, 12, c.taken, c.letters)
	assert.ElementsMatch(t, []string{"bad0", "bad1"}, c.letters)
}

func TestLettersThatAreSentAgainGoBackWhereverTheyAreRefused(t *testing.T) {
	SendAgain()
	t.Cleanup(func() { sendingAgain.Store(false) })
	for name, test := range map[string]struct {
		refused func(body string) bool
		want    []string
	}{
		"one":  {func(body string) bool { return body == "17" }, []string{"17"}},
		"all":  {func(string) bool { return true }, bodiesOf(numbered(40))},
		"most": {func(body string) bool { return body != "39" }, bodiesOf(numbered(39))},
	} {
		t.Run(name, func(t *testing.T) {
			c := newCourt(func(_ int, bodies []string) error {
				if slices.ContainsFunc(bodies, test.refused) {
					return errContent
				}
				return nil
			})
			require.NoError(t, c.Deliver(t.Context(), numbered(40)))
			assert.ElementsMatch(t, test.want, c.letters)
			assert.ElementsMatch(t, bodiesOf(numbered(40)), append(c.taken, c.letters...), "each once")
			assert.Empty(t, c.said, "nothing waits")
		})
	}
	t.Run("where they cannot be kept they are in the error", func(t *testing.T) {
		c := newCourt(func(_ int, bodies []string) error {
			if slices.Contains(bodies, "3") {
				return errContent
			}
			return nil
		})
		c.errBury = errors.New("the disk is full")
		err := c.Deliver(t.Context(), numbered(8))
		var left consumererror.Logs
		require.ErrorAs(t, err, &left)
		assert.Equal(t, []string{"3"}, bodiesOf(left.Data()))
	})
}

// A token expires between two events.
func TestWhatWasTakenBeforeARefusalProvesNothing(t *testing.T) {
	c := newCourt(nil)
	expired := false
	c.Send = func(_ context.Context, logs plog.Logs) error {
		c.mu.Lock()
		defer c.mu.Unlock()
		for i, body := range bodiesOf(logs) {
			if expired {
				return consumererror.NewLogs(errContent, Span(logs, i, logs.LogRecordCount()))
			}
			c.taken = append(c.taken, body)
			expired = len(c.taken) == 3
		}
		return nil
	}
	done := make(chan error, 1)
	go func() { done <- c.Deliver(t.Context(), numbered(10)) }()
	eventually(t, func() bool { return c.see(func() bool { return len(c.said) > 5 }) }, "it waits")
	c.mu.Lock()
	expired = false
	c.taken = append(c.taken, "") // so that it does not expire again
	c.mu.Unlock()
	require.NoError(t, <-done)
	assert.Empty(t, c.letters)
	once(t, 11, c.taken)
}

// A destination that comes and goes, with records that it never takes: each is in one
// place in the end, and what it never takes is in no other than the dead letters.
func TestEachRecordIsInOnePlaceWhateverADestinationDoes(t *testing.T) {
	errDown := errors.New("down")
	for seed := range uint64(100) {
		random := rand.New(rand.NewPCG(seed, 0))
		windows := [][2]int{}
		for at := 0; len(windows) < 4; {
			from := at + random.IntN(30)
			at = from + random.IntN(40)
			windows = append(windows, [2]int{from, at})
		}
		c := newCourt(func(request int, bodies []string) error {
			for i, window := range windows {
				if window[0] <= request && request < window[1] {
					return []error{errContent, errDown}[i%2]
				}
			}
			return refuses(isBad)(request, bodies)
		})
		c.Pauses.Alone = 10 * time.Millisecond
		batches, records := 1+random.IntN(5), 0
		var source sync.WaitGroup
		for i := range batches {
			good, bad := 1+random.IntN(40), random.IntN(5)
			records += good + bad
			batch := named(fmt.Sprint("bad", i, " "), bad)
			named(fmt.Sprint("good", i, " "), good).ResourceLogs().MoveAndAppendTo(batch.ResourceLogs())
			source.Go(func() { c.deliverAll(t, batch) })
		}
		done := make(chan struct{})
		go func() { source.Wait(); close(done) }()
		for settled := false; !settled; records++ { // others come
			c.deliverAll(t, named(fmt.Sprint("other", records, " "), 1))
			select {
			case <-done:
				settled = true
			case <-time.After(time.Millisecond):
			}
		}
		once(t, records, c.taken, c.letters)
		assert.False(t, slices.ContainsFunc(c.taken, isBad), "seed %d", seed)
	}
}
