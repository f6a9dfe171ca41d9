package search

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mina-observability/otelcol-mina/test/program"
)

// store is a VictoriaLogs, as the records of this package's tests are kept in.
type store struct {
	url  string
	load func(lines string) error
}

func started(t testing.TB) store {
	t.Helper()
	v, err := program.StartVictoriaLogs(t.TempDir(), strings.Replace(program.FreeAddress(), "localhost", "127.0.0.1", 1))
	if errors.Is(err, program.ErrNoVictoriaLogs) {
		t.Skip(err)
	}
	require.NoError(t, err)
	t.Cleanup(v.Kill)
	return store{v.URL, v.Load}
}

// take stores records, each with its number, a second after the one before.
func (s store) take(t testing.TB, begin time.Time, records ...map[string]string) {
	t.Helper()
	var lines strings.Builder
	for n, record := range records {
		line := map[string]string{"n": strconv.Itoa(n), "_time": begin.Add(time.Duration(n) * time.Second).Format(time.RFC3339Nano)}
		for name, value := range record {
			line[name] = value
		}
		require.NoError(t, json.NewEncoder(&lines).Encode(line))
	}
	require.NoError(t, s.load(lines.String()))
}

// ask returns the answer to a query.
func (s store) ask(t testing.TB, query string) (status int, answer string) {
	t.Helper()
	response, err := http.PostForm(s.url+"/select/logsql/query", url.Values{"query": {query}})
	require.NoError(t, err)
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	return response.StatusCode, string(text)
}

// found returns the numbers of the records that a box finds.
func (s store) found(t testing.TB, box string) []int {
	t.Helper()
	filter, err := Parse(box)
	require.NoError(t, err, box)
	status, answer := s.ask(t, filter.String()+" | fields n")
	require.Equal(t, http.StatusOK, status, "%s: %s: %s", box, filter, answer)
	numbers := []int{}
	for decoder := json.NewDecoder(strings.NewReader(answer)); decoder.More(); {
		var record map[string]string
		require.NoError(t, decoder.Decode(&record))
		n, err := strconv.Atoi(record["n"])
		require.NoError(t, err)
		numbers = append(numbers, n)
	}
	slices.Sort(numbers)
	return numbers
}

func TestTheStoreTakesEveryBox(t *testing.T) {
	s := started(t)
	s.take(t, time.Now(), map[string]string{"_msg": "Request handled"})
	boxes, err := os.ReadFile("testdata/boxes.txt")
	require.NoError(t, err)
	for line := range strings.Lines(string(boxes)) {
		if filter, err := Parse(strings.TrimSuffix(line, "\n")); err == nil {
			status, answer := s.ask(t, filter.String())
			assert.Equal(t, http.StatusOK, status, "%s%s", line, answer)
		}
	}
}

