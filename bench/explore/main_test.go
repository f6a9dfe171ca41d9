package main

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestTheQuestionsAreThoseOfTheDocument(t *testing.T) {
	all, err := documented()
	require.NoError(t, err)
	asked := map[string]question{}
	for _, q := range all {
		asked[q.name] = q
	}
	assert.Len(t, asked, 12)
	assert.Equal(t, "level:error", asked["level"].parameters.Get("q"))
	assert.Equal(t, "/api/requests/"+documentedRequest, asked["its timeline"].path)
	assert.Equal(t, yesterday().Format(time.DateOnly)+"T14:30:00Z", asked["between two times"].parameters.Get("from"))
	assert.Equal(t, `jq -c 'select(.level == "ERROR" or .level == "CRITICAL")'`, asked["two levels"].jq)
}

func TestTheLogHasWhatIsAskedFor(t *testing.T) {
	var log bytes.Buffer
	from := yesterday()
	require.NoError(t, writeLines(&log, 10_000, from, from.Add(time.Hour)))
	last, levels, processes := from, map[string]int{}, map[int]bool{}
	for decoder := json.NewDecoder(&log); decoder.More(); {
		var line struct {
			Timestamp time.Time
			Level     string
			RequestID string `json:"request_id"`
			ProcessID int    `json:"process_id"`
		}
		require.NoError(t, decoder.Decode(&line))
		assert.False(t, line.Timestamp.Before(last))
		last = line.Timestamp
		levels[line.Level]++
		if line.RequestID == documentedRequest {
			processes[line.ProcessID] = true
		}
	}
	all := 0
	for _, level := range []string{"DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"} {
		assert.Positive(t, levels[level], level)
		all += levels[level]
	}
	assert.Equal(t, 10_000, all)
	assert.Len(t, processes, 2, "a request's way leads over two processes")
	assert.WithinDuration(t, from.Add(time.Hour), last, time.Second)
}

// TestTheEngineIsMeasuredOnce asks it two questions at a time.
func TestTheEngineIsMeasuredOnce(t *testing.T) {
	arrived, leave := make(chan struct{}), make(chan struct{})
	m := &meter{proxy: http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		arrived <- struct{}{}
		<-leave
	})}
	begin := time.Now()
	done := make(chan struct{})
	for range 2 {
		go func() {
			m.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/", nil))
			done <- struct{}{}
		}()
		<-arrived
	}
	close(leave)
	<-done
	<-done
	whole := time.Since(begin)
	measured := m.take()
	assert.Positive(t, measured)
	assert.LessOrEqual(t, measured, whole)
	assert.Zero(t, m.take())
}
