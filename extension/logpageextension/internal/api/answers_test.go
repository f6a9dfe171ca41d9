package api

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const failed = "Traceback (most recent call last):\n  File \"/srv/mina/main.py\", line 43, in handle\n    parse_id(x)\n" +
	"  File \"/srv/mina/services/ids.py\", line 7, in parse_id\n    raise X\n  File \"/usr/lib/python3/dist-packages/sqlalchemy/base.py\", line 9, in execute\n    x()\nValueError: no"

// aDay is what an application and its server have written: requests in two processes,
// exceptions from two places, and access lines of the same requests.
func aDay() []string {
	app := func(before time.Duration, request, pid, number, level, message string, more ...string) string {
		return line(ago(before), append([]string{
			"_msg", message, "mina.request.id", request, "process.pid", pid, "severity_number", number, "severity_text", level, "user.id", "4" + request[1:], "user.name", "ana",
			"http.request.method", "GET", "url.path", "/api/meetings/" + request[1:], "client.address", "203.0.113.9",
		}, more...)...)
	}
	access := func(before time.Duration, request, status string) string {
		return line(ago(before), "_msg", "GET /api/meetings/"+request[1:], "scope.name", "gunicorn.access", "severity_number", "9", "severity_text", "INFO",
			"http.request.method", "GET", "url.path", "/api/meetings/"+request[1:], "http.response.status_code", status, "duration_seconds", "0.5", "client.address", "203.0.113.9")
	}
	raised := func(class, frame string) []string {
		fields := []string{"exception.type", class, "exception.message", "no", "exception.stacktrace", failed}
		if frame != "" {
			fields = append(fields, "mina.exception.frame", frame)
		}
		return fields
	}
	return []string{
		app(40*time.Minute, "r1", "10", "5", "DEBUG", "Request started"),
		app(40*time.Minute-2*time.Second, "r1", "11", "9", "INFO", "Transcribed", "scope.name", "services.transcription", "duration_seconds", "130"),
		app(40*time.Minute-2*time.Second-1500*time.Microsecond, "r1", "10", "17", "ERROR", "Request failed", raised("ValueError", "services.ids.parse_id")...),
		app(40*time.Minute-2*time.Second-2*time.Millisecond, "r1", "10", "9", "INFO", "Request handled", "http.response.status_code", "500", "processing_time_ms", "2001.5", "latency_ms", "2004"),
		access(40*time.Minute-3*time.Second, "r1", "500"),
		app(30*time.Minute, "r2", "10", "9", "INFO", "Request handled", "http.response.status_code", "200", "processing_time_ms", "10"),
		access(30*time.Minute, "r2", "200"),
		app(20*time.Minute, "r3", "11", "17", "ERROR", "Request failed", raised("ValueError", "")...),
		app(20*time.Minute-time.Millisecond, "r3", "11", "21", "CRITICAL", "No way", raised("KeyError", "services.store.load")...),
		app(20*time.Minute-2*time.Millisecond, "r3", "11", "9", "INFO", "Request handled", "http.response.status_code", "500", "latency_ms", "20"),
		line(ago(10*time.Minute), "_msg", "GET /health", "scope.name", "gunicorn.access", "severity_number", "9", "severity_text", "INFO",
			"http.request.method", "GET", "url.path", "/health", "http.response.status_code", "200", "duration_seconds", "0.002"),
		line(ago(5*time.Minute), "_msg", `<script>alert("x")</script>`, "severity_number", "13", "severity_text", "WARNING", "trace_id", "0af7651916cd43dd8448eb211c80319c",
			`odd "name"`, "=1+1", "user.name", "@SUM(A1)"),
	}
}

