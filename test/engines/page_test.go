package engines

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mina-observability/otelcol-mina/test/program"
)

// explorer is a collector with the page.
type explorer struct{ *program.Collector }

// explore starts the shipped set-up that shows a file on the page.
func explore(t *testing.T, logs string, env ...string) explorer {
	t.Helper()
	c, err := program.StartCollector(program.Settings{
		Configs: []string{"base.yaml", "explore.yaml"},
		Env:     append(env, "MINA_STATE_DIR="+t.TempDir(), "MINA_LOGS="+logs),
	})
	require.NoError(t, err)
	t.Cleanup(func() {
		c.Stop()
		if t.Failed() {
			t.Logf("the collector printed:\n%s", lastOf(c.Output()))
		}
	})
	require.NoError(t, c.WaitReady())
	return explorer{c}
}

// shown is a record on the page.
type shown struct {
	Body   string
	Fields map[string]string
}

// said is what the page says to any question.
type said struct {
	Records []struct {
		shown         // of /api/records
		Record *shown // of /api/requests/{id}
	}
	Before string
	Error  struct{ Message, Do string }
}

// ask returns the page's answer to a question, and its status: 0 for none.
func (e explorer) ask(path string, parameters url.Values) (status int, a said) {
	response, err := http.Get("http://" + e.Page + path + "?" + parameters.Encode())
	if err != nil {
		return 0, a
	}
	defer response.Body.Close()
	if err := json.NewDecoder(response.Body).Decode(&a); err != nil {
		return 0, a
	}
	return response.StatusCode, a
}

// numbers returns the numbers of the lines that the page shows at an address, in its order.
func (e explorer) numbers(t require.TestingT, fragment string) []int {
	view, query, _ := strings.Cut(fragment, "?")
	parameters, err := url.ParseQuery(query)
	require.NoError(t, err)
	path := "/api/records"
	if id, found := strings.CutPrefix(view, "/request/"); found {
		path = "/api/requests/" + id
	}
	var numbers []int
	for {
		status, a := e.ask(path, parameters)
		require.Equal(t, http.StatusOK, status, "%s: %s", fragment, a.Error.Message)
		for _, row := range a.Records {
			record := &row.shown
			if row.Record != nil {
				record = row.Record
			}
			numbers = append(numbers, entries(t, []map[string]string{record.Fields})...)
		}
		if parameters.Set("before", a.Before); a.Before == "" {
			return numbers
		}
	}
}

// addresses matches the page's address in a cell of the document.
var addresses = regexp.MustCompile(`^\[.+\]\(http://localhost:8320/#(\S+)\)$`)

// requireTheSame asks all questions of the document on the page, and jq on the file.
func (e explorer) requireTheSame(t *testing.T, folder string) {
	t.Helper()
	rows := questions(t)
	require.Len(t, rows, 12)
	for about, row := range rows {
		match := addresses.FindStringSubmatch(row["page"])
		require.NotNil(t, match, "the page's address of %s", about)
		want, got := asked(t, row.code(t, "jq"), folder), e.numbers(t, match[1])
		assert.NotEmpty(t, want, about)
		if strings.HasPrefix(match[1], "/request/") {
			assert.Equal(t, want, got, "%s, in order", about)
		}
		assert.Equal(t, sorted(want), sorted(got), about)
	}
}

// everything is the page's address of all records.
const everything = "/search?from=now-7d"

func (e explorer) eventuallyShows(t *testing.T, lines int) {
	t.Helper()
	eventuallyHolds(t, func(t require.TestingT) bool { return len(e.numbers(t, everything)) == lines }, "the page has every line")
}

// yesterdaysLog writes a log, and returns the folder with it and how many lines it has.
func yesterdaysLog(t *testing.T) (folder string, lines int) {
	t.Helper()
	folder = t.TempDir()
	text := applicationLog(t, yesterday().Add(13*time.Hour), 6*time.Second)
	write(t, filepath.Join(folder, "app.log"), "%s", text)
	return folder, strings.Count(text, "\n")
}

// stores start what the page may show, and return the variables that say so.
var stores = map[string]func(t *testing.T) []string{
	"a store of its own": func(t *testing.T) []string { binary(t, "victoria-logs"); return nil },
	"a cluster":          func(t *testing.T) []string { return []string{"EXPLORE_ENDPOINT=" + newCluster(t).front.URL} },
}

func TestThePageAnswersWhatJqAnswers(t *testing.T) {
	for name, store := range stores {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := store(t)
			folder, lines := yesterdaysLog(t)
			e := explore(t, filepath.Join(folder, "app.log"), env...)
			e.eventuallyShows(t, lines)
			e.requireTheSame(t, folder)
		})
	}
}

