package logstoreextension

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mina-observability/otelcol-mina/internal/logstore"
)

// noise returns a text that takes its length on the disk.
func noise(length int) string {
	const letters = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	var text strings.Builder
	for range length {
		text.WriteByte(letters[rand.IntN(len(letters))])
	}
	return text.String()
}

// used returns what a folder takes on the disk, as du counts.
func used(t *testing.T, folder string) (total int64) {
	t.Helper()
	_ = filepath.WalkDir(folder, func(path string, _ os.DirEntry, err error) error {
		if info, statErr := os.Lstat(path); err == nil && statErr == nil && info.Mode().IsRegular() {
			total += info.Size()
		}
		return nil // a part that is merged meanwhile is gone
	})
	return total
}

func TestOldestHoursGoWhenRecordsTakeTooMuch(t *testing.T) {
	t.Parallel()
	const hours, perHour, length = 24, 100, 4000
	cfg := ownConfig(t, realEngine(t))
	last := time.Now().Truncate(time.Hour).Add(-time.Hour)
	// All of them are there before the first deletion, which counts what there is.
	whole := prepare(t, cfg)
	require.NoError(t, whole.Start(t.Context(), whole.host))
	whole.waitState(t, logstore.StateRunning)
	for hour := hours - 1; hour >= 0; hour-- {
		messages := make([]string, perHour)
		for i := range messages {
			messages[i] = fmt.Sprintf("%02d %s", hours-hour, noise(length))
		}
		status, err := whole.insertAt(last.Add(-time.Duration(hour)*time.Hour), messages...)
		require.NoError(t, err)
		require.Equal(t, http.StatusOK, status)
	}
	require.NoError(t, whole.Shutdown(t.Context()))
	cfg.Retention.Bytes = hours * perHour * length / 3 // of all hours
	f := startStore(t, cfg)
	f.waitState(t, logstore.StateRunning)
	limit := cfg.Retention.Bytes
	waitFor(t, "the limit", func() bool {
		of := trimOf(f)
		if busy, err := of.deletes(t.Context()); busy || err != nil {
			return false
		}
		return f.status.trimmed.Load() > 0 && used(t, filepath.Join(cfg.Directory, "data")) <= limit*11/10 && f.Status().Bytes <= limit
	})
	// The first record of a block that goes is left as one without a body: VictoriaLogs #825.
	hoursLeft := f.ask(t, "service.name:* | stats count_uniq(_time) as n")
	oldest := f.ask(t, "service.name:* | stats min(_time) as n")
	t.Logf("%d of %d bytes, %s hours from %s", f.Status().Bytes, limit, hoursLeft, oldest)
	left, err := strconv.Atoi(hoursLeft)
	require.NoError(t, err)
	assert.GreaterOrEqual(t, left, 6, "of eight hours that there is room for")
	first, err := time.Parse(time.RFC3339Nano, oldest)
	require.NoError(t, err)
	assert.Equal(t, last.Add(-time.Duration(left-1)*time.Hour).UTC(), first, "what is left is the newest")
	assert.Equal(t, strconv.Itoa(left*perHour), f.ask(t, "service.name:* | stats count() as n"), "hours are whole")
	assert.InDelta(t, (hours-left)*perHour, f.status.trimmed.Load(), 10)
	assert.NotZero(t, f.logged.FilterMessageSnippet("The oldest logs are deleted").Len())
}

// trimOf returns what trims a store that runs.
func trimOf(f *fixture) trim {
	o := f.store.(*own)
	inside, _ := o.door.look()
	return trim{supervisor: o.supervisor, inside: inside}
}

func TestSplitOfTimes(t *testing.T) {
	at := func(minute int, records int64) hour { return hour{time.Unix(int64(minute)*60, 0).UTC(), records} }
	times := []hour{at(1, 10), at(2, 5), at(7, 20)}
	for name, c := range map[string]struct {
		records, before int64
		in              hour
	}{
		"nothing":             {0, 0, times[0]},
		"a part of the first": {3, 0, times[0]},
		"the first":           {10, 0, times[0]},
		"more than the first": {11, 10, times[1]},
		"a part of the last":  {16, 15, times[2]},
		"everything":          {35, 15, times[2]},
		"more than there is":  {36, 35, times[2]},
	} {
		t.Run(name, func(t *testing.T) {
			in, before := split(times, c.records)
			assert.Equal(t, c.in, in)
			assert.Equal(t, c.before, before)
		})
	}
	in, before := split(nil, 3)
	assert.Zero(t, in)
	assert.Zero(t, before)
}

func TestRecordsThatAreTooOldAreToldOnceWithTheirNumber(t *testing.T) {
	t.Parallel()
	f := startStore(t, ownConfig(t, realEngine(t)))
	f.waitState(t, logstore.StateRunning)
	for range 3 {
		status, err := f.insertAt(time.Now().AddDate(-1, 0, 0), "one", "two")
		require.NoError(t, err)
		require.Equal(t, http.StatusOK, status)
	}
	waitFor(t, "the number", func() bool { return f.Status().TooOld == 6 })
	told := func() []int64 {
		var numbers []int64
		for _, entry := range f.logged.FilterMessageSnippet("older than retention::days").All() {
			numbers = append(numbers, entry.ContextMap()["records"].(int64))
		}
		return numbers
	}
	waitFor(t, "the line", func() bool { return len(told()) > 0 })
	f.kill(t)
	_, err := f.insertAt(time.Now().AddDate(-1, 0, 0), "three")
	require.NoError(t, err)
	waitFor(t, "the next", func() bool { return f.Status().TooOld >= 7 })
	require.NoError(t, f.Shutdown(context.Background()))
	assert.Equal(t, []int64{6}, told())
}
