package e2e

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mina-observability/otelcol-mina/internal/logstore"
	"github.com/mina-observability/otelcol-mina/test/program"
)

// explore is the shipped set-up that sends what it reads to an endpoint, and shows it on
// the page.
func explore(t testing.TB, state, logs, endpoint, delivery string) program.Settings {
	t.Helper()
	if err := program.HasVictoriaLogs(); err != nil {
		t.Skip(err)
	}
	s := program.OTLP(state, logs, endpoint, delivery)
	s.Configs = append(s.Configs, "explore.yaml")
	return s
}

// recent returns numbered records of now: older ones than the retention are not kept.
func recent(from, to int) string {
	return strings.ReplaceAll(numbered(from, to), "2025-10-01T16:12:05Z", time.Now().UTC().Format(time.RFC3339))
}

// stored returns how many different numbered records the store of a collector has.
func stored(c *program.Collector) int {
	different, _, _ := c.Store.Records()
	return different
}

// signalStore sends a signal to the store of a collector, when there is one that runs.
func signalStore(t testing.TB, c *program.Collector, signal syscall.Signal) {
	t.Helper()
	eventually(t, func() bool {
		pid := c.Store.PID()
		return pid > 0 && syscall.Kill(pid, signal) == nil
	}, "the store runs")
}

// get returns the status of a page's answer, and decodes it.
func get(c *program.Collector, path string, parameters url.Values, answer any) int {
	response, err := http.Get("http://" + c.Page + path + "?" + parameters.Encode())
	if err != nil {
		return 0
	}
	defer response.Body.Close()
	if err := json.NewDecoder(response.Body).Decode(answer); err != nil {
		return 0
	}
	return response.StatusCode
}

// statusOf returns how the store does, by the page.
func statusOf(c *program.Collector) logstore.Status {
	var answer struct {
		Store logstore.Status `json:"store"`
	}
	get(c, "/api/status", nil, &answer)
	return answer.Store
}

func TestStoreThatHangsHoldsUpNobodyAndHasEverythingInTheEnd(t *testing.T) {
	for _, delivery := range deliveries {
		t.Run(delivery, func(t *testing.T) {
			t.Parallel()
			const portions, each = 20, 1000
			e, path := newEndpoint(t), filepath.Join(t.TempDir(), "app.log")
			appendTo(t, path, recent(0, 1))
			c := startCollector(t, explore(t, t.TempDir(), path, e.URL, delivery))
			eventually(t, func() bool { return stored(c) == 1 }, "the store takes records")
			signalStore(t, c, syscall.SIGSTOP)
			for i := range portions {
				appendTo(t, path, recent(1+i*each, 1+(i+1)*each))
				begin := time.Now()
				eventually(t, func() bool { return len(e.records()) >= 1+(i+1)*each }, "the other destination has portion %d", i)
				assert.Less(t, time.Since(begin), 5*time.Second, "and has not waited")
			}
			signalStore(t, c, syscall.SIGCONT)
			eventually(t, func() bool { return stored(c) == 1+portions*each }, "everything is on the page")
			e.requireNumbered(t, 1+portions*each, 1)
		})
	}
}

func TestKillsOfTheStoreUnderLoadLoseNothing(t *testing.T) {
	for _, delivery := range deliveries {
		t.Run(delivery, func(t *testing.T) {
			t.Parallel()
			const kills, each = 4, 2000
			e, path := newEndpoint(t), filepath.Join(t.TempDir(), "app.log")
			appendTo(t, path, "")
			c := startCollector(t, explore(t, t.TempDir(), path, e.URL, delivery))
			n := 0
			for range kills {
				for until := n + each; n < until; n += each / 10 {
					appendTo(t, path, recent(n, n+each/10))
					eventually(t, func() bool { return len(e.records()) >= n }, "it is under way")
				}
				signalStore(t, c, syscall.SIGKILL)
			}
			eventually(t, func() bool { return stored(c) == n }, "everything is on the page")
			e.requireNumbered(t, n, 1)
		})
	}
}

