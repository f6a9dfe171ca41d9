package api

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mina-observability/otelcol-mina/internal/logstore"
)

// view is a live view that is open.
type view struct {
	bodies chan string
	// problems has what has been said of the store.
	problems chan string
}

// open opens a live view on what happens now.
func (s *site) open(t *testing.T, query string) *view {
	t.Helper()
	s.Now = time.Now
	server := httptest.NewServer(s)
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	response, err := client.Get(server.URL + "/api/live?" + query)
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, response.StatusCode)
	assert.Equal(t, "text/event-stream", response.Header.Get("Content-Type"))
	v := &view{bodies: make(chan string, 10000), problems: make(chan string, 100)}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		event := ""
		for lines := bufio.NewScanner(response.Body); lines.Scan(); {
			kind, data, _ := strings.Cut(lines.Text(), ": ")
			switch {
			case kind == "event":
				event = data
			case kind == "data" && event == "record":
				var r record
				if json.Unmarshal([]byte(data), &r) == nil {
					v.bodies <- r.Body
				}
			case kind == "data":
				v.problems <- data
			}
		}
	}()
	t.Cleanup(func() {
		_ = response.Body.Close()
		<-ended
		server.Close()
	})
	return v
}

// next returns the next n bodies.
func (v *view) next(t *testing.T, n int) (bodies []string) {
	t.Helper()
	deadline := time.After(10 * time.Second)
	for len(bodies) < n {
		select {
		case body := <-v.bodies:
			bodies = append(bodies, body)
		case <-deadline:
			require.Fail(t, "records are missing", "%d of %d: %q", len(bodies), n, bodies)
		}
	}
	return bodies
}

func TestRecordsAreSeenWithinTwoSeconds(t *testing.T) {
	s := newSite(t)
	v := s.open(t, "")
	var took []time.Duration
	for i := range 5 {
		written := time.Now()
		require.NoError(t, s.store.Insert(line(written, "_msg", fmt.Sprint(i))))
		assert.Equal(t, []string{fmt.Sprint(i)}, v.next(t, 1))
		took = append(took, time.Since(written))
	}
	slices.Sort(took)
	assert.Less(t, took[len(took)/2], 2*time.Second, "%s", took)
}

// TestLateRecordsOfAStreamAreSeenAndNoneTwice has the records of several processes come in
// another order than they were made in, and copies.
func TestLateRecordsOfAStreamAreSeenAndNoneTwice(t *testing.T) {
	s := newSite(t)
	v := s.open(t, "q=seen")
	begin := time.Now()
	var expected []string
	for turn := range 4 {
		var lines []string
		for i := range 50 {
			body := fmt.Sprintf("seen %d %d", turn, i)
			late := time.Duration(turn%3) * 300 * time.Millisecond
			lines = append(lines, line(begin.Add(time.Duration(i)*time.Millisecond-late), "_msg", body), line(begin, "_msg", "passed by"))
			expected = append(expected, body)
		}
		lines = append(lines, line(begin, "_msg", "seen by two"))
		expected = append(expected, "seen by two")
		require.NoError(t, s.store.Load(strings.Join(lines, "\n")+"\n"))
		time.Sleep(2 * refresh) // lets a look happen in between; nothing waits for it
	}
	assert.ElementsMatch(t, expected, v.next(t, len(expected)))
	require.NoError(t, s.store.Load(line(time.Now(), "_msg", "seen last")))
	assert.Equal(t, []string{"seen last"}, v.next(t, 1), "none was sent again in between")
}

// TestWhatIsDeliveredLateIsSeen has a record wait for the store for longer than it takes a
// view to open again.
func TestWhatIsDeliveredLateIsSeen(t *testing.T) {
	s := newSite(t)
	require.NoError(t, s.store.Load(line(time.Now(), "_msg", "in time")))
	v := s.open(t, "")
	assert.Equal(t, []string{"in time"}, v.next(t, 1))
	require.NoError(t, s.store.Load(line(time.Now().Add(-20*time.Second), "_msg", "late")))
	assert.Equal(t, []string{"late"}, v.next(t, 1))
}

// TestWhatWasThereIsNoStorm opens a view when there is more of the last seconds than it takes.
func TestWhatWasThereIsNoStorm(t *testing.T) {
	s := newSite(t)
	lines := make([]string, 2*maxAtOnce)
	for i := range lines {
		lines[i] = line(time.Now().Add(-10*time.Second), "_msg", fmt.Sprint(i))
	}
	require.NoError(t, s.store.Load(strings.Join(lines, "\n")+"\n"))
	v := s.open(t, "")
	v.next(t, maxAtOnce)
	require.NoError(t, s.store.Load(line(time.Now(), "_msg", "last")))
	assert.Equal(t, []string{"last"}, v.next(t, 1))
	assert.Empty(t, v.problems)
}

func TestAStoreThatComesBackIsFollowedOn(t *testing.T) {
	s := newSite(t)
	s.status = logstore.Status{State: logstore.StateStopped, Reason: "It has ended.", Action: "Wait."}
	v := s.open(t, "")
	require.NoError(t, s.store.Load(line(time.Now(), "_msg", "before")))
	assert.Equal(t, []string{"before"}, v.next(t, 1))
	s.store.Stop()
	select {
	case problem := <-v.problems:
		assert.JSONEq(t, `{"message": "It has ended.", "do": "Wait."}`, problem)
	case <-time.After(10 * time.Second):
		require.Fail(t, "nothing is said")
	}
	require.NoError(t, s.store.Restart())
	require.NoError(t, s.store.Load(line(time.Now(), "_msg", "after")))
	assert.Equal(t, []string{"after"}, v.next(t, 1))
	assert.Equal(t, "{}", <-v.problems, "it is well again")
	assert.Empty(t, v.problems, "it is said once")
}

func TestLiveViewsAreBounded(t *testing.T) {
	s := newSite(t)
	s.open(t, "")
	s.open(t, "")
	status, text := s.get(t, "/api/live")
	assert.Equal(t, http.StatusServiceUnavailable, status)
	assert.Contains(t, text, "max_live")
}

func TestAStormIsCutAndSaid(t *testing.T) {
	s := newSite(t)
	v := s.open(t, "")
	require.NoError(t, s.store.Load(line(time.Now(), "_msg", "first")))
	v.next(t, 1)
	lines := make([]string, 3*maxAtOnce)
	at := time.Now()
	for i := range lines {
		lines[i] = line(at.Add(time.Duration(i)*time.Microsecond), "_msg", fmt.Sprint(i))
	}
	require.NoError(t, s.store.Load(strings.Join(lines, "\n")+"\n"))
	found := v.next(t, maxAtOnce)
	assert.Equal(t, fmt.Sprint(len(lines)-1), found[maxAtOnce-1], "the newest are sent")
	assert.JSONEq(t, fmt.Sprintf(`{"records": %d}`, 2*maxAtOnce), <-v.problems)
}
