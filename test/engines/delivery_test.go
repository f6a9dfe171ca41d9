package engines

import (
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mina-observability/otelcol-mina/test/program"
)

// kind is what an engine is to the tests.
type kind struct {
	// restartable returns what starts the engine, each time with what it had stored.
	restartable func(*testing.T) func() *engine
	// overlay is its file in config, exporter the key of its exporter's settings, and
	// address the variable with its address.
	overlay, exporter, address string
	// find returns what a query finds: records by the names of their fields, with their
	// text as _msg.
	find func(e *engine, t require.TestingT, query string) []map[string]string
	// all is the query that finds everything, and messages likewise, with no more than
	// the text, where that makes a difference.
	all, messages string
	// stored returns how many records it has stored.
	stored func(*engine, require.TestingT) int
}

var kinds = map[string]kind{
	"Loki": {
		restartable: func(t *testing.T) func() *engine {
			l := newLoki(t, "")
			return func() *engine { return l.start(t) }
		},
		overlay: "loki.yaml", exporter: "exporters::lossless_otlp_http/loki", address: "LOKI_URL",
		find: (*engine).lokiLines, all: `{service_name=~".+"}`,
		messages: `{service_name=~".+"} | regexp "(?P<number>record [0-9]+)$" | line_format "{{.number}}" | keep service_name`,
		stored:   func(e *engine, t require.TestingT) int { return e.lokiCount(t, `{service_name=~".+"}`) },
	},
	"VictoriaLogs": {
		restartable: func(t *testing.T) func() *engine {
			v := newVictoriaLogs(t)
			return func() *engine { return v.start(t) }
		},
		overlay: "victorialogs.yaml", exporter: "exporters::lossless_otlp_http/victorialogs", address: "VICTORIALOGS_URL",
		find: (*engine).found, all: "*", messages: "* | fields _msg",
		stored: func(e *engine, t require.TestingT) int {
			n, err := strconv.Atoi(e.found(t, "* | stats count() n")[0]["n"])
			require.NoError(t, err)
			return n
		},
	},
}

// collect starts the shipped set-up that sends a file to an engine.
func (k kind) collect(t *testing.T, e *engine, state, logs string, overrides ...string) *program.Collector {
	t.Helper()
	c, err := program.StartCollector(program.Settings{
		Configs:   []string{"base.yaml", k.overlay},
		Overrides: overrides,
		Env:       []string{"MINA_STATE_DIR=" + state, "MINA_LOGS=" + logs, k.address + "=" + e.url},
	})
	require.NoError(t, err)
	t.Cleanup(func() {
		c.Stop()
		if t.Failed() {
			t.Logf("the collector printed:\n%s", lastOf(c.Output()))
		}
	})
	require.NoError(t, c.WaitReady())
	return c
}

// lines of the tests, of which each hundredth is too old.
const lines = 20_000

func tooOld(n int) bool { return n%100 == 50 }

// byAge returns why a line is a dead letter of the shipped set-up.
func byAge(n int) string {
	if tooOld(n) {
		return "too_old"
	}
	return ""
}

// recent returns times of the last half hour, in order, and one of a month ago for
// what is too old.
func recent() func(n int) time.Time {
	now := time.Now()
	return func(n int) time.Time {
		at := now.Add(-30*time.Minute + time.Duration(n)*50*time.Millisecond)
		if tooOld(n) {
			return at.Add(-30 * day)
		}
		return at
	}
}

func TestEachLineIsStoredOnceAndWhatIsTooOldIsADeadLetter(t *testing.T) {
	for name, kind := range kinds {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e, state, logs := kind.restartable(t)(), t.TempDir(), filepath.Join(t.TempDir(), "app.log")
			writeLines(t, logs, 0, lines, recent())
			begun := time.Now()
			c := kind.collect(t, e, state, logs)
			kind.wait(t, e, state, begun)
			t.Logf("%d lines in %s, collector CPU %s", lines, time.Since(begun).Round(10*time.Millisecond), c.CPU())
			c.Stop()
			kind.verify(t, e, state, byAge)
		})
	}
}

// wait returns when every line is in the engine or a dead letter, or it has been too long.
func (k kind) wait(t *testing.T, e *engine, state string, begun time.Time) {
	t.Helper()
	for until := begun.Add(deadline); k.stored(e, t)+len(letters(t, state)) < lines && time.Now().Before(until); {
		time.Sleep(100 * time.Millisecond)
	}
}

// Where no bounds are set, what Loki answers tells what it has refused, and that it has
// kept the rest.
func TestAnAnswerOfLokiTellsWhatIsRefused(t *testing.T) {
	t.Parallel()
	kind := kinds["Loki"]
	e, state, logs := kind.restartable(t)(), t.TempDir(), filepath.Join(t.TempDir(), "app.log")
	writeLines(t, logs, 0, lines, recent())
	begun := time.Now()
	c := kind.collect(t, e, state, logs, kind.exporter+"::accept: null", kind.exporter+"::limits: null")
	kind.wait(t, e, state, begun)
	c.Stop()
	kind.verify(t, e, state, func(n int) string {
		switch kind := n % 1000; {
		case tooOld(n), kind == longTraceback, kind == manyFields, kind == longFields, kind == tooManyFields:
			return "refused"
		}
		return ""
	})
}

// verify counts what an engine has of all lines, and what is a dead letter, for a reason
// or, for "", none.
func (k kind) verify(t *testing.T, e *engine, state string, letter func(n int) (reason string)) {
	t.Helper()
	times := map[int]int{}
	found := k.find(e, t, k.messages)
	assert.Len(t, found, k.stored(e, t), "no record was passed over")
	for _, record := range found {
		times[numberOf(record["_msg"])]++
	}
	assert.Zero(t, times[-1], "of no line")
	letters, wrong := letters(t, state), map[string][]int{}
	for n := range lines {
		want, reasons := "stored 1 times, dead letter: ", letters[n]
		if reason := letter(n); reason != "" {
			want = "stored 0 times, dead letter: " + reason
		}
		if got := fmt.Sprintf("stored %d times, dead letter: %s", times[n], strings.Join(reasons, ", ")); got != want {
			wrong[got] = append(wrong[got], n)
		}
	}
	for fault, numbers := range wrong {
		assert.Failf(t, "wrong", "%d lines: %s (%d…)", len(numbers), fault, numbers[:min(10, len(numbers))])
	}
}