// TestAnswers holds the answers of the API as they are sent: testdata/NAME.json.
func TestAnswers(t *testing.T) {
	s := newSite(t, aDay()...)
	for name, parameters := range map[string][]string{
		"status":     {"/api/status"},
		"records":    {"/api/records", "limit", "3"},
		"searched":   {"/api/records", "q", "level:>=error"},
		"volume":     {"/api/volume", "buckets", "6"},
		"facets":     {"/api/facets"},
		"exceptions": {"/api/exceptions"},
		"slow":       {"/api/slow"},
		"request":    {"/api/requests/r1"},
		"trace":      {"/api/requests/0af7651916cd43dd8448eb211c80319c"},
		"nothing":    {"/api/records", "to", "now-50m"},
		"empty":      {"/api/exceptions", "to", "now-50m"},
		"bad_box":    {"/api/records", "q", "level:>=loud"},
		"bad_from":   {"/api/volume", "from", "yesterday"},
		"bad_range":  {"/api/facets", "from", "now", "to", "now-1h"},
		"bad_limit":  {"/api/records", "limit", "100000"},
		"bad_before": {"/api/records", "before", "yesterday"},
		"bad_format": {"/api/export", "format", "xml"},
		"no_logsql":  {"/api/records", "logsql", "error"},
		"no_request": {"/api/requests/none"},
		"no_record":  {"/api/record", "id", "AAAAAAAAAAAAAAAAAAAAAA"},
		"no_such":    {"/api/nothing"},
	} {
		t.Run(name, func(t *testing.T) {
			status, text := s.get(t, parameters[0], parameters[1:]...)
			var indented bytes.Buffer
			require.NoError(t, json.Indent(&indented, []byte(text), "", "  "), text)
			golden(t, filepath.Join("testdata", name+".json"), fmt.Sprintf("// %d\n%s", status, indented.String()))
		})
	}
}

func golden(t *testing.T, path, text string) {
	t.Helper()
	if os.Getenv("MINA_UPDATE_GOLDEN") != "" {
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	}
	expected, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.Equal(t, string(expected), text)
}

func TestARecordIsFoundByItsID(t *testing.T) {
	s := newSite(t, append(aDay(), line(ago(time.Minute), "_msg", "once", "log.record.uid", "01JDNQ"), line(ago(time.Minute), "_msg", "twice"))...)
	for _, r := range ask[recordsAnswer](t, s, "/api/records").Records {
		assert.Equal(t, r.Body, ask[recordAnswer](t, s, "/api/record", "id", r.ID).Record.Body)
	}
}

func TestFieldsThatBeginAsTheStoresAreShown(t *testing.T) {
	s := newSite(t, line(ago(time.Minute), "_msg", "a", "_stream_quality", "high"))
	shown := ask[recordsAnswer](t, s, "/api/records").Records
	require.Len(t, shown, 1)
	assert.Equal(t, "high", shown[0].Fields["_stream_quality"])
	assert.NotContains(t, shown[0].Fields, "_stream_id")
	_, text := s.get(t, "/api/export", "format", "csv")
	assert.Contains(t, text, "_stream_quality,")
	assert.NotContains(t, text, "_stream_id")
}

func TestExportsHaveAllRecordsNewestFirst(t *testing.T) {
	s := newSite(t, aDay()...)
	var expected []string
	for _, r := range ask[recordsAnswer](t, s, "/api/records").Records {
		expected = append(expected, r.Body)
	}
	status, text := s.get(t, "/api/export")
	require.Equal(t, http.StatusOK, status)
	var found []string
	for decoder := json.NewDecoder(strings.NewReader(text)); decoder.More(); {
		var record map[string]string
		require.NoError(t, decoder.Decode(&record))
		found = append(found, record["_msg"])
	}
	assert.Equal(t, expected, found)

	again := newSite(t, strings.Split(strings.TrimSpace(text), "\n")...) // what is exported can be stored again
	_, repeated := again.get(t, "/api/export")
	assert.Equal(t, text, repeated)

	status, text = s.get(t, "/api/export", "format", "csv")
	require.Equal(t, http.StatusOK, status)
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	require.NoError(t, err)
	require.Len(t, rows, len(expected)+1)
	assert.Equal(t, []string{"_time", "severity_text", "scope.name", "_msg", "client.address"}, rows[0][:5])
	newest := map[string]string{}
	for i, name := range rows[0] {
		newest[name] = rows[1][i]
	}
	assert.Equal(t, "'=1+1", newest[`odd "name"`])
	assert.Equal(t, "'@SUM(A1)", newest["user.name"])

	_, text = s.get(t, "/api/export", "format", "csv", "cols", "_msg,user.id", "q", "handled")
	assert.Equal(t, "_msg,user.id\nRequest handled,43\nRequest handled,42\nRequest handled,41\n", text)
}

func TestCellsThatSpreadsheetsWouldCalculate(t *testing.T) {
	for cell, expected := range map[string]string{
		"": "", "text": "text", "=1+1": "'=1+1", "+49 30 1": "'+49 30 1", "-rm": "'-rm", "@x": "'@x", "\t=1": "'\t=1", "\r=1": "'\r=1", "\n=1": "'\n=1", "＝1+1": "'＝1+1", "＠x": "'＠x", "\xff=1": "\xff=1", "-5": "-5", "+1.5e3": "+1.5e3", "1=1": "1=1",
	} {
		assert.Equal(t, expected, harmless(cell), "%q", cell)
	}
}