func TestRecordsWithoutAMessageHaveNone(t *testing.T) {
	for name, store := range stores {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			lines := `{"level": "INFO", "message": "", "entry": 1}` + "\n" + `{"entry": 2}` + "\n" + `{"message": "there is one", "entry": 3}` + "\n"
			e := explore(t, write(t, filepath.Join(t.TempDir(), "app.log"), "%s", lines), store(t)...)
			e.eventuallyShows(t, 3)
			assert.Equal(t, []int{1, 2}, sorted(e.numbers(t, "/search?q=-message:*")))
			assert.Equal(t, []int{2, 3}, sorted(e.numbers(t, "/search?q=level:notset")))
			_, a := e.ask("/api/records", url.Values{"q": {"entry:1"}})
			require.Len(t, a.Records, 1)
			assert.Empty(t, a.Records[0].Body)
		})
	}
}

// cluster is two storage nodes and a front end, as docs/search.md starts them.
type cluster struct {
	nodes [2]*program.VictoriaLogs
	front *program.VictoriaLogs
}

func newCluster(t *testing.T, flags ...string) *cluster {
	t.Helper()
	c := &cluster{}
	var addresses []string
	for i := range c.nodes {
		address := loopback(t)
		c.nodes[i] = startNode(t, address)
		addresses = append(addresses, address)
	}
	c.front = startNode(t, loopback(t), append(flags, "-storageNode="+strings.Join(addresses, ","))...)
	return c
}

func startNode(t *testing.T, address string, flags ...string) *program.VictoriaLogs {
	t.Helper()
	node, err := program.StartVictoriaLogs(t.TempDir(), address, append(flags, "-defaultMsgValue=")...)
	if errors.Is(err, program.ErrNoVictoriaLogs) {
		t.Skip(err)
	}
	require.NoError(t, err)
	t.Cleanup(func() { node.Kill() })
	return node
}

// TestOfAClusterWithoutANode does what docs/search.md says of it.
func TestOfAClusterWithoutANode(t *testing.T) {
	for name, partial := range map[string]bool{"which tells": false, "which answers with what it has": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCluster(t, fmt.Sprintf("-search.allowPartialResponse=%t", partial))
			folder, lines := yesterdaysLog(t)
			path := filepath.Join(folder, "app.log")
			e := explore(t, path, "EXPLORE_ENDPOINT="+c.front.URL)
			e.eventuallyShows(t, lines)

			c.nodes[1].Stop()
			status, a := e.ask("/api/records", url.Values{"from": {"now-7d"}})
			if partial {
				assert.Equal(t, http.StatusOK, status, a.Error.Message)
			} else {
				assert.GreaterOrEqual(t, status, 500)
				assert.NotEmpty(t, a.Error.Message)
				assert.NotEmpty(t, a.Error.Do)
			}

			more, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
			require.NoError(t, err)
			for n := range 100 {
				_, err = fmt.Fprintf(more, `{"timestamp": %q, "level": "INFO", "message": "Written meanwhile", "entry": %d}`+"\n", time.Now().UTC().Format(time.RFC3339Nano), lines+n)
				require.NoError(t, err)
			}
			require.NoError(t, more.Close())
			if partial {
				eventuallyHolds(t, func(t require.TestingT) bool {
					numbers := e.numbers(t, everything)
					return slices.Contains(numbers, lines+99) && len(numbers) < lines+100
				}, "what is written meanwhile is there, and what the node has is not")
			}
			require.NoError(t, c.nodes[1].Restart())
			eventuallyHolds(t, func(t require.TestingT) bool { return len(e.numbers(t, everything)) >= lines+100 }, "all lines are there again")
			all := sorted(e.numbers(t, everything))
			assert.Len(t, all, lines+100)
			assert.Len(t, slices.Compact(all), lines+100, "each once")
		})
	}
}

// TestTheSearchOfEachAlertFindsItsRecords follows the links from the four alerts to the page,
// as Alertmanager has them: by what their records say that is to be searched.
func TestTheSearchOfEachAlertFindsItsRecords(t *testing.T) {
	t.Parallel()
	binary(t, "victoria-logs")
	c, err := program.StartCollector(program.Settings{
		Configs: []string{"base.yaml", "explore.yaml", "alerts.yaml"},
		Env:     []string{"MINA_STATE_DIR=" + t.TempDir(), "MINA_LOGS=" + write(t, filepath.Join(t.TempDir(), "app.log"), "%s", alertLines(t)), "ALERTMANAGER_URL=http://" + loopback(t)},
	})
	require.NoError(t, err)
	t.Cleanup(c.Stop)
	require.NoError(t, c.WaitReady())
	e := explorer{c}
	expected := map[string]int{"ErrorBurst": 11, "CriticalRecord": 1, "SlowProcessing": 6, "FailedLogins": 6}
	searches := map[string]string{}
	eventuallyHolds(t, func(require.TestingT) bool {
		_, a := e.ask("/api/records", url.Values{"q": {"event_name:=mina.alert alert.state:=firing"}})
		for _, record := range a.Records {
			searches[record.Fields["alert.name"]] = record.Fields["alert.search"]
		}
		return len(searches) == len(expected)
	}, "each alert is a record")
	for name, want := range expected {
		status, a := e.ask("/api/records", url.Values{"q": {"(" + searches[name] + ") -event_name:=mina.alert"}})
		assert.Equal(t, http.StatusOK, status, a.Error.Message)
		assert.Len(t, a.Records, want, "%s: %s", name, searches[name])
	}
}
