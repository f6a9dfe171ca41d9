package engines

import (
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// What the sender does wrong is no fault of the records: they wait until it is put right.
func TestASendersFaultIsWaitedFor(t *testing.T) {
	for name, test := range map[string]struct {
		kind string
		// wrong is a setting of the exporter, of which the engine says what it says.
		wrong, says string
	}{
		"the path of VictoriaLogs":   {"VictoriaLogs", "logs_path: /insert/otlp/v1/logs", "unsupported path requested"},
		"the tenant of VictoriaLogs": {"VictoriaLogs", "headers::AccountID: mina", "cannot parse common params"},
		"the path of Loki":           {"Loki", "logs_path: /v1/logs", "404 not found"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			kind := kinds[test.kind]
			e, state, logs := kind.restartable(t)(), t.TempDir(), filepath.Join(t.TempDir(), "app.log")
			now := time.Now()
			writeLines(t, logs, 20, 30, func(int) time.Time { return now })
			c := kind.collect(t, e, state, logs, kind.exporter+"::"+test.wrong)
			eventually(t, func() bool { return c.Health("") == http.StatusInternalServerError }, "unhealthy")
			assert.Contains(t, strings.ToLower(c.Output()), strings.ToLower(test.says))
			c.Stop()
			assert.Empty(t, letters(t, state))
			assert.Zero(t, kind.stored(e, t))

			kind.collect(t, e, state, logs)
			eventuallyHolds(t, func(t require.TestingT) bool { return kind.stored(e, t) == 10 }, "put right, every line arrives")
			assert.Empty(t, letters(t, state))
		})
	}
}

// A compression that an engine does not know is given up, though both answer 400.
func TestACompressionThatAnEngineDoesNotKnowIsReplaced(t *testing.T) {
	for name, compression := range map[string]string{"Loki": "snappy", "VictoriaLogs": "lz4"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			kind := kinds[name]
			e, state, logs := kind.restartable(t)(), t.TempDir(), filepath.Join(t.TempDir(), "app.log")
			now := time.Now()
			writeLines(t, logs, 20, 30, func(int) time.Time { return now })
			kind.collect(t, e, state, logs, kind.exporter+"::compression: "+compression)
			eventuallyHolds(t, func(t require.TestingT) bool { return kind.stored(e, t) == 10 }, "every line arrives")
			assert.Empty(t, letters(t, state))
		})
	}
}

// Loki may be set up so that it takes nothing of this sender: that is no fault of the
// records either.
func TestWhatLokiIsSetUpToRefuseWaits(t *testing.T) {
	for name, limits := range map[string]string{
		"the values of labels": "max_label_value_length: 3",
		"structured metadata":  "allow_structured_metadata: false",
		"a tenant for a time":  `block_ingestion_until: "2100-01-01T00:00:00Z"`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			kind, l := kinds["Loki"], newLoki(t, limits)
			e, state, logs := l.start(t), t.TempDir(), filepath.Join(t.TempDir(), "app.log")
			now := time.Now()
			writeLines(t, logs, 20, 30, func(int) time.Time { return now })
			c := kind.collect(t, e, state, logs)
			eventually(t, func() bool { return c.Health("") == http.StatusInternalServerError }, "unhealthy")
			assert.Empty(t, letters(t, state))

			e.Stop()
			l.limits = ""
			e = l.start(t)
			eventuallyHolds(t, func(t require.TestingT) bool { return kind.stored(e, t) == 10 }, "set up anew, it takes every line")
			assert.Empty(t, letters(t, state))
		})
	}
}
