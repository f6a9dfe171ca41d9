package losslessotlphttpexporter

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componentstatus"
	"go.opentelemetry.io/collector/consumer/consumererror"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/mina-observability/otelcol-mina/exporter/losslessotlphttpexporter/internal/metadata"
	"github.com/mina-observability/otelcol-mina/internal/destination"
)

// aged returns records whose bodies begin with a word that says how old they are.
func aged(bodies ...string) plog.Logs {
	logs := records(bodies...)
	for _, record := range recordsOf(logs) {
		word, _, _ := strings.Cut(record.Body().Str(), " ")
		age := map[string]time.Duration{"good": 0, "old": 30 * 24 * time.Hour, "ahead": -time.Hour, "yesterday": 25 * time.Hour}[word]
		record.SetTimestamp(pcommon.NewTimestampFromTime(time.Now().Add(-age)))
	}
	return logs
}

func acceptingFixture(t *testing.T, url string) *fixture {
	cfg := configFor(t, url)
	cfg.Accept = destination.AcceptConfig{Past: 7 * 24 * time.Hour, Future: 10 * time.Minute}
	return newFixture(t, cfg)
}

func TestRecordsOutsideOfTheTimesThatAreTakenAreNotSent(t *testing.T) {
	d := newServer(t, func(bodies []string, _ int) answer {
		for _, b := range bodies {
			if !strings.HasPrefix(b, "good") {
				return answer{status: http.StatusBadRequest}
			}
		}
		return answer{}
	})
	f := acceptingFixture(t, d.URL)
	bad := append(numbers("old", 3), numbers("ahead", 2)...)
	require.NoError(t, f.push(t.Context(), aged(append(numbers("good", 50), bad...)...)))
	assert.Equal(t, 1, d.requests)
	assert.Len(t, d.taken, 50)
	assert.ElementsMatch(t, bad, deadLetters(t, f))
	assert.Equal(t, 1, f.logged.FilterMessageSnippet("Records are older than the destination takes").Len())
	assert.Equal(t, 1, f.logged.FilterMessageSnippet("Records are further in the future").Len())
	metrics, err := f.telemetry.GetMetric("otelcol_exporter_dead_letter_records")
	require.NoError(t, err)
	assert.Contains(t, fmt.Sprint(metrics.Data), " 5 ")
}

func TestBatchOfWhichNothingIsTakenSaysNothingOfTheDestination(t *testing.T) {
	d := newServer(t, refuseFor("", http.StatusServiceUnavailable))
	f := acceptingFixture(t, d.URL)
	require.Error(t, f.push(t.Context(), aged("good 0")))
	require.NoError(t, f.push(t.Context(), aged(numbers("old", 3)...)))
	assert.Len(t, f.host.events, 1, "it is still unhealthy")
	assert.Equal(t, 1, d.requests)
}

func TestRecordsOutsideAreBuriedOnceHoweverOftenTheOthersAreOffered(t *testing.T) {
	status := http.StatusServiceUnavailable
	d := newServer(t, func([]string, int) answer { return answer{status: status} })
	f := acceptingFixture(t, d.URL)
	logs := aged("good 0", "old 0", "good 1")
	for range 3 {
		err := f.push(t.Context(), logs)
		var left consumererror.Logs
		require.ErrorAs(t, err, &left)
		logs = left.Data()
	}
	status = 0
	require.NoError(t, f.push(t.Context(), logs))
	assert.Equal(t, map[string]int{"good 0": 1, "good 1": 1}, d.taken)
	assert.Equal(t, []string{"old 0"}, deadLetters(t, f))
}

func TestEverythingWaitsWhereDeadLettersCannotBeWritten(t *testing.T) {
	d := newServer(t, refuseFor("bad", 400))
	f := acceptingFixture(t, d.URL)
	keep := f.deadLetters
	f.deadLetters = destination.NewDeadLetters(destination.DeadLetterConfig{Directory: "/dev/null", MaxSizeMiB: 1}, component.NewID(metadata.Type))
	err := f.push(t.Context(), aged("good 0", "old 0"))
	var left consumererror.Logs
	require.ErrorAs(t, err, &left)
	assert.False(t, consumererror.IsPermanent(err))
	assert.Equal(t, 2, left.Data().LogRecordCount())
	assert.Zero(t, d.requests)
	f.deadLetters = keep
	require.NoError(t, f.push(t.Context(), left.Data()))
	assert.Equal(t, map[string]int{"good 0": 1}, d.taken)
}

func TestHealthComesBackWithTheRoomForDeadLetters(t *testing.T) {
	f := acceptingFixture(t, "http://localhost:1")
	keep := f.deadLetters
	f.deadLetters = destination.NewDeadLetters(destination.DeadLetterConfig{Directory: "/dev/null", MaxSizeMiB: 1}, component.NewID(metadata.Type))
	require.Error(t, f.push(t.Context(), aged("old 0")))
	f.deadLetters = keep
	require.NoError(t, f.push(t.Context(), aged("old 0")))
	assert.Equal(t, []componentstatus.Status{componentstatus.StatusRecoverableError, componentstatus.StatusOK}, f.host.events)
}

func TestRecordsThatAreFarApartAreSentInSeveralRequests(t *testing.T) {
	failing := true
	d := newServer(t, func(bodies []string, _ int) answer {
		if failing && strings.HasPrefix(bodies[0], "good") {
			return answer{status: http.StatusServiceUnavailable}
		}
		return refuseFor("yesterday bad", 400)(bodies, 0)
	})
	cfg := configFor(t, d.URL)
	cfg.Accept.Span = 24 * time.Hour
	f := newFixture(t, cfg)
	err := f.push(t.Context(), aged("good 0", "yesterday 0", "good 1", "yesterday bad", "yesterday 1"))
	left := consumererror.Logs{}
	require.True(t, errors.As(err, &left))
	assert.ElementsMatch(t, []string{"good 0", "good 1"}, bodiesOf(left.Data()), "what has been sent is not sent again")
	failing = false
	require.NoError(t, f.push(t.Context(), left.Data()))
	assert.Equal(t, map[string]int{"good 0": 1, "good 1": 1, "yesterday 0": 1, "yesterday 1": 1}, d.taken)
	assert.Equal(t, []string{"yesterday bad"}, deadLetters(t, f))
}

func TestRecordsThatBecomeTooOldWhileTheyWaitAreDeadLetters(t *testing.T) {
	refuses := atomic.Bool{}
	refuses.Store(true)
	d := newServer(t, func([]string, int) answer {
		if refuses.Load() { // everything, so that the try goes on
			return answer{status: http.StatusBadRequest}
		}
		return answer{}
	})
	cfg := configFor(t, d.URL)
	cfg.Accept.Past = 25*time.Hour + time.Second
	cfg.RetryConfig.InitialInterval = 20 * time.Millisecond
	f := newFixture(t, cfg)
	bounded, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	err := f.push(bounded, aged("good 0", "yesterday 0"))
	left := consumererror.Logs{}
	require.ErrorAs(t, err, &left)
	require.ErrorIs(t, err, errAged)
	assert.Equal(t, 2, left.Data().LogRecordCount())
	refuses.Store(false)
	require.NoError(t, f.push(t.Context(), left.Data()))
	assert.Equal(t, map[string]int{"good 0": 1}, d.taken)
	assert.Equal(t, []string{"yesterday 0"}, deadLetters(t, f))
}