func TestBoxesFindWhatIsMeant(t *testing.T) {
	s := started(t)
	s.take(t, time.Date(2026, 11, 26, 10, 0, 0, 0, time.UTC),
		map[string]string{ // 0
			"_msg": "Rate limit of Ünal nearly reached", "severity_number": "13", "severity_text": "WARNING", "scope.name": "services.limiter",
			"user.id": "42", "user.name": "ana", "client.address": "203.0.113.9", "mina.request.id": "0f8fad5b-d9cb-469f-a165-70867728950e",
		},
		map[string]string{ // 1
			"_msg": "Request handled at 12:30:05 by http://mina/x", "severity_number": "9", "severity_text": "INFO", "scope.name": "app", "http.response.status_code": "200",
			"processing_time_ms": "5200.5", "url.path": "/api/meetings", "url.query": "page=2", "client.address": "::1", "code.function.name": "app.end", "user.id": "4242",
		},
		map[string]string{ // 2
			"_msg": "Request failed", "severity_number": "17", "severity_text": "ERROR", "scope.name": "app", "http.response.status_code": "503", "processing_time_ms": "4.5",
			"url.path": "/api/meetings/7", "exception.type": "ValueError", "exception.message": "no such id", "user.name": "Ana B.", "client.address": "2001:db8::1",
		},
		map[string]string{ // 3
			"_msg": "noticed", "severity_number": "10", "severity_text": "NOTICE", "meeting_id": "4711", "duration_seconds": "120", "status": "paid", "user.username": "ana",
			"http.request.header.x-request-id": `["abc-1"]`,
		},
		map[string]string{ // 4
			"_msg": "C:\\logs says \"it's a*b\"", "meeting_id": "47110", "duration_seconds": "120.5", "severity_text": "AUDIT",
			"severity": "high", "asctime": "2026-11-26 11:00:04,000",
		},
	)
	for box, want := range map[string][]int{
		"":                    {0, 1, 2, 3, 4},
		"limit":               {0},
		"LIMIT ünal":          {0},
		`"rate LIMIT"`:        {0},
		"reque*":              {1, 2},
		"request -failed":     {1},
		"not request":         {0, 3, 4},
		"failed or noticed":   {2, 3},
		"12:30:05":            {1},
		"http://mina/x":       {1},
		`C:\logs`:             {4},
		`it's`:                {4},
		`"it's a*b\""`:        {4},
		"'it\\'s a*b'":        {4},
		"level:error":         {2},
		"level:info":          {1, 3},
		"level:>=warning":     {0, 2},
		"level:<warning":      {1, 3},
		"level:notice":        {3},
		"level:audit":         {4},
		"-level:*":            {4},
		"level:(error or 30)": {0, 2},
		"user:42":             {0},
		"user:ana":            {0, 2, 3},
		"user:=ana":           {0, 3},
		"user.name:ana":       {0, 2},
		"user.username:ana":   {0, 2, 3},
		"user:an*":            {0, 2, 3},
		"-user:*":             {4},
		`user:""`:             {4},
		"logger:services*":    {0},
		"request:0f8fad5b-d9cb-469f-a165-70867728950e":    {0},
		"request_id:0f8fad5b-d9cb-469f-a165-70867728950e": {0},
		"request:0f8fad5b*":                               {0},
		"request:abc-1":                                   {3},
		"request:=abc-1":                                  {3},
		"ip:203.0.113.0/24":                               {0},
		"ip:203.0.113.9":                                  {0},
		"ip:2001:db8::/32":                                {2},
		"ip:::1":                                          {1, 2}, // as words
		"http.ip:2001:db8::1":                             {2},
		"path:/api/meetings":                              {1, 2},
		"path:=/api/meetings":                             {1},
		"path:/api/meetings?page=2":                       {1},
		"http.path:=/api/meetings?page=2":                 {1},
		"path:/api/*/7":                                   {2},
		"status:5xx":                                      {2},
		"status:>=200":                                    {1, 2},
		"status:paid":                                     {3},
		"exception:valueerror":                            {2},
		"exception:*":                                     {2},
		"function:end module:app":                         {1},
		"function:=end":                                   {1},
		"processing_time_ms:>5s":                          {1},
		"processing_time_ms:<5s":                          {2},
		"processing_time_ms:[4 TO 5]":                     {2},
		"duration_seconds:>120":                           {4},
		"duration_seconds:>=2m":                           {3, 4},
		"meeting_id:4711":                                 {3},
		"meeting_id:4711*":                                {3, 4},
		"meeting_id:*":                                    {3, 4},
		"meeting_id:in(1, 4711)":                          {3},
		`message:~"(?i)^request \w+$"`:                    {2},
		`message:="Request failed"`:                       {2},
		"*:ana":                                           {0, 2, 3},
		"timestamp:>=2026-11-26T10:00:03":                 {3, 4},
		`timestamp:<"2026-11-26 10:00:01"`:                {0},
		"timestamp:2026-11-26T10:00:02Z":                  {2},
		"timestamp:2026-11-26T11:00:02+01:00":             {2},
		"timestamp:2026-11-26":                            {0, 1, 2, 3, 4},
		"timestamp:2026-11-25":                            {},
		"severity:high":                                   {4},
		"-severity:high":                                  {0, 1, 2, 3},
		`asctime:="2026-11-26 11:00:04,000"`:              {4},
		`"Login failed" client.address:="203.0.113.9"`:    {},
		`(limit or failed) client.address:="203.0.113.9"`: {0},
		"client.address:ipv4_range(203.0.113.0, 203.0.113.10)": {0},
	} {
		assert.Equal(t, want, s.found(t, box), box)
	}
}

// FuzzABoxFindsItsRecord stores a record, and finds it by each box that it is quoted in, and
// has the store take the box that is the value as it is.
func FuzzABoxFindsItsRecord(f *testing.F) {
	for _, value := range []string{`a b`, `"`, `\`, `'`, "`", `a"b\c`, "a\n|b", "\x00", "ü🦊", "or", "-a", "(", ")", "*", "a*", "level:error", `re("(")`, "#", "5xx", "10.0.0.1/8", "_time:5m", "[1", "in("} {
		f.Add("field", value)
		f.Add(value, "value")
	}
	s := started(f)
	n := 0
	f.Fuzz(func(t *testing.T, name, value string) {
		if filter, err := Parse(value); err == nil {
			status, answer := s.ask(t, filter.String()+" | limit 1")
			require.Equal(t, http.StatusOK, status, "%q: %s: %s", value, filter, answer)
		}
		if name == "" || value == "" || len(name) > 100 || len(value) > 1000 || !utf8.ValidString(name) || !utf8.ValidString(value) || strings.HasPrefix(name, "_") || slices.Contains([]string{"n", "id"}, name) {
			t.Skip()
		}
		n++
		id := strconv.Itoa(n) + "-" + strconv.FormatInt(time.Now().UnixNano(), 10)
		s.take(t, time.Now(), map[string]string{"_msg": value, "id": id, name: value})
		name, value = strconv.Quote(name), strconv.Quote(value)
		for _, box := range []string{name + ":=" + value, name + ":" + value, name + ":" + value + "*", name + ":in(1, " + value + ")", value, "=" + value, value + "*", "*:" + value} {
			assert.Equal(t, []int{0}, s.found(t, "id:="+id+" "+box), box)
			assert.Empty(t, s.found(t, "id:="+id+" -("+box+")"), box)
		}
	})
}
