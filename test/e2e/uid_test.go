package e2e

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mina-observability/otelcol-mina/test/program"
)

// forgetful is an endpoint that takes records and, while that is so, says that it does not.
type forgetful struct {
	*endpoint
	URL    string
	denies atomic.Bool
}

func newForgetful(t *testing.T) *forgetful {
	t.Helper()
	f := &forgetful{endpoint: newEndpoint(t)}
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !f.denies.Load() {
			f.handle(w, r)
			return
		}
		f.handle(httptest.NewRecorder(), r)
		w.WriteHeader(http.StatusServiceUnavailable)
	}))
	t.Cleanup(front.Close)
	f.URL = front.URL
	return f
}

// uids returns which records have come under an identity, by it.
func (f *forgetful) uids() map[string]string {
	all := map[string]string{}
	for _, record := range f.records() {
		uid, _ := record.attributes["log.record.uid"].(string)
		all[uid] = record.Body().AsString()
	}
	return all
}

// A record that comes again is known, whatever has become of its file while the collector
// was down: an endpoint that drops what it has already has every record once.
func TestARecordThatComesAgainAfterAKillIsKnown(t *testing.T) {
	for name, becomes := range map[string]struct {
		then func(f folder)
		// more are the lines that are new.
		more int
	}{
		"and nothing else": {then: func(folder) {}},
		"and a rename":     {then: func(f folder) { f.move("app.log", "app.log.1") }},
		"and a rename, gzip and a new file": {more: 50, then: func(f folder) {
			f.compress("app.log", "app.log.1.gz")
			f.remove("app.log")
			appendTo(f, f.path("app.log"), words("new", 0, 50))
		}},
		"and a copy and truncation": {more: 50, then: func(f folder) {
			text, err := os.ReadFile(f.path("app.log"))
			require.NoError(f, err)
			appendTo(f, f.path("app.log.1"), string(text))
			require.NoError(f, os.Truncate(f.path("app.log"), 0))
			appendTo(f, f.path("app.log"), words("new", 0, 50))
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e, f, state := newForgetful(t), folder{t, t.TempDir(), "record"}, t.TempDir()
			settings := program.OTLP(state, filepath.Join(f.dir, "app.log*"), e.URL, "acknowledged")
			settings.Overrides = []string{"receivers::mina::include_record_uid: true"}
			f.add("app.log", 0, 100)
			c := startCollector(t, settings)
			eventually(t, func() bool { return len(e.uids()) == 100 }, "the first are delivered")

			e.denies.Store(true)
			f.add("app.log", 100, 200)
			appendTo(t, f.path("app.log"), strings.Repeat(words("equal", 0, 1), 20))
			eventually(t, func() bool { return len(e.uids()) == 220 }, "the others too, but nobody says so")
			c.Kill()
			becomes.then(f)
			e.denies.Store(false)
			before := len(e.records())
			c = startCollector(t, settings)
			eventually(t, func() bool { return len(e.records()) >= before+120+becomes.more }, "they come again")
			c.Stop()
			assert.Len(t, e.uids(), 220+becomes.more, "and are known")
			assert.NotContains(t, e.uids(), "")
		})
	}
}