func TestLogsQLIsAFilterOnly(t *testing.T) {
	s := newSite(t, aDay()...)
	s.AllowLogsQL = true
	for text, status := range map[string]int{
		`severity_text:=ERROR`:               http.StatusOK,
		`"a | b"`:                            http.StatusOK,
		"`a\\`":                              http.StatusOK,
		`'it\'s | ok'`:                       http.StatusOK,
		`error | delete`:                     http.StatusBadRequest,
		`error) | limit 1 | (x`:              http.StatusBadRequest,
		`user.id:in(error | fields user.id)`: http.StatusBadRequest,
		`"unbalanced | limit 1`:              http.StatusBadRequest,
		`(`:                                  http.StatusBadRequest,
		`x:~"("`:                             http.StatusBadRequest,
		strings.Repeat("a ", maxLogsQL):      http.StatusBadRequest,
	} {
		found, answer := s.get(t, "/api/records", "logsql", text)
		assert.Equal(t, status, found, "%.80s: %s", text, answer)
	}
	assert.Len(t, ask[recordsAnswer](t, s, "/api/records", "logsql", "severity_text:=ERROR").Records, 2)
}

func TestParametersThatCannotBeReadAreNotLeftOut(t *testing.T) {
	s := newSite(t, aDay()...)
	for _, path := range []string{"/api/records?q=a;b", "/api/records?q=%zz", "/api/live?q=%", "/api/export?q=a;b", "/api/volume?from=now-1h;to=now"} {
		w := httptest.NewRecorder()
		s.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil))
		assert.Equal(t, http.StatusBadRequest, w.Code, path)
		assert.Contains(t, w.Body.String(), "%3B")
	}
}

func TestMoments(t *testing.T) {
	for text, expected := range map[string]time.Time{
		"now": now, "now-15m": ago(15 * time.Minute), "now-7d": ago(7 * 24 * time.Hour), "now-2w": ago(14 * 24 * time.Hour), "now-0s": now,
		"2026-11-26T16:00:00Z": ago(time.Hour), "2026-11-26T17:00:00+01:00": ago(time.Hour), "2026-11-26T17:00:00 01:00": ago(time.Hour), "2026-11-26T16:59:59.999999999Z": ago(1),
	} {
		p := &parameters{Values: map[string][]string{"from": {text}}, now: now}
		at, err := p.moment("from", time.Time{})
		require.NoError(t, err, text)
		assert.True(t, expected.Equal(at), "%s: %s", text, at)
	}
	for _, text := range []string{"n", "now-", "now-m", "now-1", "now-1y", "now+1h", "now--1h", "now-9999999m", "now-30501w", "now-6000w", "1899-12-31T23:59:59Z", "2190-01-01T00:00:00Z", "26.11.2026", "2026-11-26", "0001-01-01T00:00:00Z", "9999-01-01T00:00:00Z", "\x00", "now-１m"} {
		p := &parameters{Values: map[string][]string{"from": {text}}, now: now}
		_, err := p.moment("from", time.Time{})
		assert.Error(t, err, text)
	}
}

func TestTheLongestRangeHasAnswers(t *testing.T) {
	s := newSite(t, aDay()...)
	from, to := "1900-01-01T00:00:00Z", "2189-12-31T23:59:59.999999999Z"
	for _, path := range []string{"/api/records", "/api/volume", "/api/facets", "/api/exceptions", "/api/slow", "/api/export"} {
		status, text := s.get(t, path, "from", from, "to", to)
		assert.Equal(t, http.StatusOK, status, "%s: %s", path, text)
	}
	assert.LessOrEqual(t, len(ask[volumeAnswer](t, s, "/api/volume", "from", from, "to", to, "buckets", "1").Buckets), 2)
}

func FuzzMoment(f *testing.F) {
	for _, text := range []string{"now", "now-15m", "now-", "2026-11-26T16:00:00Z", "-", ""} {
		f.Add(text)
	}
	f.Fuzz(func(_ *testing.T, text string) {
		p := &parameters{Values: map[string][]string{"from": {text}}, now: now}
		_, _ = p.moment("from", now)
		_, _ = readPosition(text)
		_, _, _ = readID(text)
		_ = checkLogsQL(text)
	})
}
