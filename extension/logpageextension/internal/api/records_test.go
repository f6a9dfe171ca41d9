package api

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mina-observability/otelcol-mina/internal/logstore"
)

// walk returns the bodies of all records, page by page.
func walk(t *testing.T, s *site, limit int, parameters ...string) (bodies []string) {
	t.Helper()
	for before := ""; ; {
		answer := ask[recordsAnswer](t, s, "/api/records", append(parameters, "limit", strconv.Itoa(limit), "before", before)...)
		require.LessOrEqual(t, len(answer.Records), limit)
		for _, r := range answer.Records {
			bodies = append(bodies, r.Body)
		}
		if before = answer.Before; before == "" {
			return bodies
		}
		require.NotEmpty(t, answer.Records)
	}
}

// TestNoRecordIsTwiceOrLeftOutWhereManyShareATime holds it for times of all distances, since
// the store's own way to the newest records does not.
func TestNoRecordIsTwiceOrLeftOutWhereManyShareATime(t *testing.T) {
	var lines, expected []string
	add := func(at time.Time, n int, fields ...string) {
		for range n {
			body := fmt.Sprintf("record %d", len(lines))
			lines, expected = append(lines, line(at, append(fields, "_msg", body)...)), append(expected, body)
		}
	}
	for second := range 40 { // access lines have whole seconds
		add(ago(time.Duration(1+second)*time.Second), 25)
	}
	add(ago(10*time.Minute), 700)                // more of one time than a page has
	add(ago(10*time.Minute+time.Microsecond), 3) // beside them
	add(ago(10*time.Minute-time.Nanosecond), 2)  // nearer still
	for i := range 300 {
		add(ago(20*time.Minute+time.Duration(i)*37*time.Millisecond), 1)
	}
	s := newSite(t, lines...)
	slices.Sort(expected)
	for _, limit := range []int{1, 7, 25, 26, 200, 1000} {
		if limit == 1 && testing.Short() {
			continue
		}
		t.Run(strconv.Itoa(limit), func(t *testing.T) {
			from := "now-1h"
			if limit == 1 {
				from = "now-5s"
			}
			found := walk(t, s, limit, "from", from)
			slices.Sort(found)
			if limit == 1 {
				assert.Len(t, found, 125)
				assert.Len(t, slices.Compact(found), 125)
				return
			}
			assert.Equal(t, expected, found)
		})
	}
}

func TestRecordsAreNewestFirst(t *testing.T) {
	var lines []string
	for i := range 50 {
		lines = append(lines, line(ago(time.Duration(i+1)*time.Second), "_msg", strconv.Itoa(i)))
	}
	s := newSite(t, lines...)
	for i, body := range walk(t, s, 7) {
		assert.Equal(t, strconv.Itoa(i), body)
	}
}

func TestCopiesAreAllShownAndRepeatsOnce(t *testing.T) {
	var lines []string
	for range 30 { // as access lines without more than seconds are
		lines = append(lines, line(ago(time.Minute), "_msg", "GET /"))
	}
	for i := range 10 { // sent again, since nobody had answered for them
		for range 3 {
			lines = append(lines, line(ago(time.Hour/2), "_msg", "once", "log.record.uid", "01J"+strconv.Itoa(i)))
		}
	}
	s := newSite(t, lines...)
	for _, limit := range []int{1, 4, 9, 200} {
		found := walk(t, s, limit)
		assert.Len(t, found, 40, "%d a page", limit)
	}
}

func TestARangeHasItsBeginAndNotItsEnd(t *testing.T) {
	s := newSite(t, line(ago(time.Minute), "_msg", "at the begin"), line(ago(time.Second), "_msg", "at the end"), line(ago(time.Second+1), "_msg", "before the end"))
	assert.Equal(t, []string{"before the end", "at the begin"}, walk(t, s, 10, "from", ago(time.Minute).Format(time.RFC3339), "to", ago(time.Second).Format(time.RFC3339)))
}

func TestLargeRecordsMakeShortPages(t *testing.T) {
	body, n := strings.Repeat("0123456789", 20_000), 2*maxPageBytes/200_000
	var lines []string
	for i := range n {
		lines = append(lines, line(ago(time.Duration(i+1)*time.Millisecond), "_msg", strconv.Itoa(i)+" "+body))
	}
	s := newSite(t, lines...)
	status, text := s.get(t, "/api/records", "limit", "1000")
	require.Equal(t, http.StatusOK, status)
	assert.Less(t, len(text), maxPageBytes+(1<<20))
	for i, found := range walk(t, s, 1000) {
		number, _, _ := strings.Cut(found, " ")
		require.Equal(t, strconv.Itoa(i), number)
		n--
	}
	assert.Zero(t, n, "all are there")
}

func TestAStoreThatIsBackAnswersAgain(t *testing.T) {
	s := newSite(t, aDay()...)
	before := walk(t, s, 100)
	s.store.Stop()
	s.status = logstore.Status{State: logstore.StateStopped, Reason: "It has ended.", Action: "Wait."}
	for _, path := range []string{"/api/records", "/api/volume", "/api/facets", "/api/exceptions", "/api/slow", "/api/requests/r1", "/api/export"} {
		status, text := s.get(t, path)
		assert.Equal(t, http.StatusServiceUnavailable, status, path)
		assert.JSONEq(t, `{"error":{"message":"It has ended.","do":"Wait."}}`, text, path)
	}
	require.NoError(t, s.store.Restart())
	assert.Equal(t, before, walk(t, s, 100))
}

// TestHostileNamesAndValuesAreTexts has what may be in any field of a record.
func TestHostileNamesAndValuesAreTexts(t *testing.T) {
	hostile := []string{
		`<script>alert(1)</script>`, `"`, `\`, "a\nb", "| delete", "'", "`", "🦉\u202ex", `in(`, "*", "a:b", ") or (*", "{{.}}", "%s", "-1", "true", " x ", "\x01", strings.Repeat("x", 20_000),
	}
	var lines []string
	for i, value := range hostile {
		lines = append(lines, line(ago(time.Duration(i+1)*time.Second), "_msg", "hostile", "custom", value, "n:"+value[:min(len(value), 20)], "named", "mina.request.id", value, "user.name", value, "exception.type", value, "url.path", "/"+value, "http.response.status_code", "200"))
	}
	s := newSite(t, lines...)
	found := ask[recordsAnswer](t, s, "/api/records").Records
	require.Len(t, found, len(hostile))
	for i, r := range found {
		assert.Equal(t, hostile[i], r.Fields["custom"])
		assert.Equal(t, "named", r.Fields["n:"+hostile[i][:min(len(hostile[i]), 20)]])
		if len(hostile[i]) < maxID {
			timeline := ask[requestAnswer](t, s, "/api/requests/"+url.PathEscape(hostile[i]))
			require.Len(t, timeline.Records, 1, "%q", hostile[i])
			assert.Equal(t, r.ID, timeline.Records[0].Record.ID)
		}
	}
	assert.Len(t, ask[exceptionsAnswer](t, s, "/api/exceptions").Groups, len(hostile))
	assert.Len(t, ask[slowAnswer](t, s, "/api/slow").Paths, len(hostile))
}
