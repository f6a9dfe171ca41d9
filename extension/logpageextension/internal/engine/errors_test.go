package engine

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mina-observability/otelcol-mina/internal/logstore"
)

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// answering returns a client of a store that gives one answer.
func answering(status int, text string) *Client {
	return New(roundTripper(func(*http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: status, Body: io.NopCloser(strings.NewReader(text))}, nil
	}), func() logstore.Status { return logstore.Status{} })
}

var hour = Query{Filter: "*", From: time.Unix(0, 0), To: time.Unix(3600, 0)}

func TestWhatTheStoreComplainsOf(t *testing.T) {
	for name, tt := range map[string]struct {
		status int
		text   string
		as     int
		do     string
	}{
		"slow":             {503, "the request couldn't be executed in 28.000 seconds; possible solutions: to increase", 504, "Narrow the time range"},
		"slow on its way":  {200, "{\"a\":\"b\"}\nremoteAddr: the request couldn't be executed in 28.000 seconds", 504, "Narrow the time range"},
		"busy":             {503, "couldn't start executing the request in 10.000 seconds, since -search.maxConcurrentRequests=4", 503, "Try again"},
		"no memory":        {400, "cannot execute query [*]: cannot calculate [facets], since it requires more than 6MB of memory", 422, "memory_mib"},
		"wrong password":   {401, "", 502, "log_store"},
		"no filter":        {400, `cannot parse "extra_filters": missing ')'`, 400, "quotes"},
		"a proxy's page":   {502, "<html>Bad Gateway</html>", 502, "victoria-logs.log"},
		"a page, taken":    {200, "<html>Log in</html>", 502, "victoria-logs.log"},
		"an object cut":    {200, `{"a":"b`, 502, "victoria-logs.log"},
		"numbers in it":    {200, `{"a":1}`, 502, "victoria-logs.log"},
		"a long complaint": {500, strings.Repeat("x", 1<<20), 502, "victoria-logs.log"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := answering(tt.status, tt.text).Rows(t.Context(), hour)
			var complaint *Error
			require.ErrorAs(t, err, &complaint)
			assert.Equal(t, tt.as, complaint.Status)
			assert.Contains(t, complaint.Do, tt.do)
			assert.Less(t, len(complaint.Message), 2*maxComplaint)
		})
	}
}

func TestNobodyWaitsForWhatIsNotAskedAnyMore(t *testing.T) {
	c := New(roundTripper(func(r *http.Request) (*http.Response, error) {
		<-r.Context().Done()
		return nil, r.Context().Err()
	}), func() logstore.Status { return logstore.Status{} })
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := c.Rows(ctx, hour)
	assert.ErrorIs(t, err, context.Canceled)

	ctx, cancel = context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	_, err = c.Rows(ctx, hour)
	assert.ErrorIs(t, err, errSlow)
}

func TestAStoreThatIsDownSaysWhy(t *testing.T) {
	refused := errors.New("connection refused")
	for do, status := range map[string]logstore.Status{
		"Move it.":         {State: logstore.StateFailed, Reason: "It is damaged.", Action: "Move it."},
		"EXPLORE_ENDPOINT": {State: logstore.StateRemote},
		"Wait":             {State: logstore.StateStarting},
	} {
		c := New(roundTripper(func(*http.Request) (*http.Response, error) { return nil, refused }), func() logstore.Status { return status })
		_, err := c.Rows(t.Context(), hour)
		var down *Error
		require.ErrorAs(t, err, &down)
		assert.Equal(t, http.StatusServiceUnavailable, down.Status)
		assert.ErrorIs(t, err, refused)
		assert.NotEmpty(t, down.Message)
		assert.Contains(t, down.Do, do)
		if status.Reason != "" {
			assert.Equal(t, []string{status.Reason, status.Action}, []string{down.Message, down.Do})
		}
	}
}
