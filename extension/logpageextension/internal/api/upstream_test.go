package api

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mina-observability/otelcol-mina/extension/logpageextension/internal/engine"
)

// TestUpstreamStillRepeatsRecords fails when VictoriaLogs' way to the newest records is
// exact: newest need not ask twice then. It halves the range until few are in it, and takes
// the record in twice that is where two parts meet.
func TestUpstreamStillRepeatsRecords(t *testing.T) {
	lines := []string{line(ago(4*time.Second), "_msg", "where two parts meet")}
	for i := range 30 {
		lines = append(lines, line(ago(4*time.Second+time.Duration(i+1)*50*time.Millisecond), "_msg", "before"))
	}
	s := newSite(t, lines...)
	rows, err := s.API.store.Rows(t.Context(), engine.Query{Filter: "*", From: ago(8 * time.Second), To: now, Limit: 5})
	require.NoError(t, err)
	repeated := 0
	for _, row := range rows {
		if row["_msg"] == "where two parts meet" {
			repeated++
		}
	}
	assert.Equal(t, 2, repeated)
}

// TestUpstreamStillPassesLateRecordsBy fails when VictoriaLogs' tail shows records that come
// later than others of their stream: live can ask it then.
func TestUpstreamStillPassesLateRecordsBy(t *testing.T) {
	s := newSite(t)
	begin := time.Now()
	require.NoError(t, s.store.Load(line(begin, "_msg", "first")))
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	arguments := url.Values{"query": {"*"}, "offset": {"1s"}, "refresh_interval": {"100ms"}}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, s.store.URL+"/select/logsql/tail?"+arguments.Encode(), nil)
	require.NoError(t, err)
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	response, err := client.Do(request) // returns with the first record
	require.NoError(t, err)
	defer response.Body.Close()
	read := make([]byte, 4096)
	next := func() string {
		n, err := response.Body.Read(read)
		require.NoError(t, err)
		return string(read[:n])
	}
	assert.Contains(t, next(), "first")
	require.NoError(t, s.store.Load(line(begin.Add(-time.Millisecond), "_msg", "late")))
	require.NoError(t, s.store.Load(line(time.Now(), "_msg", "last")))
	text := next()
	assert.Contains(t, text, "last")
	assert.False(t, strings.Contains(text, "late"), fmt.Sprint("it is shown: ", text))
}
