package logstoreextension

import (
	"bytes"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componentstatus"

	"github.com/mina-observability/otelcol-mina/internal/logstore"
)

// keep runs a store with records until they are on the disk, and ends it.
func keep(t *testing.T, cfg *Config) {
	t.Helper()
	f := prepare(t, cfg)
	require.NoError(t, f.Start(t.Context(), f.host))
	f.waitState(t, logstore.StateRunning)
	status, err := f.insert("one", "two", "three")
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, status)
	f.waitQuery(t, "*", "one", "two", "three")
	require.NoError(t, f.Shutdown(t.Context()))
}

// damage overwrites the files of a name, and returns how many there are.
func damage(t *testing.T, cfg *Config, pattern string, with func(length int) []byte) {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(cfg.Directory, "data", "partitions", "*", pattern))
	require.NoError(t, err)
	require.NotEmpty(t, paths)
	for _, path := range paths {
		info, err := os.Stat(path)
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(path, with(int(info.Size())), 0o600))
	}
}

func (f *fixture) events() (events []componentstatus.Status) {
	for {
		select {
		case event := <-f.host.events:
			events = append(events, event.Status())
		default:
			return events
		}
	}
}

func TestStoreThatCannotOpenItsRecordsIsGivenUpAndSaysWhy(t *testing.T) {
	t.Parallel()
	cfg := ownConfig(t, realEngine(t))
	keep(t, cfg)
	damage(t, cfg, "datadb/parts.json", func(int) []byte { return []byte("damaged") })
	f := startStore(t, cfg)
	now := f.waitState(t, logstore.StateFailed)
	assert.Contains(t, now.Reason, "parts.json")
	assert.Contains(t, now.Action, filepath.Join(cfg.Directory, "data", "partitions"), "of one day")
	assert.EqualValues(t, 2, now.Restarts)
	_, err := f.insert("four")
	assert.ErrorContains(t, err, "parts.json", "who waits is told why")
	assert.Contains(t, f.events(), componentstatus.StatusPermanentError)
	assert.Equal(t, 1, f.logged.FilterMessageSnippet("is not started again").Len())
}

func TestStoreThatDiesOfAQueryIsStartedAgainUntilThreeTimesInAMinute(t *testing.T) {
	t.Parallel()
	cfg := ownConfig(t, realEngine(t))
	keep(t, cfg)
	damage(t, cfg, "datadb/*/columns_header.bin", func(length int) []byte { return bytes.Repeat([]byte{0xff}, length) })
	f := startStore(t, cfg)
	for i := range int64(3) {
		waitFor(t, "a store that runs", func() bool { return f.Status().State == logstore.StateRunning && f.Status().Restarts == i })
		_, err := f.query("one")
		assert.Error(t, err)
		waitFor(t, "an end", func() bool { return f.Status().State != logstore.StateRunning || f.Status().Restarts > i })
	}
	now := f.waitState(t, logstore.StateFailed)
	assert.NotContains(t, now.Reason, "exit status")
	begin := time.Now()
	_, err := f.query("one")
	assert.ErrorContains(t, err, now.Reason)
	assert.Less(t, time.Since(begin), patience, "nothing is waited for")
}