func TestCollectorThatIsKilledTakesItsStoreWithIt(t *testing.T) {
	t.Parallel()
	const n = 3000
	e, state, path := newEndpoint(t), t.TempDir(), filepath.Join(t.TempDir(), "app.log")
	appendTo(t, path, recent(0, n))
	settings := explore(t, state, path, e.URL, "acknowledged")
	c := startCollector(t, settings)
	eventually(t, func() bool { return len(e.records()) >= n }, "everything is delivered")
	store := c.Store.PID()
	c.Kill()
	eventually(t, func() bool { return syscall.Kill(store, 0) == syscall.ESRCH }, "there is no orphan")
	appendTo(t, path, recent(n, n+1))
	c = startCollector(t, settings)
	eventually(t, func() bool { return stored(c) == n+1 }, "everything is on the page")
}

func TestStopLeavesEverythingInTheStore(t *testing.T) {
	t.Parallel()
	e, state, path := newEndpoint(t), t.TempDir(), filepath.Join(t.TempDir(), "app.log")
	settings := explore(t, state, path, e.URL, "acknowledged")
	n := 0
	for range 3 {
		appendTo(t, path, recent(n, n+1000))
		n += 1000
		c := startCollector(t, settings)
		eventually(t, func() bool { return len(e.records()) >= n }, "everything is delivered")
		store := c.Store.PID()
		c.Stop()
		require.Zero(t, c.ExitCode())
		require.ErrorIs(t, syscall.Kill(store, 0), syscall.ESRCH, "the store has ended")
	}
	c := startCollector(t, settings)
	eventually(t, func() bool { return stored(c) == n }, "nothing is lost")
	_, all, err := c.Store.Records()
	require.NoError(t, err)
	assert.Equal(t, n, all, "nor there twice")
}

// A second value of a field by which the store tells its sources apart would end it, and every
// store behind it.
func TestRecordsWithNamesOfTheStoreOrTheirResourceAreOnThePage(t *testing.T) {
	t.Parallel()
	e, path, begin := newEndpoint(t), filepath.Join(t.TempDir(), "app.log"), time.Now().UTC().Format(time.RFC3339)
	more := []string{
		`"hostname": "web-1", "host.name": "mine"`, `"hostname": "web-1", "host": {"name": "mine"}`,
		`"otelServiceName": "billing", "service.name": "mine", "service": {"name": "mine"}`,
		`"scope.name": "mine"`, `"scope": {"name": "mine"}`, `"severity_text": "mine"`, `"_msg": "mine"`, `"_time": "mine"`, `"_stream": "mine"`, `"_stream_id": "mine"`, `"": "mine"`,
	}
	var lines strings.Builder
	for i, fields := range more {
		fmt.Fprintf(&lines, `{"timestamp": %q, "level": "INFO", "logger": "app", "message": "record %d", %s}`+"\n", begin, i, fields)
	}
	appendTo(t, path, lines.String())
	c := startCollector(t, explore(t, t.TempDir(), path, e.URL, "acknowledged"))
	eventually(t, func() bool { return stored(c) == len(more) }, "all are stored")
	var found struct{ Records []struct{ Body string } }
	eventually(t, func() bool {
		return get(c, "/api/records", url.Values{"q": {"*:mine"}}, &found) == http.StatusOK && len(found.Records) == len(more)
	}, "all are found by what they say")
	assert.Zero(t, statusOf(c).Restarts)
}

func TestCollectorRunsWithoutTheStoresProgram(t *testing.T) {
	t.Parallel()
	e, path := newEndpoint(t), filepath.Join(t.TempDir(), "app.log")
	appendTo(t, path, recent(0, 1000))
	settings := explore(t, t.TempDir(), path, e.URL, "acknowledged")
	settings.Overrides = append(settings.Overrides, "extensions::log_store::path: /nowhere/victoria-logs")
	c, err := program.StartCollector(settings)
	require.NoError(t, err)
	endWith(t, c.Process)
	eventually(t, func() bool { return len(e.records()) == 1000 }, "the other destination has everything")
	eventually(t, func() bool { return statusOf(c).Action != "" }, "the page says what to do")
	assert.Contains(t, statusOf(c).Reason, "/nowhere/victoria-logs")
	assert.Equal(t, http.StatusOK, c.Health("logs/otlp"))
}

func TestRecordsOlderThanTheRetentionAreToldOnce(t *testing.T) {
	t.Parallel()
	e, path := newEndpoint(t), filepath.Join(t.TempDir(), "app.log")
	appendTo(t, path, numbered(0, 700)+recent(700, 1000))
	c := startCollector(t, explore(t, t.TempDir(), path, e.URL, "acknowledged"))
	eventually(t, func() bool { return statusOf(c).TooOld == 700 }, "the page counts them")
	told := regexp.MustCompile(`warn\t.*older than retention::days.*"records": 700`)
	eventually(t, func() bool { return len(told.FindAllString(c.Output(), -1)) == 1 }, "the log tells of them once")
	e.requireNumbered(t, 1000, 1)
}

func TestRecordsThatAreTooFarAheadForTheStoreAreDeadLetters(t *testing.T) {
	t.Parallel()
	e, state, path := newEndpoint(t), t.TempDir(), filepath.Join(t.TempDir(), "app.log")
	appendTo(t, path, strings.ReplaceAll(numbered(0, 3), "2025-10-01", "2055-10-01")+recent(3, 10))
	c := startCollector(t, explore(t, state, path, e.URL, "acknowledged"))
	eventually(t, func() bool { return stored(c) == 7 }, "the others are stored")
	eventually(t, func() bool {
		letters, _ := os.ReadFile(filepath.Join(state, "dead-letter", "lossless_otlp_http_explore.jsonl"))
		return strings.Count(string(letters), `"too_new"`) == 3
	}, "these are in the file")
	e.requireNumbered(t, 10, 1)
}

func TestPageShowsAStoreThatRunsElsewhere(t *testing.T) {
	for name, password := range map[string]string{"without a password": "", "with a password": "planted-abc123def456"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e, path := newEndpoint(t), filepath.Join(t.TempDir(), "app.log")
			appendTo(t, path, recent(0, 10))
			settings := explore(t, t.TempDir(), path, e.URL, "acknowledged")
			var flags []string
			if password != "" {
				flags = []string{"-httpAuth.username=mina", "-httpAuth.password=" + password}
				settings.Env = append(settings.Env, "EXPLORE_USERNAME=mina", "EXPLORE_PASSWORD="+password)
			}
			elsewhere, err := program.StartVictoriaLogs(t.TempDir(), program.FreeAddress(), flags...)
			require.NoError(t, err)
			endWith(t, elsewhere.Process)
			settings.Env = append(settings.Env, "EXPLORE_ENDPOINT="+elsewhere.URL)
			c := startCollector(t, settings)
			eventually(t, func() bool { return len(onPage(c, "record")) == 10 }, "the page has the records")
			assert.Equal(t, logstore.StateRemote, statusOf(c).State)
			assert.Zero(t, c.Store.PID(), "there is none of its own")
			assert.NotContains(t, c.Output(), "planted")
		})
	}
}

// onPage returns the newest records that a search on the page finds, by their bodies.
func onPage(c *program.Collector, search string) (bodies []string) {
	var answer struct {
		Records []struct {
			Body string `json:"body"`
		} `json:"records"`
	}
	get(c, "/api/records", url.Values{"q": {search}, "from": {"now-1h"}, "limit": {"1000"}}, &answer)
	for _, record := range answer.Records {
		bodies = append(bodies, record.Body)
	}
	return bodies
}

// visibleWithin is how long after it was written a record is on the page.
const visibleWithin = 3 * time.Second

func TestRequestsToTheApplicationAreOnThePageWithinSeconds(t *testing.T) {
	t.Parallel()
	_, text := runFlask(t)
	lines := strings.SplitAfter(text, "\n")
	path := filepath.Join(t.TempDir(), "Start_application_1.log")
	appendTo(t, path, lines[0])
	settings := explore(t, t.TempDir(), path, "", "acknowledged")
	settings.Configs = []string{"base.yaml", "explore.yaml"}
	c := startCollector(t, settings)
	eventually(t, func() bool { return len(onPage(c, "")) == 1 }, "the first is there")
	appendTo(t, path, strings.Join(lines[1:], ""))
	written := time.Now()
	eventually(t, func() bool { return len(onPage(c, "")) == len(lines)-1 }, "every record")
	assert.Less(t, time.Since(written), visibleWithin)
	assert.Equal(t, []string{"Transcription failed"}, onPage(c, "level:error transcription -path:/healthz"))
	for _, body := range onPage(c, "") {
		for _, secret := range secrets {
			assert.NotContains(t, body, secret)
		}
	}
}
